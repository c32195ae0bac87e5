import type { Diagnostic, Span } from "../diagnostic/diagnostic.ts";
import { languageNamed } from "../dialects/registry.ts";
import type { Config } from "../model/config.ts";
import { withDefaults } from "../model/defaults.ts";
import { type Suppression, suppressionsIn } from "./about/suppressions.ts";
import { rules } from "./registry.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Judges one subject by every rule that applies to its dialect. The parser's diagnostics come along; what a root cause
 *  explains, or a comment with a reason covers, is left out. Ordered by file as given, then by place. Never throws. */
export function check(subject: Subject): readonly Diagnostic[] {
  const judged = { ...subject, config: inFull(subject) };
  const found = rules
    .filter((rule) => rule.applies === "any" || rule.applies.includes(subject.dialect))
    .flatMap((rule) => rule.check(judged).map((finding) => ({ rule, finding })));
  const roots = rootCauses(found);
  const refused = new Set(subject.diagnostics.filter(isLastWord).map((one) => placeKey(one.at)));
  const told = found
    .filter((one) => !isExplained(one, roots) && !refused.has(placeKey(one.finding.at) ?? ""))
    .map(({ rule, finding }) => diagnosticOf(rule, finding));
  const isSuppressed = suppressor(subject);
  return sorted(
    [...subject.diagnostics, ...told].filter((one) => !isSuppressed(one)),
    subject,
  );
}

/** With what whoever carries it out does where it says nothing: NetworkManager watches the carrier, networkd doesn't. */
function inFull({ dialect, config }: Subject): Config {
  return dialect === "holdfast" ? withDefaults(config) : (languageNamed(dialect)?.spellOutDefaults(config) ?? config);
}

interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** By bond: what was found that explains other findings. */
function rootCauses(found: readonly Found[]): ReadonlyMap<string, readonly Found[]> {
  const roots = new Map<string, Found[]>();
  for (const one of found) {
    const { bond, explains } = one.finding;
    if (bond === undefined || explains === undefined) continue;
    const known = roots.get(bond);
    if (known === undefined) roots.set(bond, [one]);
    else known.push(one);
  }
  return roots;
}

/** Whether a root cause about the same bond already says it. */
function isExplained({ rule, finding }: Found, roots: ReadonlyMap<string, readonly Found[]>): boolean {
  const about = roots.get(finding.bond ?? "") ?? [];
  return about.some(
    (root) => root.rule !== rule && (root.finding.explains ?? []).some((name) => name === "*" || name === rule.name),
  );
}

/** What the parser refused, and a bond whose own file isn't here: nothing is known of it. */
function isLastWord({ severity, code }: Diagnostic): boolean {
  return severity === "error" || code === "ifcfg-rh-bond-without-file";
}

/** A place the parser has refused already needs no second opinion. */
function placeKey(at: Span | undefined): string | undefined {
  return at === undefined ? undefined : `${at.file}:${at.start}`;
}

/* Names and values of a source end up in messages; a line of a megabyte must not. */
const longestMessage = 400;

function shortened(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}

function diagnosticOf(rule: Rule, finding: Finding): Diagnostic {
  return {
    code: rule.name,
    severity: finding.severity ?? rule.severity,
    message: shortened(finding.message),
    hint: shortened(finding.hint),
    ...(finding.at === undefined ? {} : { at: finding.at }),
    ...(finding.also === undefined || finding.also.length === 0 ? {} : { also: finding.also }),
    ...(finding.fix === undefined || finding.fix.length === 0 ? {} : { fix: finding.fix }),
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
