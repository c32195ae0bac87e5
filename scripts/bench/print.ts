import type { CostResult, CountedFailover } from "./cost.ts";
import type { Cell, FailoverResult, Row, Spread } from "./failover.ts";
import { isHeld, type Objective } from "./objectives.ts";

/** The failovers as one table, in Markdown that can be read as it stands. */
export function failoverTable({ rows }: FailoverResult): string {
  const own = rows.find(({ id }) => id === "holdfast")?.cells.silent?.outageMs.median;
  const head = [
    "ms: median / p95 / worst",
    "carrier loss",
    "silent death",
    "to Holdfast's",
    "TCP stall: carrier",
    "TCP stall: silent",
    "way back",
    "way back, spanning tree",
  ];
  return markdown(
    head,
    rows.map((row) => cellsOf(row, own)),
  );
}

function cellsOf({ name, cells }: Row, own: number | null | undefined): readonly string[] {
  const { carrier, silent, stp } = cells;
  return [
    name,
    three(carrier?.outageMs),
    three(silent?.outageMs),
    ratio(silent?.outageMs.median, own),
    stall(carrier),
    stall(silent),
    worst(carrier?.reselectMs),
    worst(stp?.reselectMs),
  ];
}

/** A session whose line never came back did not stall; it was waiting for the mending. */
function stall(cell: Cell | undefined): string {
  return cell === undefined || cell.outageMs.worst === null ? "–" : three(cell.tcpStallMs);
}

function ratio(one: number | null | undefined, own: number | null | undefined): string {
  if (one === undefined || own === undefined || own === null || own === 0) return "–";
  return one === null ? "∞" : `${(one / own).toFixed(1)} ×`;
}

function three(spread: Spread | undefined): string {
  if (spread === undefined) return "–";
  if (spread.median === null) return "never";
  return [spread.median, spread.p95, spread.worst].map(say).join(" / ");
}

function worst(spread: Spread | undefined): string {
  return spread === undefined ? "–" : say(spread.worst);
}

function say(ms: number | null): string {
  if (ms === null) return "never";
  if (ms > 0 && ms < 1) return "< 1";
  return Math.round(ms).toLocaleString("en");
}

/** The cost as a table of the same kind. */
export function costTable({ first, later, kernel, idle, stall: stalled }: CostResult): string {
  const failover = (name: string, { outageMs, repeats }: CountedFailover): readonly string[] => [
    name,
    [outageMs.median, outageMs.p95, outageMs.worst].map((ms) => (ms ?? 0).toFixed(1)).join(" / "),
    `ms, of ${repeats}: median / p95 / worst`,
  ];
  const lateMs = `longest pause between probes; ${stalled.longestBeforeMs.toFixed(1)} before`;
  return markdown(
    ["user space counted", "measured", ""],
    [
      failover("carrier loss, first after a start of the agent", first),
      failover("carrier loss, later ones", later),
      failover("carrier loss, kernel, miimon 100", kernel),
      ["resident memory", (idle.rssKb / 1024).toFixed(1), `MiB, of them ${mib(idle.privateKb)} its own`],
      ["most it ever was", mib(idle.peakKb), "MiB since it started"],
      ["processor", (idle.cpuMs / idle.seconds / 10).toFixed(2), "% of a core with 10⁹ instructions a second"],
      ["probes", (idle.probes / idle.seconds).toFixed(1), `a second, over ${idle.seconds} s`],
      [
        `disk stands still for ${(stalled.stalledMs / 1000).toFixed(0)} s`,
        stalled.longestMs.toFixed(1),
        `ms, ${lateMs}`,
      ],
      [
        "events that waited for the disk",
        String(stalled.pending),
        `of ${stalled.events}; ${stalled.missing} missing after`,
      ],
    ],
  );
}

function mib(kilobytes: number): string {
  return (kilobytes / 1024).toFixed(1);
}

/** Promises, one a line, under how they were measured. */
export function objectiveLines(how: string, objectives: readonly Objective[]): string {
  const lines = objectives.map((objective) => {
    const { what, measured, limit, unit } = objective;
    const found = measured === null ? "never" : `${measured.toFixed(measured < 10 ? 2 : 0)} ${unit}`;
    return `${isHeld(objective) ? "held  " : "missed"} ${what.padEnd(52)} ${found.padStart(10)}   promised: at most ${limit}`;
  });
  const none = "none was measured: Holdfast's own row was left out";
  return [`Promises, ${how}:`, ...(lines.length > 0 ? lines : [none])].join("\n");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, index) => Math.max(title.length, 3, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, index) => (index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}
