import type { Severity } from "./diagnostic.ts";

/** What a piece of printed text is, so that a style can colour it. */
export type Role = Severity | "strong" | "place" | "gutter" | "source" | "note" | "hint" | "faint";

/** How a text report is set: width in terminal columns (at least 40 is used) and colours. A value, so printing stays pure. */
export interface TextStyle {
  readonly columns: number;
  readonly paint: (role: Role, text: string) => string;
}

/** No colours: for pipes, files, tests and NO_COLOR. */
export function plainStyle(columns: number): TextStyle {
  return { columns, paint: (_role, text) => text };
}

/* The 8 basic colours only: they follow the reader's own palette, light or dark. */
const sgr: Readonly<Record<Role, string>> = {
  error: "1;31",
  warning: "1;33",
  advice: "1;36",
  strong: "1",
  place: "34",
  gutter: "34",
  source: "",
  note: "",
  hint: "32",
  faint: "2",
};

/** Colours for a terminal, by ECMA-48 SGR sequences. */
export function ansiStyle(columns: number): TextStyle {
  return {
    columns,
    paint: (role, text) => (sgr[role] === "" || text === "" ? text : `\u001b[${sgr[role]}m${text}\u001b[0m`),
  };
}
