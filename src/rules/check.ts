import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { withDefaults } from "../model/defaults.ts";
import { type Suppression, suppressionsIn } from "./about/suppressions.ts";
import { rules } from "./registry.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Judges one subject by every rule that applies to its dialect. The parser's diagnostics come along; what a root cause
 *  explains, or a comment with a reason covers, is left out. Ordered by file as given, then by place. Never throws. */
export function check(subject: Subject): readonly Diagnostic[] {
  const judged = subject.dialect === "holdfast" ? { ...subject, config: withDefaults(subject.config) } : subject;
  const found = rules
    .filter((rule) => rule.applies === "any" || rule.applies.includes(subject.dialect))
    .flatMap((rule) => rule.check(judged).map((finding) => ({ rule, finding })));
  const refused = subject.diagnostics.filter((one) => one.severity === "error");
  const told = found
    .filter((one) => !isExplained(one, found) && !isRefused(one.finding, refused))
    .map(({ rule, finding }) => diagnosticOf(rule, finding));
  const isSuppressed = suppressor(subject);
  return sorted(
    [...subject.diagnostics, ...told].filter((one) => !isSuppressed(one)),
    subject,
  );
}

interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** Whether a root cause about the same bond already says it. */
function isExplained({ rule, finding }: Found, all: readonly Found[]): boolean {
  return all.some(
    (root) =>
      root.rule !== rule &&
      root.finding.bond !== undefined &&
      root.finding.bond === finding.bond &&
      (root.finding.explains ?? []).some((name) => name === "*" || name === rule.name),
  );
}

/** Whether the parser has refused the very same place already: one error there is enough. */
function isRefused({ at }: Finding, refused: readonly Diagnostic[]): boolean {
  return at !== undefined && refused.some((one) => one.at?.file === at.file && one.at.start === at.start);
}

function diagnosticOf(rule: Rule, finding: Finding): Diagnostic {
  return {
    code: rule.name,
    severity: finding.severity ?? rule.severity,
    message: finding.message,
    hint: finding.hint,
    ...(finding.at === undefined ? {} : { at: finding.at }),
    ...(finding.also === undefined || finding.also.length === 0 ? {} : { also: finding.also }),
  };
}

/** Comments that give a reason silence one rule on one line; a parser's error cannot be silenced. */
function suppressor(subject: Subject): (diagnostic: Diagnostic) => boolean {
  const byFile = new Map<string, readonly Suppression[]>();
  for (const [file, text] of subject.files) {
    const given = suppressionsIn(file, text).filter((one) => one.reason !== "");
    if (given.length > 0) byFile.set(file, given);
  }
  const isParsers = new Set(subject.diagnostics);
  return (diagnostic) => {
    const { at, code, severity } = diagnostic;
    if (at === undefined || (isParsers.has(diagnostic) && severity === "error")) return false;
    return (byFile.get(at.file) ?? []).some(
      (one) => one.rule === code && at.start >= one.covers.start && at.start <= one.covers.end,
    );
  };
}

const weight = { error: 0, warning: 1, advice: 2 } as const;

function sorted(diagnostics: readonly Diagnostic[], subject: Subject): readonly Diagnostic[] {
  const order = new Map([...subject.files.keys()].map((file, index) => [file, index]));
  const rank = (one: Diagnostic) => (one.at === undefined ? -1 : (order.get(one.at.file) ?? order.size));
  return [...diagnostics].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.at?.start ?? 0) - (b.at?.start ?? 0) ||
      weight[a.severity] - weight[b.severity] ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}
