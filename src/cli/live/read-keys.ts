const esc = "\u001b";
const pasteBegins = `${esc}[200~`;
const pasteEnds = `${esc}[201~`;
const named: Readonly<Record<string, string>> = {
  "\u0003": "interrupt",
  "\u0004": "q",
  "\u000c": "redraw",
  "\r": "enter",
  "\n": "enter",
  "\u001a": "suspend",
  [esc]: "escape",
};
/** Behind an escape: arrows, function keys and what a terminal answers. Nothing that a single letter stands for is in them. */
const sequence = /^(?:\[[0-9;?<=>]*[ -/]*[@-~]|O[ -~]|.)/;

/** A sequence of which the rest comes later: a slow line cuts anywhere. */
const unfinished = /^(?:O|\[[0-9;?<=>]*[ -/]*)$/;

/** Turns what a terminal sends into keys: a letter is itself, the others have names; what isn't a key of ours is left out. What is pasted
 *  is no key at all: nobody wants a drill of a text with a D in it. */
export function keyReader(): (text: string) => readonly string[] {
  let isPasting = false;
  let held = "";
  let isEscaped = false;
  return (text) => {
    const keys: string[] = [];
    // An escape at the end was a key by itself, until more of a sequence follows.
    let rest = isEscaped && /^[[O]/.test(text) ? esc + text : held + text;
    held = "";
    isEscaped = false;
    while (rest !== "") {
      if (isPasting) {
        const end = rest.indexOf(pasteEnds);
        if (end === -1) {
          held = rest.slice(1 - pasteEnds.length);
          return keys;
        }
        isPasting = false;
        rest = rest.slice(end + pasteEnds.length);
        continue;
      }
      if (rest.startsWith(pasteBegins)) {
        isPasting = true;
        rest = rest.slice(pasteBegins.length);
        continue;
      }
      if (rest.startsWith(esc) && unfinished.test(rest.slice(1))) {
        held = rest;
        return keys;
      }
      isEscaped = rest === esc;
      const found = rest.startsWith(esc) ? sequence.exec(rest.slice(1))?.[0] : undefined;
      if (found !== undefined) {
        rest = rest.slice(1 + found.length);
        continue;
      }
      const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      keys.push(named[char] ?? char);
      rest = rest.slice(char.length);
    }
    return keys;
  };
}
