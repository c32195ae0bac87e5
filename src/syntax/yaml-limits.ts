import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** UTF-16 units, of any text. Four thousand VLANs in plain block style, as many as there can be, are a third of it. */
const maxLength = 1024 * 1024;
/** UTF-16 units, where a whole YAML parser must look at the text: it takes ten times as long as plain style does. */
const maxParsedLength = 256 * 1024;
/** Places where YAML begins something new. The parser's time grows with their square where it joins lists: 8,000 cost it
 *  a quarter of a second at worst, and an honest file has a few hundred. */
const maxMarks = 8_000;
/** Maps and lists inside one another. A holdfast.yaml needs 6, netplan 8; the YAML parser recurses, so this bounds its stack. */
const maxDepth = 32;
/** Columns a line may be indented by: the other way to nest deeply. */
const maxIndent = 256;

/** Refuses text that can't be YAML, or is longer than any configuration. */
export function refuseImpossible(file: string, text: string): Diagnostic | undefined {
  if (text.length > maxLength)
    return tooLarge(file, `the file is larger than ${maxLength / 1024} KiB, far more than a configuration needs`);
  const odd = /(?![\t\n\r\u0085])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/u.exec(text);
  return odd === null ? undefined : badCharacter(file, odd[0], odd.index);
}

/** Refuses, before a whole YAML parser sees it, text that would cost it too much time or memory. */
export function refuseHostile(file: string, text: string): Diagnostic | undefined {
  if (text.length > maxParsedLength)
    return tooLarge(file, `the file is larger than ${maxParsedLength / 1024} KiB, and not in plain block style`);
  const found = scan(text);
  if (found === undefined) return undefined;
  if (found.what === "marks")
    return tooLarge(file, "the file has more entries than are read where it isn't in plain block style", found.at);
  return {
    code: "yaml-too-deep",
    severity: "error",
    message: `maps and lists are nested deeper than ${maxDepth} levels here`,
    hint: "Flatten it: no network configuration needs more than eight levels.",
    at: { file, start: found.at, end: found.at + 1 },
  };
}

function tooLarge(file: string, message: string, start = 0): Diagnostic {
  return {
    code: "yaml-too-large",
    severity: "error",
    message,
    hint: "Name the right file, or write it in plain block style: a line for each key, no anchors, no key twice.",
    at: { file, start, end: start },
  };
}

function badCharacter(file: string, character: string, start: number): Diagnostic {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const what = /\p{Surrogate}/u.test(character) ? "half of a surrogate pair" : "a control character";
  return {
    code: "yaml-bad-character",
    severity: "error",
    message: `the file contains ${what} (U+${code}), which YAML does not allow`,
    hint: "Save the file as UTF-8 text, and remove the character.",
    at: { file, start, end: start + 1 },
  };
}

interface TooMuch {
  readonly what: "depth" | "marks";
  readonly at: number;
}

/** Where nesting or the number of entries passes its limit, by a scan that knows comments and quotes but no more.
 *  Brackets inside block scalars are counted too, which no honest file minds. */
function scan(text: string): TooMuch | undefined {
  let depth = 0;
  let marks = 0;
  let closed = text.length;
  for (let at = 0; at < text.length; at++) {
    // Letters and digits, which most of a text is, begin nothing.
    if (isWordCode(text.charCodeAt(at)) && at > 0 && text[at - 1] !== "\n") continue;
    const character = text[at] ?? "";
    if (at === 0 || text[at - 1] === "\n") {
      const deep = indentTooDeep(text, at);
      if (deep !== undefined) return { what: "depth", at: deep };
    }
    if (character === "#" && isBlank(text[at - 1])) at = lineEnd(text, at) - 1;
    else if ((character === '"' || character === "'") && opensQuote(text, at)) {
      const end = closingQuote(text, at, character);
      // Each of these lines may be indented wrongly, and is told then.
      for (let within = at; within < end; within++) if (text[within] === "\n") marks++;
      // Nor may one text stand right behind another.
      if (text.slice(closed, at).trim() === "" && closed < at) marks++;
      at = end;
      closed = end + 1;
    } else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if ("[]{},\n&*!|>%".includes(character) || ("-?:".includes(character) && isBlank(text[at + 1]))) marks++;
    if (depth > maxDepth) return { what: "depth", at };
    if (marks > maxMarks) return { what: "marks", at };
  }
  return undefined;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 32;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || character === " " || character === "\t" || character === "\n" || character === "\r";
}

/** A quote opens a quoted scalar only where a value may begin; inside a word it is a letter. */
function opensQuote(text: string, at: number): boolean {
  const before = text[at - 1];
  return isBlank(before) || before === "[" || before === "{" || before === "," || before === ":";
}

/** `- - - -` and `? ? ?` nest a level each without a bracket. */
function indentTooDeep(text: string, from: number): number | undefined {
  let marks = 0;
  for (let at = from; ; at++) {
    const character = text[at];
    if ((character === "-" || character === "?") && isBlank(text[at + 1]) && text[at + 1] !== undefined) {
      if (++marks > maxDepth) return at;
    } else if (character !== " " && character !== "\t") return undefined;
    if (at - from > maxIndent) return at;
  }
}
