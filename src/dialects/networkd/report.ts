import type { Diagnostic, Severity, Span } from "../../diagnostic/diagnostic.ts";
import type { IniEntry } from "../../syntax/ini.ts";

/** Where the reader's findings go. */
export type Problems = Diagnostic[];

/** Adds a finding. `code` has a section in docs/errors.md. */
export function report(
  problems: Problems,
  code: string,
  severity: Severity,
  message: string,
  at: Span,
  hint?: string,
): void {
  problems.push({ code, severity, message, ...(hint === undefined ? {} : { hint }), at });
}

/** A text as it may stand in a message: quoted, short, without control characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** A line whose value networkd does not take. */
export function reportValue(
  problems: Problems,
  entry: IniEntry,
  what: string,
  consequence = "the line does nothing",
): void {
  const comment = /\s#/.test(entry.value);
  const hint = comment ? "Put the comment on a line of its own: behind a value it is part of the value." : undefined;
  const message = `${entry.key}=${shown(entry.value)} is ${what}: ${consequence}`;
  report(problems, "networkd-bad-value", "warning", message, entry.valueAt, hint);
}
