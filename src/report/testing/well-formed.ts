const voidElements = new Set(["meta", "br", "hr", "img", "input", "link"]);
const tag = /<(?:!doctype html|\?xml [^?]*\?|(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?))>/y;
const reference = /&(?:amp|lt|gt|quot|#\d+);/y;

/** A strict reader for what our renderers write: balanced elements, quoted attributes, known references, no stray "<" or
 *  "&", no character XML has no place for. Gives the first fault with its place, or undefined. */
export function faultIn(text: string): string | undefined {
  const open: string[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? "";
    if (char === "<") {
      tag.lastIndex = at;
      const match = tag.exec(text);
      if (match === null) return `no tag at ${place(text, at)}`;
      at = tag.lastIndex;
      const [, closing, name = "", attributes = "", empty] = match;
      const names = [...attributes.matchAll(/\s+([\w:-]+)(?:="([^"]*)")?/g)];
      if (new Set(names.map((each) => each[1])).size < names.length) return `an attribute twice at ${place(text, at)}`;
      const bad = names.find((each) => /&(?!(?:amp|lt|gt|quot|#\d+);)/.test(each[2] ?? ""));
      if (bad !== undefined) return `a stray & in an attribute at ${place(text, at)}`;
      if (name === "" || empty === "/" || voidElements.has(name)) continue;
      if (closing === "") open.push(name);
      else if (open.pop() !== name) return `</${name}> closes something else at ${place(text, at)}`;
      if (name === "style" && closing === "") at = text.indexOf("</style>", at);
    } else if (char === "&") {
      reference.lastIndex = at;
      if (!reference.test(text)) return `a stray & at ${place(text, at)}`;
      at = reference.lastIndex;
    } else {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no place for these
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(char))
        return `a control character at ${place(text, at)}`;
      at++;
    }
  }
  return open.length === 0 ? undefined : `never closed: ${open.join(", ")}`;
}

function place(text: string, at: number): string {
  return `${at}: …${text.slice(Math.max(0, at - 40), at + 40)}…`;
}

/** Every element's attributes by name, for an element kind. */
export function elements(text: string, name: string): readonly ReadonlyMap<string, string>[] {
  return [...text.matchAll(new RegExp(`<${name}((?:\\s+[\\w:-]+(?:="[^"]*")?)*)\\s*/?>`, "g"))].map(
    (match) =>
      new Map(
        [...(match[1] ?? "").matchAll(/\s+([\w:-]+)(?:="([^"]*)")?/g)].map((each) => [each[1] ?? "", each[2] ?? ""]),
      ),
  );
}
