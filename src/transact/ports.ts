import type { DeadMan } from "../host/linux/dead-man.ts";
import type { StepOutcome } from "../host/linux/run-step.ts";
import type { HostClock, ProcessMark } from "../host/linux/this-process.ts";
import type { Result } from "../model/result.ts";
import type { Step } from "../plan/change.ts";
import type { BaselineRecord, ProbeResult } from "../plan/protocol.ts";

/** What a transaction needs of a machine. The host's own are in host/linux and beside the command line; the simulation's
 *  are in transact/testing. The engine between them is the same. */
export interface Ports {
  readonly disk: Disk;
  readonly deadMan: DeadMan;
  readonly runner: Runner;
  readonly probes: Probes;
  readonly clock: HostClock;
  /** `<run>/tx.lock`: whoever carries a transaction on. */
  readonly lock: Lock;
  /** Held by whoever drills this host: `<run>/drill`. */
  readonly drills: Lock;
  readonly places: Places;
  /** So many bytes nobody can guess. */
  random(bytes: number): Uint8Array;
}

/** Where things are. Tests give other places; nothing a user could trip on does. */
export interface Places {
  /** 0700 root, on a disk that outlives a reboot. "/var/lib/holdfast/tx". */
  readonly state: string;
  /** Emptied by a reboot. "/run/holdfast". */
  readonly run: string;
  /** Directories a change may write below, as they really are. ["/etc"]. */
  readonly within: readonly string[];
}

/** Files, one system call per function, synchronous, so that a simulation can stop before each. Every function throws what
 *  Node's fs throws: an Error with `code` ("ENOENT", "ENOSPC", "EIO", "EROFS"). Paths are absolute. */
export interface Disk {
  /** A new file, 0600, of the caller. EEXIST when anything has that name: O_CREAT | O_EXCL | O_NOFOLLOW. */
  create(path: string): NewFile;
  /** What has that name, not following links; null when nothing has. */
  look(path: string): Entry | null;
  /** All of a plain file, never through a link (ELOOP). EFBIG above 16 MiB. */
  read(path: string): Uint8Array;
  /** Extended attributes that a copy must carry: security.*, system.posix_acl_access, user.*. */
  attributes(path: string): ReadonlyMap<string, Uint8Array>;
  /** Names in a directory, without order. */
  list(path: string): readonly string[];
  makeDirectory(path: string, mode: number): void;
  /** Both on one file system; takes the place of what is at `to`. */
  rename(from: string, to: string): void;
  unlink(path: string): void;
  removeDirectory(path: string): void;
  /** A link at `path` that says `target`. */
  symlink(target: string, path: string): void;
  /** Owner, mode and attributes of a file that is there, on the disk when it returns. Mode last, so that nobody gets more than
   *  at the end. */
  dress(path: string, dress: Dress): void;
  /** fsync of a directory: its names are on the disk. */
  syncDirectory(path: string): void;
  /** The path with every link on the way followed. ENOENT as the kernel says it. */
  resolve(path: string): string;
  /** Why nothing can be written at that place ("read-only file system", "immutable"), or null. Touches nothing. */
  obstacle(path: string): string | null;
}

/** A file being made. Whatever is thrown by `sync` means: unwritten, for ever (a second fsync would lie). */
export interface NewFile {
  write(bytes: Uint8Array): void;
  dress(dress: Dress): void;
  sync(): void;
  close(): void;
}

export interface Dress {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly attributes?: ReadonlyMap<string, Uint8Array>;
}

export interface Entry {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** How many names the file has. */
  readonly links: number;
  readonly bytes: number;
  /** Where a link leads, as written. */
  readonly target?: string;
}

export interface Runner {
  /** Runs a step in a process group of its own; after its limit the whole group is killed, and it has ended when this returns.
   *  `onStart` gets the group's leader before anything is waited for. Never throws: a missing program is status null. */
  run(step: Step, onStart: (leader: ProcessMark) => void): Promise<StepOutcome>;
  /** Kills the group of a step whose driver has died, and returns when it is gone. Nothing happens unless its leader, or what
   *  is left of its group, is that very process. */
  end(leader: ProcessMark): Promise<void>;
}

export interface Probes {
  /** What works now, and what of the running host is worth knowing in an emergency. Changes nothing. */
  baseline(): Promise<BaselineRecord>;
  /** The same again with the change in place; each port is steered to and proven. Names are those of the baseline. Once the signal is
   *  aborted it steers nothing any more, and rejects. */
  prove(baseline: BaselineRecord, signal: AbortSignal): Promise<readonly ProbeResult[]>;
}

export interface Lock {
  /** Takes it by flock(2), at once or not at all. The kernel frees it however the holder ends. */
  take(): Result<() => void, { readonly pid: number | undefined }>;
}
