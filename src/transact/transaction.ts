import { join } from "node:path";
import {
  type ArmedRecord,
  type BaselineRecord,
  inside,
  type Manifest,
  type MarkerName,
  markers,
  type State,
  stateOf,
} from "../plan/protocol.ts";
import { attempt, type DiskProblem, diskProblem } from "./disk-problem.ts";
import type { Disk, Places, Ports } from "./ports.ts";

/** A transaction as its directory shows it. */
export interface Transaction {
  readonly id: string;
  readonly directory: string;
  readonly state: State;
  /** undefined: staging never got so far, or it can't be read. */
  readonly manifest: Manifest | undefined;
  /** What the disk says instead of the manifest or the markers; nothing may be concluded then. A manifest that isn't there, or
   *  isn't whole, is no such thing: staging never ended. */
  readonly unreadable?: DiskProblem;
}

/** The directories and names that belong to all transactions. */
export function shared({ state, run }: Places) {
  return {
    /** A link that says the id of the one live transaction. */
    active: join(state, "active"),
    history: join(state, "history"),
    /** Who has the lock: "PID START". */
    owner: join(run, "tx.owner"),
    /** The step that runs: "PID START" of its group's leader. */
    step: join(run, "tx.step"),
    /** When the last wrong tokens came. */
    tries: join(run, "tx.tries"),
  };
}

/** The id of the live transaction, or undefined. */
export function activeId({ disk, places }: Ports): string | undefined {
  return disk.look(shared(places).active)?.target;
}

/** Reads a transaction. */
export function readTransaction(ports: Ports, id: string, parent = ports.places.state): Transaction {
  const directory = join(parent, id);
  const names = attempt(() => ports.disk.list(directory));
  const bytes = attempt(() => ports.disk.read(join(directory, inside.manifest)));
  const manifest = bytes.ok ? (parse(bytes.value) as Manifest | undefined) : undefined;
  const transaction = {
    id,
    directory,
    state: stateOf(names.ok ? names.value : []),
    manifest: manifest?.format === 1 && manifest.id === id ? manifest : undefined,
  };
  const unread = [names, bytes].find((read) => !read.ok && read.error.code !== "ENOENT");
  return unread === undefined || unread.ok ? transaction : { ...transaction, unreadable: unread.error };
}

/** The last timer that was armed, or undefined. */
export function readArmed({ disk }: Ports, { directory }: Transaction): ArmedRecord | undefined {
  const names = attempt(() => disk.list(directory));
  const numbers = (names.ok ? names.value : []).flatMap((name) => /^armed-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const records = numbers
    .toSorted((a, b) => b - a)
    .map((number) => readJson(disk, join(directory, inside.armed(number))) as ArmedRecord | undefined);
  return records.find((record) => record?.boot !== undefined);
}

/** What worked before the change; undefined when it can't be read. */
export function readBaseline({ disk }: Ports, { directory }: Transaction): BaselineRecord | undefined {
  return readJson(disk, join(directory, inside.baseline)) as BaselineRecord | undefined;
}

/** Anything that isn't there or isn't JSON is undefined: a record is written whole or not at all. */
function readJson(disk: Disk, path: string): unknown {
  const bytes = attempt(() => disk.read(path));
  return bytes.ok ? parse(bytes.value) : undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a record. */
export function toJson(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

/** Sets a marker, and returns when it is on the disk. Takes no room: the file has waited there under another name. */
export function reach({ disk }: Ports, { directory }: Pick<Transaction, "directory">, name: MarkerName): void {
  disk.rename(join(directory, inside.unreached(markers[name])), join(directory, markers[name]));
  disk.syncDirectory(directory);
}

/** Takes the transaction's one decision, if it is still to be taken; gives what it is now. Of two that decide at once, one
 *  finds nothing left to rename. It is on the disk only when the directory has been synced. */
export function decide(
  { disk }: Ports,
  { directory }: Pick<Transaction, "directory">,
  wanted: "confirmed" | "rollback",
): "confirmed" | "rollback" | "none" {
  try {
    disk.rename(join(directory, markers.undecided), join(directory, markers[wanted]));
    return wanted;
  } catch (problem) {
    if (diskProblem(problem).code !== "ENOENT") throw problem;
  }
  // Rolling back is looked for first: if a disk ever shows both, nobody was told that it is confirmed.
  if (disk.look(join(directory, markers.rollback)) !== null) return "rollback";
  return disk.look(join(directory, markers.confirmed)) === null ? "none" : "confirmed";
}

/** Whether the decision is still to be taken. Whoever drives a transaction asks before everything it does. */
export function isUndecided({ disk }: Ports, { directory }: Pick<Transaction, "directory">): boolean {
  return disk.look(join(directory, markers.undecided)) !== null;
}
