import type { BondSeen, Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { count, longer, outcomeOf, sayLoss, sayMonitor, sayMs, worstOutage } from "./words.ts";

/** What a person reads first: the verdict in a few words, and the sentence that carries it. Plain text. */
export interface Headline {
  readonly title: string;
  readonly sentence: string;
}

/** The verdict of a rehearsal in words. Total: also for one without scenarios or without a bond. */
export function headlineOf(rehearsal: Rehearsal): Headline {
  if (rehearsal.verdict === "held") return held(rehearsal);
  return { title: missedTitle(rehearsal), sentence: missedSentence(rehearsal) };
}

function held(rehearsal: Rehearsal): Headline {
  const judged = rehearsal.scenarios.filter((each) => outcomeOf(each) === "held" && each.kind !== "healthy");
  if (judged.length === 0) return untested(rehearsal);
  const worst = judged.map(worstOutage).reduce<number>((most, each) => Math.max(most, each ?? 0), 0);
  const allowed = sayMs(rehearsal.objectives.outageMs);
  const faults =
    judged.length > 2 ? `all ${judged.length} faults` : judged.length === 2 ? "both faults" : "the one fault";
  const leave = judged.length === 1 ? "that leaves a path" : "that leave a path";
  return {
    title: "It holds",
    sentence:
      worst === 0
        ? `Through ${faults} ${leave}, not a packet went missing for longer than could be measured.`
        : `Through ${faults} ${leave}, the longest outage was ${sayMs(worst)}; ${allowed} is allowed.`,
  };
}

/** No fault was run that left a path. */
function untested({ scenarios }: Rehearsal): Headline {
  const title = "Nothing was put to the test";
  if (scenarios.length === 0) return { title, sentence: "No scenario was run." };
  const isCalm = scenarios.every(({ kind }) => kind === "healthy");
  if (isCalm) return { title, sentence: "With nothing broken every packet had its way; no fault was rehearsed." };
  return { title, sentence: "Every fault that was rehearsed left no path, so there was nothing that had to hold." };
}

function missedTitle(rehearsal: Rehearsal): string {
  const [bond] = rehearsal.bringUp.bonds;
  if (bond === undefined) return "No bond came up";
  if (bond.ports.length === 0) return `${bond.name} has no ports`;
  if (bond.mode !== "active-backup") return `${bond.name} is not a backup`;
  const missed = rehearsal.scenarios.filter((each) => outcomeOf(each) === "missed").length;
  if (missed === 0) return "It doesn't hold";
  return `It doesn't hold: missed ${missed} of ${rehearsal.scenarios.length}`;
}

function missedSentence(rehearsal: Rehearsal): string {
  const missed = rehearsal.scenarios.filter((each) => outcomeOf(each) === "missed");
  const [bond] = rehearsal.bringUp.bonds;
  const share = `${missed.length} of ${count(rehearsal.scenarios.length, "scenario")} missed the objective`;
  if (bond === undefined) return `${bringUpWords(rehearsal)}, so there is nothing to fail over: ${share}.`;
  if (bond.mode !== "active-backup") return `${wrongMode(bond)}: ${share}.`;
  const worst = worstOf(missed);
  return worst === undefined ? `${bringUpWords(rehearsal)}.` : `The worst: ${worst.fault}; ${consequence(worst)}.`;
}

function bringUpWords({ bringUp }: Rehearsal): string {
  return bringUp.exit === 0
    ? `${bringUp.manager} reported success, but the kernel knows no bond`
    : `${bringUp.manager} failed with exit status ${bringUp.exit}`;
}

function wrongMode(bond: BondSeen): string {
  return `The kernel runs ${bond.name} in ${bond.mode} with ${sayMonitor(bond)}, which is not what keeps a host reachable`;
}

/** The missed scenario that hurts most: one that never ended before a long one. */
function worstOf(missed: readonly ScenarioResult[]): ScenarioResult | undefined {
  const weight = (each: ScenarioResult): number =>
    longer(worstOutage(each), longer(each.reselectMs.toHost, each.reselectMs.fromHost)) ?? Number.POSITIVE_INFINITY;
  return missed.reduce<ScenarioResult | undefined>(
    (worst, each) => (worst === undefined || weight(each) > weight(worst) ? each : worst),
    undefined,
  );
}

function consequence(result: ScenarioResult): string {
  const outage = worstOutage(result);
  if (outage === null) return `the host stayed cut off for all the ${sayMs(result.watchedMs)} it was watched`;
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  if (result.kind === "healthy" && result.lost > 0) return sayLoss(result).replace("lost", "of all packets were lost");
  if (back === null) return "the host didn't come back when it was mended";
  if (back > outage) return `going back when it was mended cut the host off for ${sayMs(back)}`;
  return `the outage was ${sayMs(outage)}`;
}
