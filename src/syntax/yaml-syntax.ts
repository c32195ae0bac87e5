import type { Diagnostic } from "../diagnostic/diagnostic.ts";

interface SyntaxProblem {
  readonly code: string;
  /** The parser's own text. Only looked at, never shown. */
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** What the YAML parser's codes mean, in words that say the edit. The parser's own texts may quote the file, so
 *  they never reach a message: what they quote can be a secret. */
const meanings: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ALIAS_PROPS: ["an alias cannot have a tag or an anchor", "Remove what stands before the alias."],
  BAD_ALIAS: [
    "this alias has no name, or names an anchor that is not there",
    "Write the value out, or quote the text that begins with *.",
  ],
  BAD_COLLECTION_TYPE: ["this tag does not fit the value", "Remove the tag."],
  BAD_DIRECTIVE: ["a line beginning with % is no directive here", "Remove it, or quote it if it is a value."],
  BAD_DQ_ESCAPE: [
    "this backslash begins no escape known in double quotes",
    "Use single quotes, or write the backslash twice.",
  ],
  BAD_INDENT: [
    "the indentation does not fit the lines around",
    "Indent with the same number of blanks as the neighbouring keys.",
  ],
  BAD_PROP_ORDER: ["anchors and tags must stand before the value", "Move them, or quote the value."],
  BAD_SCALAR_START: ["a plain value cannot begin with this character", "Put the value in quotes."],
  BLOCK_AS_IMPLICIT_KEY: [
    "this key holds more than a word",
    "Write the key on one line, and begin its map on the next.",
  ],
  BLOCK_IN_FLOW: [
    "block lines cannot stand inside [ ] or { }",
    "Close the bracket first, or write the value inside it.",
  ],
  DUPLICATE_KEY: ["a key is given twice in the same map", "Keep one of the two."],
  IMPOSSIBLE: ["this is no YAML", "Write it as keys and values."],
  KEY_OVER_1024_CHARS: ["this key is longer than YAML allows", "Shorten it, or look for a missing line break."],
  MISSING_CHAR: ["a character is missing here: a quote, a bracket, a comma, or the blank after a colon", "Add it."],
  MULTILINE_IMPLICIT_KEY: ["this line has no colon, so it runs into the next", "Write it as KEY: VALUE on one line."],
  MULTIPLE_ANCHORS: ["one value has two anchors", "Keep one."],
  MULTIPLE_DOCS: ["the file has a second document after ---", "Keep one document in a file."],
  MULTIPLE_TAGS: ["one value has two tags", "Keep one."],
  NON_STRING_KEY: ["a key must be a plain word", "Write the key as a word followed by a colon."],
  TAB_AS_INDENT: ["a tab stands where YAML wants blanks", "Indent with blanks."],
  TAG_RESOLVE_FAILED: [
    "this tag (!) asks for a type that is not read here",
    "Remove the tag, or quote a value that begins with !.",
  ],
  UNEXPECTED_TOKEN: ["this does not belong here", "Look for a missing colon, quote or bracket before it."],
};

/** Where one code stands for several slips, the parser's text tells them apart. */
const slips: readonly (readonly [code: string, says: RegExp, message: string, hint: string])[] = [
  [
    "BAD_INDENT",
    /^Flow /,
    "a [ or { above is not closed before this line",
    "Close the bracket, or indent this line further than its key.",
  ],
  [
    "MISSING_CHAR",
    /quote/,
    "a quote is not closed",
    "Add the closing quote, or double a quote that is part of the text.",
  ],
  ["MISSING_CHAR", /end with a/, "a [ or { is not closed", "Close the bracket."],
  ["MISSING_CHAR", /Missing ,/, "a comma is missing between two entries", "Put a comma between them."],
  ["MISSING_CHAR", /space|whitespace/, "a blank is missing", "Put a blank after the colon, the dash or the comma."],
];

/** One problem of the YAML parser as a diagnostic. */
export function syntaxProblem(file: string, text: string, problem: SyntaxProblem): Diagnostic {
  const slip = slips.find(([code, says]) => code === problem.code && says.test(problem.message));
  const [message, hint] = (slip?.slice(2) as readonly [string, string] | undefined) ??
    meanings[problem.code] ?? ["this is no YAML", "Write it as keys and values."];
  const start = Math.min(problem.pos[0], text.length);
  const end = Math.min(Math.max(problem.pos[1], start), text.length);
  // The parser points at a missing blank after a colon as a missing character; a tab is the likelier story.
  const tab =
    problem.code !== "TAB_AS_INDENT" && /^[ ]*\t/.test(text.slice(text.lastIndexOf("\n", start - 1) + 1, start + 1));
  if (tab) return syntaxProblem(file, text, { ...problem, code: "TAB_AS_INDENT" });
  return { code: "yaml-syntax", severity: "error", message, hint, at: { file, start, end } };
}
