import type { Diagnostic, FileSet, Severity } from "./diagnostic.ts";
import { excerpt, type Source, sourceOf } from "./excerpt.ts";
import { redactor } from "./secrets.ts";
import type { Role, TextStyle } from "./text-style.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** Where a code is explained, as a path in the project's documentation; undefined for a code without a page. */
export type DocsOf = (code: string) => string | undefined;

/** Sets diagnostics for a terminal: message, place, source lines with markers, notes, the edit that fixes it, and a
 *  closing count. Pure; nothing secret and no control character of the sources gets through. Ends with a line break. */
export function printText(
  diagnostics: readonly Diagnostic[],
  files: FileSet,
  style: TextStyle,
  docs: DocsOf = () => undefined,
): string {
  return `${printFindings(diagnostics, files, style, { docs, redact: redactor(files) })}${summary(severityCounts(diagnostics), style)}\n`;
}

/** How many findings of each severity there are. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** Counts them. */
export function severityCounts(diagnostics: readonly Diagnostic[]): SeverityCounts {
  const counted = { error: 0, warning: 0, advice: 0 };
  for (const { severity } of diagnostics) counted[severity]++;
  return counted;
}

/** `printText` without the closing count: what many reports are put together from. `redact` takes out the secrets of all of them. */
export function printFindings(
  diagnostics: readonly Diagnostic[],
  files: FileSet,
  style: TextStyle,
  { docs, redact }: { readonly docs: DocsOf; readonly redact: (text: string) => string },
): string {
  const set = { ...style, columns: Math.max(style.columns, 40) };
  const sources = new Map<string, Source>();
  const source = (file: string) => {
    const known = sources.get(file);
    const text = files.get(file);
    if (known !== undefined || text === undefined) return known;
    const made = sourceOf(text);
    sources.set(file, made);
    return made;
  };
  const clean = (text: string) => visible(redact(text));
  const lines: string[] = [];
  for (const one of diagnostics) {
    lines.push(...heading(one, set, clean), ...excerpt(one, source, set, clean), ...closing(one, set, clean, docs), "");
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** "2 errors, 1 warning, 3 advice"; severities nobody met are left out; "no findings" when there are none. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  return (
    counts(severityCounts(diagnostics))
      .map(([, text]) => text)
      .join(", ") || "no findings"
  );
}

/** The closing line: "2 errors, 1 warning". */
export function summary(counted: SeverityCounts, style: TextStyle): string {
  const parts = counts(counted).map(([severity, text]) => style.paint(severity, text));
  return parts.length === 0 ? style.paint("strong", "no findings") : parts.join(", ");
}

function counts(counted: SeverityCounts): readonly (readonly [Severity, string])[] {
  const plural = { error: "errors", warning: "warnings", advice: "advice" } as const;
  return (["error", "warning", "advice"] as const).flatMap((severity) => {
    const count = counted[severity];
    return count === 0 ? [] : [[severity, `${count} ${count === 1 ? severity : plural[severity]}`] as const];
  });
}

function heading(diagnostic: Diagnostic, style: TextStyle, clean: (text: string) => string): readonly string[] {
  const label = `${diagnostic.severity}[${diagnostic.code}]`;
  // The label is wrapped together with the message and painted afterwards: colours take no columns.
  const [first = "", ...rest] = wrap(`${label}: ${clean(diagnostic.message)}`, style.columns);
  return [
    style.paint(diagnostic.severity, first.slice(0, label.length)) + style.paint("strong", first.slice(label.length)),
    ...rest.map((line) => style.paint("strong", line)),
  ];
}

function closing(
  diagnostic: Diagnostic,
  style: TextStyle,
  clean: (text: string) => string,
  docs: DocsOf,
): readonly string[] {
  const fix = diagnostic.hint === undefined ? [] : remark("fix", clean(diagnostic.hint), "hint", style);
  const page = docs(diagnostic.code);
  const why = page === undefined ? [] : remark("why", `holdfast explain ${diagnostic.code}`, "faint", style);
  return [...fix, ...why];
}

function remark(name: string, text: string, role: Role, style: TextStyle): readonly string[] {
  const lead = `  = ${name}: `;
  return wrap(text, style.columns - lead.length).map((line, index) =>
    index === 0
      ? `  ${style.paint("gutter", "=")} ${style.paint("strong", `${name}:`)} ${style.paint(role, line)}`
      : `${" ".repeat(lead.length)}${style.paint(role, line)}`,
  );
}
