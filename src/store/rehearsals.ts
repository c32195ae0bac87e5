import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import type { Config } from "../model/config.ts";
import { withDefaults } from "../model/defaults.ts";

/** What rehearsals have promised, by configuration: so that who changes or drills a host can say what was to be expected. */

/** One scenario, as it was rehearsed last. */
export interface Rehearsed
  extends Pick<ScenarioResult, "id" | "kind" | "expected" | "outageMs" | "reselectMs" | "uncertaintyMs" | "verdict"> {
  /** Wall clock, ms since 1970. */
  readonly at: number;
  /** How often it was run; the figures are the worst. */
  readonly repeats: number;
}

/** All that was rehearsed of one configuration. */
export interface KeptRehearsal {
  /** The kernel alone. */
  readonly kernel: readonly Rehearsed[];
  /** With Holdfast's agent; empty where it never ran. */
  readonly withAgent: readonly Rehearsed[];
}

/** A rehearsal in short, for the trend. */
export interface RehearsalRecord {
  /** Wall clock, ms since 1970. */
  readonly at: number;
  /** Of the configuration: `networkDigest`. */
  readonly configuration: string;
  readonly by: "kernel" | "agent";
  /** Scenarios that were run, and those of them that missed the objectives. */
  readonly scenarios: number;
  readonly missed: number;
  /** The one with the longest outage among those that were promised a way; "" none was. */
  readonly worst: string;
  /** Its outage, ms; null: it never ended while watched. */
  readonly outageMs: number | null;
}

/** Who asks: for the host, or for himself. */
export interface Keeper {
  readonly keeps: "host" | "own";
  /** "" where there is none. */
  readonly home: string;
  /** $XDG_STATE_HOME */
  readonly stateHome?: string | undefined;
}

/** Configurations kept, the latest. */
const mostKept = 50;
/** More is nothing of ours. */
const mostBytes = 4 << 20;
const hostDirectory = "/var/lib/holdfast/rehearsals";

/** Where rehearsals are kept; the first is where this user's go. */
export function rehearsalDirectories({ keeps, home, stateHome }: Keeper): readonly string[] {
  const state = stateHome?.startsWith("/") ? stateHome : home === "" ? "" : join(home, ".local/state");
  const own = state === "" ? [] : [join(state, "holdfast/rehearsals")];
  return keeps === "host" ? [hostDirectory, ...own] : [...own, hostDirectory];
}

/** A name for what a configuration says of the network, the same however it is written: 64 hexadecimal digits. What it says of objectives, messages
 *  and schedules changes nothing that a rehearsal shows, nor do keys. */
export function networkDigest(config: Config): string {
  const { objectives: _, sections: __, uplinks, ...rest } = withDefaults(config);
  // Whose a line is changes nothing that a rehearsal shows.
  const network = { ...rest, uplinks: uplinks.map(({ provider: ___, ...uplink }) => uplink) };
  return createHash("sha256")
    .update(JSON.stringify(network, (_key, value: unknown) => sorted(value)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Keeps what a rehearsal has shown; of scenarios that it left out what was known stays. Throws what the disk says. */
export function keepRehearsal(
  directory: string,
  config: Config,
  ran: { readonly kernel: Rehearsal; readonly cured?: Rehearsal },
  at: number,
): void {
  const known = lastRehearsal([directory], config);
  const kept: KeptRehearsal = {
    kernel: merged(known?.kernel ?? [], ran.kernel, at),
    withAgent: merged(known?.withAgent ?? [], ran.cured, at),
  };
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const path = join(directory, `${networkDigest(config)}.json`);
  writeFileSync(`${path}.part`, `${JSON.stringify(kept)}\n`, { mode: 0o640 });
  renameSync(`${path}.part`, path);
  keepTrend(directory, [
    recordOf(ran.kernel, networkDigest(config), at),
    ...(ran.cured === undefined ? [] : [recordOf(ran.cured, networkDigest(config), at)]),
  ]);
  forgetOldest(directory);
}

/** A line each, as many as drills have. */
const trendName = "history.jsonl";
const mostRecords = 500;

function keepTrend(directory: string, records: readonly RehearsalRecord[]): void {
  const path = join(directory, trendName);
  const lines = [...readRehearsals(directory), ...records].slice(-mostRecords).map((each) => JSON.stringify(each));
  writeFileSync(`${path}.part`, `${lines.join("\n")}\n`, { mode: 0o640 });
  renameSync(`${path}.part`, path);
}

/** Every rehearsal kept in short, the oldest first. None where there is nothing to read; a broken line is left out. */
export function readRehearsals(directory: string): readonly RehearsalRecord[] {
  let text = "";
  try {
    text = readFileSync(join(directory, trendName), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      const value = JSON.parse(line) as RehearsalRecord;
      return typeof value.at === "number" && typeof value.scenarios === "number" ? [value] : [];
    } catch {
      return [];
    }
  });
}

function recordOf({ scenarios, agent }: Rehearsal, configuration: string, at: number): RehearsalRecord {
  const outage = ({ outageMs: { toHost, fromHost } }: ScenarioResult): number =>
    toHost === null || fromHost === null ? Number.POSITIVE_INFINITY : Math.max(toHost, fromHost);
  const promised = scenarios.filter(({ expected }) => expected === "survives");
  const [worst] = promised.toSorted((one, other) => outage(other) - outage(one));
  const longest = worst === undefined ? 0 : outage(worst);
  return {
    at,
    configuration,
    by: agent === true ? "agent" : "kernel",
    scenarios: scenarios.length,
    missed: scenarios.filter(({ verdict }) => verdict === "missed").length,
    worst: worst?.id ?? "",
    outageMs: Number.isFinite(longest) ? longest : null,
  };
}

function merged(known: readonly Rehearsed[], ran: Rehearsal | undefined, at: number): readonly Rehearsed[] {
  const fresh = (ran?.scenarios ?? []).map((each): Rehearsed => {
    const { id, kind, expected, outageMs, reselectMs, uncertaintyMs, verdict, repeats } = each;
    return { id, kind, expected, outageMs, reselectMs, uncertaintyMs, verdict, at, repeats: repeats.length };
  });
  return [...fresh, ...known.filter(({ id }) => !fresh.some((each) => each.id === id))];
}

function forgetOldest(directory: string): void {
  const files = readdirSync(directory)
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .map((name) => ({ path: join(directory, name), at: statSync(join(directory, name)).mtimeMs }));
  for (const { path } of files.toSorted((one, other) => other.at - one.at).slice(mostKept))
    rmSync(path, { force: true });
}

/** What the latest rehearsal of the same configuration has shown; undefined: none is known there. */
export function lastRehearsal(directories: readonly string[], config: Config): KeptRehearsal | undefined {
  const name = `${networkDigest(config)}.json`;
  const found = directories.flatMap((directory) => read(join(directory, name)) ?? []);
  const latest = ({ kernel }: KeptRehearsal): number => Math.max(...kernel.map(({ at }) => at));
  return found.toSorted((one, other) => latest(other) - latest(one))[0];
}

/** Somebody else may have written it: what isn't one is none. */
function read(path: string): KeptRehearsal | undefined {
  try {
    const about = statSync(path);
    if (!about.isFile() || about.size > mostBytes) return undefined;
    const { kernel, withAgent } = JSON.parse(readFileSync(path, "utf8")) as Partial<KeptRehearsal>;
    const areAll = [kernel, withAgent].every((list) => Array.isArray(list) && list.every(isRehearsed));
    return areAll && kernel !== undefined && withAgent !== undefined ? { kernel, withAgent } : undefined;
  } catch {
    return undefined;
  }
}

function isRehearsed(value: Partial<Rehearsed> | null): boolean {
  const isGap = (gap: unknown): boolean => gap === null || typeof gap === "number";
  return (
    typeof value?.id === "string" &&
    typeof value.kind === "string" &&
    typeof value.at === "number" &&
    typeof value.uncertaintyMs === "number" &&
    [value.outageMs, value.reselectMs].every((gaps) => isGap(gaps?.toHost) && isGap(gaps?.fromHost))
  );
}
