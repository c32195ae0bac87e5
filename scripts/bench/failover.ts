import { runLab } from "../../src/lab/boot.ts";
import { chooseEngine } from "../../src/lab/engines.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { runDrills } from "../../src/lab/run-drills.ts";
import { measure } from "../../src/measure/measure.ts";
import { percentile, worstOf } from "../../src/measure/statistics.ts";
import { type Driver, drivers } from "./drivers.ts";
import { drillsOf, type Fault, faults } from "./faults.ts";

/** median / p95 / worst over repeats, the worse direction of each, ms; null: it never ended while watched. */
export interface Spread {
  readonly median: number | null;
  readonly p95: number | null;
  readonly worst: number | null;
}

/** What one driver made of one fault. */
export interface Cell {
  readonly repeats: number;
  /** From the fault to the first packet that got through. */
  readonly outageMs: Spread;
  /** The gap when the fault was mended and traffic went back to the primary. */
  readonly reselectMs: Spread;
  /** Longest silence of a TCP session that says something every 10 ms. */
  readonly tcpStallMs: Spread;
  /** Repeats in which the session did not live on. */
  readonly tcpBroken: number;
  /** Repeats in which packets were lost in the 300 ms before the fault, while nothing was wrong. */
  readonly lossyBefore: number;
  /** One figure per repeat, in order. */
  readonly raw: { readonly outageMs: readonly (number | null)[]; readonly reselectMs: readonly (number | null)[] };
}

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly cells: Readonly<Partial<Record<Fault["id"], Cell>>>;
}

/** The whole table, with what it was measured on. */
export interface FailoverResult {
  readonly engine: string;
  readonly kernel: string;
  readonly clock: string;
  readonly repeats: number;
  readonly rows: readonly Row[];
}

export interface FailoverOptions {
  readonly repeats: number;
  /** Ids of drivers and faults; empty: all. */
  readonly only: readonly string[];
  readonly onProgress: (line: string) => void;
}

/** Runs every driver through every fault in the lab. Throws naming the driver whose lab failed. */
export async function benchFailover(options: FailoverOptions): Promise<FailoverResult> {
  const engine = await chooseEngine();
  if (!engine.ok) throw new Error(`${engine.error.message}. ${engine.error.hint}`);
  const wanted = <T extends { readonly id: string }>(all: readonly T[]): readonly T[] => {
    const named = all.filter(({ id }) => options.only.includes(id));
    return named.length === 0 ? all : named;
  };
  const rows: Row[] = [];
  for (const driver of wanted(drivers)) {
    const cells: Partial<Record<Fault["id"], Cell>> = {};
    for (const fault of wanted(faults)) {
      options.onProgress(`${driver.name}: ${fault.scenario.fault}`);
      cells[fault.id] = await runCell(engine.value, driver, fault, options.repeats);
    }
    rows.push({ id: driver.id, name: driver.name, cells });
  }
  const { name, kernel, clock } = engine.value;
  return { engine: name, kernel, clock, repeats: options.repeats, rows };
}

/** A driver that loses more of what is sent while all is well does not work at all. */
const SICK = 0.05;

/** Real time one lab may take, ms. */
const LAB_BASE_MS = 120_000;
const DRILL_MS = 60_000;

async function runCell(engine: Engine, driver: Driver, fault: Fault, asked: number): Promise<Cell> {
  const drills = drillsOf(driver, fault, asked);
  const { bringUp, agent } = driver;
  const drilled = await runDrills(runLab, {
    job: { plan: fault.plan, clock: engine.clock, files: {}, bringUp, ...(agent === undefined ? {} : { agent }) },
    drills,
    boot: {
      engine,
      packages: driver.packages ?? [],
      timeoutMs: LAB_BASE_MS + drills.length * DRILL_MS,
    },
    onTrace: () => undefined,
    onUp: () => undefined,
  });
  if (!drilled.ok) throw new Error(`${driver.name}, ${fault.id}: ${drilled.error.message}`);
  const { traces, up } = drilled.value;
  if (up.exit !== 0) throw new Error(`${driver.name} does not come up: ${up.output}`);
  const measured = traces.map((trace) => measure(trace, fault.scenario, engine.clock));
  const lostBefore = measured.map(({ lossBefore }) => lossBefore);
  const ill = lostBefore.findIndex((share) => share > SICK);
  if (ill >= 0) throw new Error(`${driver.name}, ${fault.id}: repeat ${ill} began with a sick network`);
  const outageMs = measured.map(({ outageMs: both }) => worstOf([both.toHost, both.fromHost]));
  const reselectMs = measured.map(({ reselectMs: both }) => worstOf([both.toHost, both.fromHost]));
  return {
    repeats: measured.length,
    outageMs: spread(outageMs),
    reselectMs: spread(reselectMs),
    tcpStallMs: spread(measured.map(({ tcp }) => tcp.stallMs)),
    tcpBroken: measured.filter(({ tcp }) => !tcp.survived).length,
    lossyBefore: lostBefore.filter((share) => share > 0).length,
    raw: { outageMs, reselectMs },
  };
}

/** The three figures the table shows. */
export function spread(values: readonly (number | null)[]): Spread {
  return { median: percentile(values, 0.5), p95: percentile(values, 0.95), worst: percentile(values, 1) };
}
