import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { type Markup, markup, trusted } from "./markup.ts";
import { redactRehearsal } from "./redact-rehearsal.ts";
import { outcomeOf, sayGapWatched, sayObjectives, sayTcp, sayUncertainty, sentence } from "./words.ts";

/** What the schema wants and a rehearsal doesn't know. */
export interface JunitOptions {
  /** ISO 8601 in UTC; the schema wants it without fractions and zone. */
  readonly madeAt: string;
  /** The kernel alone, beside a rehearsal with the agent: told in the properties. It fails no case, for it isn't what is promised. */
  readonly alone?: Rehearsal;
}

/** The rehearsal as JUnit XML: a test case for each scenario, failed when missed, skipped when no path was promised.
 *  A case's time is how long its fault was watched, s. Source: the schemas of Ant's junit task and of Jenkins' xUnit. */
export function renderJunit(rehearsal: Rehearsal, redact: (text: string) => string, options: JunitOptions): string {
  const safe = redactRehearsal(rehearsal, redact);
  const alone = options.alone === undefined ? undefined : redactRehearsal(options.alone, redact);
  const outcomes = safe.scenarios.map(outcomeOf);
  const many = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  const timestamp = options.madeAt.slice(0, 19);
  // Both schemas demand the order properties, cases, system-out, system-err.
  return markup`${trusted('<?xml version="1.0" encoding="UTF-8"?>')}
<testsuites>
  <testsuite name="${safe.subject}" package="${suiteOf(safe)}" id="0" timestamp="${timestamp}" hostname="${safe.engine === "live" ? safe.subject : "lab"}" tests="${outcomes.length}" failures="${many("missed")}" errors="0" skipped="${many("no-path")}" time="${seconds(safe.tookMs)}">
    <properties>
${properties(safe, alone)}    </properties>
${safe.scenarios.map((each) => testCase(each, safe))}    <system-out>${safe.bringUp.output}</system-out>
    <system-err></system-err>
  </testsuite>
</testsuites>
`.markup;
}

function suiteOf({ engine }: Rehearsal): string {
  return engine === "live" ? "holdfast.drill" : "holdfast.rehearse";
}

function properties(rehearsal: Rehearsal, alone: Rehearsal | undefined): readonly Markup[] {
  const rows: readonly (readonly [string, string])[] = [
    ["engine", rehearsal.engine],
    ["kernel", rehearsal.kernel],
    ["clock", rehearsal.clock],
    ["uncertainty", sayUncertainty(rehearsal.scenarios) || "nothing measured"],
    ["objective", sayObjectives(rehearsal.objectives)],
    ["verdict", rehearsal.verdict],
    ...(alone === undefined ? [] : [["verdict of the kernel alone", alone.verdict] as const]),
    ...(alone?.scenarios ?? []).map(
      (each) => [`kernel alone: ${each.id}`, `${each.verdict}, ${numbers(each)}`] as const,
    ),
  ];
  return rows.map(([name, value]) => markup`      <property name="${name}" value="${value}"/>\n`);
}

function testCase(result: ScenarioResult, rehearsal: Rehearsal): Markup {
  const head = markup`    <testcase classname="${suiteOf(rehearsal)}.${result.kind}" name="${result.id}: ${result.fault}" time="${seconds(result.watchedMs)}"`;
  switch (outcomeOf(result)) {
    case "held":
      return markup`${head}/>\n`;
    case "no-path":
      return markup`${head}>\n      <skipped/>\n    </testcase>\n`;
    case "missed":
      return markup`${head}>\n      <failure type="objective-missed" message="${numbers(result)}">${explanation(result, rehearsal)}</failure>\n    </testcase>\n`;
  }
}

function numbers(result: ScenarioResult): string {
  const { toHost, fromHost } = result.outageMs;
  return `outage to host ${sayGapWatched(toHost, result.watchedMs)}, from host ${sayGapWatched(fromHost, result.watchedMs)}, TCP ${sayTcp(result.tcp)}`;
}

function explanation(result: ScenarioResult, rehearsal: Rehearsal): string {
  const objective = `objective: ${sayObjectives(rehearsal.objectives)}`;
  return result.reason === undefined ? objective : `${sentence(result.reason)}\n${objective}`;
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? (ms / 1000).toFixed(3) : "0.000";
}
