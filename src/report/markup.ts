/** Text that is markup already and safe to stand in a page. Made by `markup`, `join` and `trusted` only. */
export interface Markup {
  readonly markup: string;
}

type Piece = Markup | string | number | undefined | readonly Markup[];

/** Characters XML 1.0 has no place for, escaped or not: they become the replacement character, in every document alike.
 *  Source: XML 1.0, production 2. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to be caught
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu;

/** Marks that reverse or reorder what follows: a name must not be able to rewrite the sentence it stands in. */
const reordering = /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu;

/** Text for element content and quoted attributes of HTML, SVG and XML. Total: any string in. */
export function escapeMarkup(text: string): string {
  return text
    .replace(notXml, "\ufffd")
    .replace(reordering, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A template whose holes are escaped unless they are markup themselves; `undefined` leaves nothing. */
export function markup(texts: TemplateStringsArray, ...holes: readonly Piece[]): Markup {
  return { markup: texts.map((text, index) => text + written(holes[index])).join("") };
}

function written(piece: Piece): string {
  if (piece === undefined) return "";
  if (typeof piece === "string") return escapeMarkup(piece);
  if (typeof piece === "number") return String(piece);
  if ("markup" in piece) return piece.markup;
  return piece.map((each) => each.markup).join("");
}

/** Markup from another renderer of ours, which has done its own escaping. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** Nothing. */
export const nothing: Markup = { markup: "" };
