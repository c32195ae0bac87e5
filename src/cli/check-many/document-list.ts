import type { ReportFormat } from "../print-report.ts";

type DocumentFormat = Exclude<ReportFormat, "text">;

/* The list of findings in each document, as JSON.stringify sets it with two spaces. A line break inside a value is written as \n, so
   these stand where the list is and nowhere else; of what ends it, the last counts. */
const lists: Readonly<Record<DocumentFormat, { readonly begins: string; readonly ends: string }>> = {
  json: { begins: '\n  "diagnostics": [', ends: "\n  ]" },
  sarif: { begins: '\n      "results": [', ends: "\n      ]" },
};

/** The entries of a document's list as they are written there; the list isn't empty. Entries of several documents are joined by
 *  commas. */
export function listedIn(document: string, format: DocumentFormat): string {
  const { begins, ends } = lists[format];
  return document.slice(document.indexOf(begins) + begins.length, document.lastIndexOf(ends));
}

/** What stands before the entries and after them, from a document whose list is empty. */
export function aroundList(document: string, format: DocumentFormat): readonly [string, string] {
  const { begins, ends } = lists[format];
  const at = document.indexOf(`${begins}]`) + begins.length;
  return [document.slice(0, at), ends + document.slice(at + 1)];
}
