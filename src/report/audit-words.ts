import type { Advice } from "../topology/audit/advice.ts";
import type { Estimate } from "../topology/audit/assess.ts";
import type { Audit, AuditedGoal } from "../topology/audit/audit.ts";
import { type Rate, yearMs } from "../topology/audit/rates.ts";
import type { Sighting } from "../topology/audit/sighting.ts";
import { listed } from "../topology/faults.ts";
import type { ShownFault, ShownOutage } from "./audit-input.ts";
import { count, sayMs } from "./words.ts";

/** A yearly time as coarse as it is known: "4 s", "12 min", "2.3 h", "1.5 days". */
export function saySpan(ms: number): string {
  const coarse = (value: number) => String(Number(value.toPrecision(2)));
  if (ms < 59_500) return `${coarse(ms / 1000)} s`;
  if (ms < 59.5 * 60_000) return `${coarse(ms / 60_000)} min`;
  const hours = ms / 3_600_000;
  return hours < 47.5 ? `${coarse(hours)} h` : `${coarse(hours / 24)} days`;
}

/** "99.84 %": as many nines as there are, and what follows them. */
export function sayAvailability(downMs: number): string {
  const down = Math.min(1, downMs / yearMs);
  if (down <= 0) return "100 %";
  const digits = Math.min(7, Math.max(0, Math.floor(-Math.log10(down * 100)) + 1));
  return `${((1 - down) * 100).toFixed(digits)} %`;
}

/** "about 14 h a year without it (6 to 40 h), lost 8 times: 99.8 % of the time there". */
export function sayGoal({ downMs, lossesPerYear }: AuditedGoal): string {
  if (downMs.expected >= yearMs * 0.999) return "there is no way at all";
  const times =
    lossesPerYear >= 0.95
      ? `lost ${lossesPerYear < 10 ? Number(lossesPerYear.toPrecision(1)) : Math.round(lossesPerYear)} times`
      : `lost once in ${Number((1 / lossesPerYear).toPrecision(2))} years`;
  return `about ${saySpan(downMs.expected)} a year without it (${sayRange(downMs)}), ${times}; there ${sayAvailability(downMs.expected)} of the time`;
}

/** "90 %: 4.8 h to 2.2 days". */
export function sayRange({ low, high }: Estimate): string {
  return `90 %: ${saySpan(low)} to ${saySpan(high)}`;
}

/** Where the figures come from. */
export function sayRates({ parts }: Audit): string {
  const stated = parts.filter((part) => part.rate.from === "stated").length;
  const basis =
    stated === 0
      ? "Rates of failure are assumptions, a quarter to four times of each; topology.failures takes your own"
      : `Rates of failure: ${count(stated, "part")} of ${parts.length} stated, the others assumed`;
  return `${basis}. Failures are taken to be independent; the host itself, its software and a failover's milliseconds aren't counted.`;
}

/** "No single point of failure", or which there are. */
export function saySingles(audit: Audit, goal: AuditedGoal): string {
  const singles = goal.cutSets.filter((set) => set.length === 1);
  const where = audit.goals.length > 1 ? ` on the way to ${goal.label}` : "";
  if (goal.cutSets.some((set) => set.length === 0)) return `No way to ${goal.label} even while nothing is broken.`;
  if (singles.length === 0) return `No single point of failure${where}.`;
  return `${count(singles.length, "single point")} of failure${where}: ${singles.map((set) => listedParts(audit, set)).join(", ")}.`;
}

/** "the cable eth0 – switch and router". */
export function listedParts({ parts }: Audit, ids: readonly string[]): string {
  return ids.map((id) => parts.find((part) => part.id === id)?.label ?? id).join(" + ");
}

/** "14 h → 2.2 h a year, and 1 of 2 single points less". */
export function sayGain(audit: Audit, { removes, downMs }: Advice): string {
  const [goal] = audit.goals;
  const before = saySpan(goal?.downMs.expected ?? 0);
  const singles = goal?.cutSets.filter((set) => set.length === 1).length ?? 0;
  const fewer = removes.length === 0 ? "" : `, and ${removes.length} of ${count(singles, "single point")} less`;
  return `${before} → ${saySpan(downMs)} a year${fewer}`;
}

/** What the UPS is worth; nothing where there is none. */
export function sayUps({ goals, withoutUpsMs, brownout }: Audit): readonly string[] {
  const [goal] = goals;
  if (withoutUpsMs === undefined || goal === undefined) return [];
  const dark = sayBrownout(brownout);
  const saved = withoutUpsMs - goal.downMs.expected;
  return [
    saved < goal.downMs.expected * 0.01
      ? "The UPS changes nothing on the way there; it keeps the host itself alive."
      : `Without the UPS it would be ${saySpan(withoutUpsMs)} a year, the host's own darkness not counted.`,
    ...(dark === undefined ? [] : [dark]),
  ];
}

/** "When the mains fail, wlan0 still leads there, for the 40 min of the UPS; without it nothing would." */
function sayBrownout(brownout: Audit["brownout"]): string | undefined {
  if (brownout === undefined) return undefined;
  const { portsLeft, withoutUps, runtimeMs } = brownout;
  if (portsLeft.length === 0) return "When the mains fail, nothing leads there, UPS or not.";
  const left = `${listed(portsLeft)} still ${portsLeft.length === 1 ? "leads" : "lead"} there`;
  const lasts = runtimeMs === undefined ? "for as long as the UPS lasts" : `for the ${saySpan(runtimeMs)} of the UPS`;
  const bare = withoutUps.length === 0 ? "nothing would" : `${listed(withoutUps)} would`;
  if (withoutUps.length === portsLeft.length) return `When the mains fail, ${left}.`;
  return `When the mains fail, ${left}, ${lasts}; without it ${bare}.`;
}

/** The command that rehearses the single points, where a scenario shows one; and what to do about those that none shows. */
export function sayShowing(
  { goals, parts }: Audit,
  subject: string,
): readonly [string | undefined, string | undefined] {
  const singles = new Set(goals.flatMap(({ cutSets }) => cutSets.filter((set) => set.length === 1).flat()));
  const single = parts.filter(({ id }) => singles.has(id));
  const scenarios = single.flatMap(({ scenario }) => scenario ?? []);
  const unshown = single.filter(({ scenario }) => scenario === undefined).map(({ label }) => label);
  return [
    scenarios.length === 0 ? undefined : rehearsing(subject, scenarios),
    unshown.length === 0
      ? undefined
      : `No scenario shows ${unshown.join(", ")} yet: declared under topology, it is rehearsed like all else.`,
  ];
}

/** The command line that rehearses these scenarios. */
export function rehearsing(subject: string, scenarios: readonly string[]): string {
  const file = /^[\w@%+=:,./-]+$/.test(subject) ? subject : `'${subject.replaceAll("'", `'\\''`)}'`;
  return `holdfast rehearse ${file} --scenario ${scenarios.join(" ")}`;
}

/** A sighting, and how it stands to the file: "…, sw-rack: its LLDP says. The file says otherwise: …". */
export function saySighting({ goals }: Audit, { text, declared, certainty, kind, cuts }: Sighting): string {
  const lost = goals.filter(({ name }) => cuts.includes(name)).map(({ label }) => label);
  const cost = lost.length === 0 ? "" : ` Were it so, ${lost.join(" and ")} would be lost with it.`;
  if (declared === "fits") return `${text}, as the file has it.`;
  if (declared === "unlike")
    return `${text}. The file says otherwise, and the figures follow the file.${kind === "one-lan" ? "" : cost} Look where the cables are, or mend the file.`;
  if (kind === "one-lan" || kind === "shared-address") return `${text}.`;
  if (certainty === "likely") return `${text}. Nobody says so; the figures leave it aside.${cost}`;
  return `${text}. Nobody declared it; it is counted above.`;
}

/** "about twice a year, for 1 h (assumed)". */
export function sayRate({ everyMs, forMs, from }: Rate): string {
  const perYear = Number((yearMs / (everyMs + forMs)).toPrecision(2));
  const words: Readonly<Record<number, string>> = { 1: "once a year", 2: "twice a year" };
  const often = perYear >= 1 ? (words[perYear] ?? `${perYear} times a year`) : `once in ${rarely(perYear)} years`;
  return `about ${often}, for ${saySpan(forMs)} (${from})`;
}

function rarely(perYear: number): number {
  return Number((1 / perYear).toPrecision(2));
}

/** What the rehearsal of a fault has shown: "out for 52 ms with the kernel alone, for 5 ms with the agent"; "" it wasn't rehearsed. */
export function sayShown(fault: ShownFault | undefined): string {
  const said = ({ outageMs }: ShownOutage, whom: string) =>
    outageMs === null ? `never back while watched, with ${whom}` : `out for ${sayMs(outageMs)} with ${whom}`;
  return [
    ...(fault?.kernel == null ? [] : [said(fault.kernel, "the kernel alone")]),
    ...(fault?.withAgent == null ? [] : [said(fault.withAgent, "the agent")]),
  ].join("; ");
}

/** The page's first two sentences. */
export function auditHeadline(audit: Audit): { readonly title: string; readonly lede: string } {
  const [goal] = audit.goals;
  if (goal === undefined) return { title: "It leads nowhere", lede: "No way out of this host is declared or assumed." };
  const singles = goal.cutSets.filter((set) => set.length === 1);
  if (goal.cutSets.some((set) => set.length === 0))
    return { title: `No way to ${goal.label}`, lede: "There is none even while nothing is broken." };
  const down = `Expect about ${saySpan(goal.downMs.expected)} a year without ${goal.label}.`;
  if (singles.length === 0)
    return {
      title: "No single point of failure",
      lede: `It takes two failures at once to lose ${goal.label}. ${down}`,
    };
  const names = singles.map((set) => listedParts(audit, set));
  const whole = names.length === 1 ? `${names[0]} alone` : `Any one of these`;
  const which = names.length === 1 ? "" : ` (${names.join(", ")})`;
  const lede = `${whole}${which} takes the host off ${goal.label}. ${down}`;
  return {
    title: count(names.length, "single point").concat(" of failure"),
    lede: lede[0]?.toUpperCase() + lede.slice(1),
  };
}
