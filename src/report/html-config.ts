import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { lineIndex } from "../diagnostic/line-index.ts";
import { maskText } from "../diagnostic/secrets.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import type { ReportInput } from "./report-input.ts";
import { sentence } from "./words.ts";

const mostLines = 2_000;

/** The configuration as rehearsed, secrets masked, each finding under its line; those without a place come first. */
export function renderConfiguration(input: ReportInput, redact: (text: string) => string): Markup {
  const placeless = input.findings.filter((each) => each.at === undefined || !input.files.has(each.at.file));
  const files = [...input.files].map(([path, text]) => {
    const findings = input.findings.filter((each) => each.at?.file === path);
    return renderFile(path, text, findings, redact);
  });
  return markup`${placeless.length === 0 ? nothing : markup`<div class="notes">${placeless.map((each) => note(each, redact))}</div>`}${files}`;
}

function renderFile(
  path: string,
  text: string,
  findings: readonly Diagnostic[],
  redact: (text: string) => string,
): Markup {
  const index = lineIndex(text);
  const notes = new Map<number, Diagnostic[]>();
  for (const finding of findings) {
    const line = index.position(finding.at?.start ?? 0).line;
    notes.set(line, [...(notes.get(line) ?? []), finding]);
  }
  const safe = redact(maskText(text)).split(/\r?\n/);
  if (safe.at(-1) === "") safe.pop();
  const lines = safe.slice(0, mostLines).map((line, at) => {
    const here = notes.get(at + 1) ?? [];
    const state = here.length === 0 ? "line" : `line ${worst(here)}`;
    return markup`<div class="${state}"><span class="no" aria-hidden="true">${at + 1}</span><code>${line === "" ? " " : line}</code></div>${here.map((each) => note(each, redact))}`;
  });
  const left = safe.length - lines.length;
  const late = findings.filter((each) => index.position(each.at?.start ?? 0).line > mostLines);
  const more =
    left > 0 ? markup`<p class="quiet">… ${left} more lines</p>${late.map((each) => note(each, redact))}` : nothing;
  return markup`<figure class="file"><figcaption>${path}</figcaption><div class="code" tabindex="0" role="region" aria-label="${path}">${lines}${more}</div></figure>`;
}

function worst(findings: readonly Diagnostic[]): Diagnostic["severity"] {
  if (findings.some((each) => each.severity === "error")) return "error";
  return findings.some((each) => each.severity === "warning") ? "warning" : "advice";
}

function note(finding: Diagnostic, redact: (text: string) => string): Markup {
  const hint =
    finding.hint === undefined ? nothing : markup`<span class="hint">${sentence(redact(finding.hint))}</span>`;
  return markup`<div class="note ${finding.severity}"><b>${finding.severity}</b> <span>${sentence(redact(finding.message))}</span>${hint}<code class="why">${finding.code}</code></div>`;
}
