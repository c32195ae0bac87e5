import type { BondSeen, Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";

/** A span of time as people say it: "0.4 ms", "90 ms", "4.08 s", "43.9 s", "2.1 min". Input ms, not negative. */
export function sayMs(ms: number): string {
  if (ms < 10) return `${trim(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${trim(ms / 1000, 2)} s`;
  if (ms < 119_950) return `${trim(ms / 1000, 1)} s`;
  return ms < 7_197_000 ? `${trim(ms / 60_000, 1)} min` : `${trim(ms / 3_600_000, 1)} h`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** What `because` says, once it is over: its verbs in the present are put into the past. */
export function inPast(reason: string): string {
  return reason
    .replace("no port reaches", "no port reached")
    .replace("nothing answers", "nothing answered any more")
    .replace("although its carrier is up", "although its carrier was up")
    .replace("answers, but nothing beyond it does", "answered, but nothing beyond it did")
    .replace(/ loses too much$/, " lost too much")
    .replace("no longer answers", "no longer answered")
    .replace("no longer answer through", "no longer answered through");
}

/** A gap, or "never" where it did not end while watched. */
export function sayGap(ms: number | null): string {
  return ms === null ? "never" : sayMs(ms);
}

/** A gap in full: "never (watched 60 s)". */
export function sayGapWatched(ms: number | null, watchedMs: number): string {
  return ms === null ? `never (watched ${sayMs(watchedMs)})` : sayMs(ms);
}

/** The longer of two gaps; one that never ended is the longest. */
export function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** The longer direction of an outage, ms; null: never ended. */
export function worstOutage(result: ScenarioResult): number | null {
  return longer(result.outageMs.toHost, result.outageMs.fromHost);
}

/** Is any fault of a drill known from a rehearsal? */
export function hasForecasts({ scenarios }: Pick<Rehearsal, "scenarios">): boolean {
  return scenarios.some(({ forecast }) => forecast !== undefined);
}

/** What the rehearsal promised of a fault: "71 ms", "never"; "–" where it was not rehearsed. */
export function sayForecast({ forecast }: Pick<ScenarioResult, "forecast">): string {
  return forecast === undefined ? "–" : sayGap(forecast.outageMs);
}

/** How a promise was not kept: "Longer than rehearsed: 480 ms instead of 71 ms". */
export function sayUnkept(result: ScenarioResult): string {
  const rehearsed = sayForecast(result);
  const outage = worstOutage(result);
  if (outage === null) return `Rehearsed it lasted ${rehearsed}; here it never ended while it was watched`;
  return `Longer than rehearsed: ${sayMs(outage)} instead of ${rehearsed}`;
}

/** What a scenario came to: the promise held, was missed, or nothing was promised because no path is left. */
export type Outcome = "held" | "missed" | "no-path";

/** A scenario without a path can still be missed: when nothing came back after the mending. */
export function outcomeOf(result: ScenarioResult): Outcome {
  if (result.verdict === "missed") return "missed";
  return result.expected === "no-path" ? "no-path" : "held";
}

export const outcomeMarks: Readonly<Record<Outcome, string>> = { held: "✓", missed: "✗", "no-path": "–" };
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  held: "held",
  missed: "missed",
  "no-path": "no path promised",
};

const places: Readonly<Record<string, string>> = { internet: "the Internet", lan: "the LAN" };

/** What a fault's promise covers where it covers a part only: "LAN only: no way to the Internet is left"; empty where it covers all or
 *  nothing. */
export function sayPromise(result: Pick<ScenarioResult, "flows">): string {
  const named = (expected: string): readonly string[] => [
    ...new Set(result.flows.filter((flow) => flow.expected === expected).map(({ flow }) => flow)),
  ];
  const without = named("no-path");
  const within = named("survives").filter((flow) => !without.includes(flow));
  if (within.length === 0 || without.length === 0) return "";
  const place = (flow: string): string => places[flow] ?? flow;
  const first = within.map((flow) => place(flow).replace(/^the /, "")).join(" and ");
  // A way that leads to the LAN alone may be left, and still not be the one that traffic goes.
  const is = without.includes("internet") ? "left" : "promised";
  return `${first} only: no way to ${without.map(place).join(" and ")} is ${is}`;
}

/** As `sayPromise`, where the Internet is what is lost: a reader takes "held" for more than it is. */
export function sayLostInternet(result: Pick<ScenarioResult, "flows">): string {
  const isLost = result.flows.some(({ flow, expected }) => flow === "internet" && expected === "no-path");
  return isLost ? sayPromise(result) : "";
}

/** "broke", "never" or the longest silence of the TCP session. */
export function sayTcp(tcp: ScenarioResult["tcp"]): string {
  if (!tcp.survived) return "broke";
  return tcp.stallMs === null ? "–" : sayMs(tcp.stallMs);
}

/** "outage ≤ 1 s, TCP survives". */
export function sayObjectives(objectives: Rehearsal["objectives"]): string {
  const tcp = objectives.tcp === "survives" ? "TCP survives" : "TCP may break";
  return `outage ≤ ${sayMs(objectives.outageMs)}, ${tcp}`;
}

/** "virtual clock", and what that means for the numbers. */
export function sayClock(clock: Rehearsal["clock"]): string {
  return clock === "virtual" ? "virtual clock" : "real clock";
}

/** The uncertainties of all scenarios as one span: "± 1 ms", "± 1–20 ms"; empty when nothing was measured. */
export function sayUncertainty(scenarios: readonly ScenarioResult[]): string {
  const all = scenarios.map((each) => each.uncertaintyMs).filter((each) => Number.isFinite(each));
  if (all.length === 0) return "";
  const least = Math.min(...all);
  const most = Math.max(...all);
  return least === most ? `± ${sayMs(most)}` : `± ${sayMs(least)} to ${sayMs(most)}`;
}

/** "bond0 in active-backup, miimon 100, primary eth0". */
export function sayBond(bond: BondSeen): string {
  const parts = [`${bond.name} in ${bond.mode}`, sayMonitor(bond)];
  if (bond.primary !== "") parts.push(`primary ${bond.primary}`);
  if (bond.ports.length === 0) parts.push("no ports");
  return parts.join(", ");
}

/** "miimon 100", "ARP monitor 250" or "no link monitor". */
export function sayMonitor(bond: BondSeen): string {
  if (bond.arpInterval > 0) return `ARP monitor ${bond.arpInterval}`;
  return bond.miimon > 0 ? `miimon ${bond.miimon}` : "no link monitor";
}

/** "1 scenario", "12 scenarios". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Thousands apart, for packet counts. */
export function sayCount(number: number): string {
  return number.toLocaleString("en");
}

/** How often each scenario was run: the most of any. */
export function repeatsOf(rehearsal: Rehearsal): number {
  return rehearsal.scenarios.reduce((most, each) => Math.max(most, each.repeats.length), 1);
}

/** First letter upper case unless the sentence begins with a name ("bond0", "switch-a"), a full stop at the end. */
export function sentence(text: string): string {
  const first = /^[a-z]+[ ,:]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** "50 % lost", "0.4 % lost" of all packets sent; empty when none was lost. */
export function sayLoss(result: { readonly lost: number; readonly sent: number }): string {
  if (result.lost <= 0 || result.sent <= 0) return "";
  const percent = (100 * result.lost) / result.sent;
  return percent < 0.1 ? "< 0.1 % lost" : `${trim(percent, percent < 10 ? 1 : 0)} % lost`;
}

/** Missed although every gap is within the objective: packets were lost all along, as with a bond over two routers. */
export function isLossy(result: ScenarioResult, objectives: Rehearsal["objectives"]): boolean {
  const worst = worstOutage(result);
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  const isWithin = worst !== null && worst <= objectives.outageMs && back !== null && back <= objectives.outageMs;
  return outcomeOf(result) === "missed" && isWithin && result.lost > 0;
}
