import type { CostResult } from "./cost.ts";
import type { FailoverResult, Spread } from "./failover.ts";

/** A figure beside what was promised of it. */
export interface Objective {
  readonly what: string;
  readonly measured: number | null;
  readonly limit: number;
  readonly unit: string;
}

/** Was it kept? What never ended kept nothing. */
export function isHeld({ measured, limit }: Objective): boolean {
  return measured !== null && measured <= limit;
}

/** What Holdfast promises of failovers; empty where its row was left out. */
export function failoverObjectives({ rows }: FailoverResult): readonly Objective[] {
  const own = rows.find(({ id }) => id === "holdfast")?.cells;
  const of = (what: string, spread: Spread | undefined, which: keyof Spread, limit: number): readonly Objective[] =>
    spread === undefined ? [] : [{ what: `${what}, ${which}`, measured: spread[which], limit, unit: "ms" }];
  return [
    ...of("carrier loss", own?.carrier?.outageMs, "median", 5),
    ...of("carrier loss", own?.carrier?.outageMs, "worst", 20),
    ...of("silent death", own?.silent?.outageMs, "median", 200),
    ...of("silent death", own?.silent?.outageMs, "p95", 300),
    ...of("TCP stall, carrier loss", own?.carrier?.tcpStallMs, "worst", 400),
    ...of("TCP stall, silent death", own?.silent?.tcpStallMs, "worst", 400),
    ...of("way back", own?.carrier?.reselectMs, "worst", 0),
    ...of("way back after a silent death", own?.silent?.reselectMs, "worst", 0),
    ...of("way back through spanning tree", own?.stp?.reselectMs, "worst", 0),
  ];
}

/** What it promises of its own cost. */
export function costObjectives({ first, later, idle, stall }: CostResult): readonly Objective[] {
  return [
    {
      what: "carrier loss counted, first after a start, median",
      measured: first.outageMs.median,
      limit: 5,
      unit: "ms",
    },
    { what: "carrier loss counted, first after a start, worst", measured: first.outageMs.worst, limit: 20, unit: "ms" },
    { what: "carrier loss counted, later, median", measured: later.outageMs.median, limit: 5, unit: "ms" },
    { what: "carrier loss counted, later, worst", measured: later.outageMs.worst, limit: 20, unit: "ms" },
    { what: "resident memory", measured: idle.rssKb / 1024, limit: 60, unit: "MiB" },
    { what: "processor, of one core", measured: idle.cpuMs / idle.seconds / 10, limit: 1, unit: "%" },
    {
      what: "probes late while the disk stands still",
      measured: stall.longestMs - longestPlannedMs,
      limit: 20,
      unit: "ms",
    },
    { what: "events missing after it", measured: stall.missing, limit: 0, unit: "" },
  ];
}

/** 60 ms between probes of the active port's router, and up to a fifth more by design (src/watch/tuning.ts). */
const longestPlannedMs = 72;
