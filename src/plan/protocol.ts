import type { BackendName, Step } from "./change.ts";

/** The states of a transaction, each an empty file of that name in its directory. The highest number is the state. Names are
 *  made beforehand with a dot, and renamed when the state is reached: a full disk can't stop that. */
export const markers = {
  /** Renamed to `confirmed` or `rollback`, and so exactly one of them ever is. */
  undecided: "00-UNDECIDED",
  staged: "10-STAGED",
  armed: "20-ARMED",
  quiesced: "30-QUIESCED",
  swapped: "40-SWAPPED",
  applied: "50-APPLIED",
  verified: "60-VERIFIED",
  /** The commit point, once its directory is synced. */
  confirmed: "70-CONFIRMED",
  rollback: "80-ROLLBACK",
  rolledBack: "90-ROLLED_BACK",
  /** Rolled back as far as could be; somebody has to look. */
  stuck: "95-STUCK",
} as const;

export type MarkerName = keyof typeof markers;
export type Marker = (typeof markers)[MarkerName];

/** "empty": a directory whose staging never ended. */
export type State = MarkerName | "empty";

/** What may follow what. Back is allowed from everywhere before `confirmed`; nothing leads back from there. */
export const follows: Readonly<Record<State, readonly MarkerName[]>> = {
  empty: ["undecided"],
  undecided: ["staged"],
  staged: ["armed", "rollback"],
  armed: ["quiesced", "rollback"],
  quiesced: ["swapped", "rollback"],
  swapped: ["applied", "rollback"],
  applied: ["verified", "rollback"],
  verified: ["confirmed", "rollback"],
  confirmed: [],
  rollback: ["rolledBack", "stuck"],
  rolledBack: [],
  stuck: ["rolledBack"],
};

/** The state that the names in a transaction's directory show. */
export function stateOf(names: Iterable<string>): State {
  const there = new Set(names);
  const reached = (Object.keys(markers) as MarkerName[]).filter((name) => there.has(markers[name]));
  return reached.at(-1) ?? "empty";
}

/** Which way a transaction must go if whoever drove it is gone. "discard": it never touched the network. */
export type Direction = "back" | "forward" | "done" | "discard";

/** The direction rule: before `confirmed` the only way is back, from it on the only way is forward. */
export function directionOf(state: State): Direction {
  if (state === "confirmed") return "forward";
  if (state === "rolledBack" || state === "stuck") return "done";
  return state === "empty" || state === "undecided" || state === "staged" ? "discard" : "back";
}

/** A file's image by what can be compared. */
export interface ImageRecord {
  /** Hex. */
  readonly sha256: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Extended attributes by name, base64. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One file of a transaction. Its images are `pre.N` and `new.N`, N its place in the list from 0. */
export interface FileRecord {
  /** As it really is, links on the way followed. */
  readonly path: string;
  /** null: there was none. */
  readonly before: ImageRecord | null;
  readonly after: ImageRecord | null;
  readonly isSecret: boolean;
}

/** `manifest.json`: everything about a transaction that is known before it begins. */
export interface Manifest {
  readonly format: 1;
  /** "000042-k3f9qa": a number that grows, and chance. */
  readonly id: string;
  readonly backend: BackendName;
  /** For people: "bond0: miimon 100 → 50". */
  readonly summary: string;
  /** "alice (uid 1000) from 10.0.0.2". */
  readonly who: string;
  /** What a confirmation must not come from: the session or connection that applied. "" when there is none. */
  readonly session: string;
  /** Seconds since 1970, for people. */
  readonly startedAt: number;
  readonly boot: string;
  /** From arming to rolling back. */
  readonly seconds: number;
  /** Hex SHA-256 of the token; the token itself is nowhere. */
  readonly tokenSha256: string;
  readonly files: readonly FileRecord[];
  /** Made for the change, and removed with it, deepest last. */
  readonly directories: readonly string[];
  /** Directories as they were before a guarded command: what has another name was put there by it, and goes with it. */
  readonly watched: readonly { readonly path: string; readonly names: readonly string[] }[];
  readonly quiesce: readonly Step[];
  readonly converge: readonly Step[];
  readonly restore: readonly Step[];
  /** In place of `restore` when rolling back while the host starts, before its network does. */
  readonly atBoot: readonly Step[];
  /** When `restore` fails: addresses and routes as they were, without any backend. */
  readonly emergency: readonly Step[];
}

/** `armed-N`: the timer N runs, until then. Boot and seconds since it, never the wall's clock. */
export interface ArmedRecord {
  readonly number: number;
  readonly boot: string;
  /** CLOCK_BOOTTIME, seconds. */
  readonly deadline: number;
}

export interface ProbeResult {
  /** Stable: "gateway 192.168.1.254", "port eth0", "ssh 10.0.0.2:50312". */
  readonly name: string;
  readonly passed: boolean;
  /** What was seen. */
  readonly detail: string;
  /** "warn": its failure is told and rolls nothing back (DNS). */
  readonly weight: "must" | "warn";
  /** What it weighs where nobody confirms and the probes alone decide; else as above. */
  readonly weightAlone?: "must";
}

/** `baseline.json`: what worked before. */
export interface BaselineRecord {
  readonly probes: readonly ProbeResult[];
  /** Puts addresses and routes back by ip(8) alone, if nothing else does. */
  readonly emergency: readonly Step[];
  /** Whatever the probes want to find again. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What worked before and doesn't now. What failed before can't fail the change; what is new (a port, an address the change
 *  promises) must work. */
export function regressions(
  before: readonly ProbeResult[],
  after: readonly ProbeResult[],
  decides: "somebody" | "probes" = "somebody",
): readonly ProbeResult[] {
  const isMust = (one: ProbeResult) => one.weight === "must" || (decides === "probes" && one.weightAlone === "must");
  const failing = new Set(before.filter(({ passed }) => !passed).map(({ name }) => name));
  const now = new Map(after.map((probe) => [probe.name, probe]));
  const lost = before
    .filter(({ name, passed, weight }) => passed && weight === "must" && !now.has(name))
    .map((probe) => ({ ...probe, passed: false, detail: "it was not probed again" }));
  return [...lost, ...after.filter((one) => !one.passed && isMust(one) && !failing.has(one.name))];
}

/** The names a transaction uses in its own directory. */
export const inside = {
  manifest: "manifest.json",
  baseline: "baseline.json",
  script: "rollback.sh",
  before: (index: number) => `pre.${index}`,
  after: (index: number) => `new.${index}`,
  conflict: (index: number) => `conflict.${index}`,
  armed: (number: number) => `armed-${number}`,
  /** A marker that hasn't been reached. */
  unreached: (marker: Marker) => `.${marker}`,
  tries: (count: number) => `tries-${count}`,
} as const;

/** The name beside a target under which its new or old image waits. Readers of such directories pass over names with a dot
 *  (ifupdown, netplan), and over unknown endings (networkd, NetworkManager). */
export function besideName(name: string, id: string, which: "new" | "old" | "tmp"): string {
  return `.${name}.hf-${id}-${which}`;
}

/** How often rolling back is tried, one try per boot and timer, before it is left for somebody to look at. */
export const mostTries = 3;
