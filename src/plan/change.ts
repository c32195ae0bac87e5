/** What `plan` shows, `apply` does and `rollback` undoes: one change of a host's network, as data. */

/** Who makes files real. "netlink": nobody's files, only the running kernel. "guard": a command of the user's. */
export const backendNames = [
  "ifupdown",
  "ifupdown2",
  "netplan",
  "networkd",
  "networkmanager",
  "netlink",
  "guard",
] as const;

export type BackendName = (typeof backendNames)[number];

/** A file as it stands on the disk. */
export interface FileImage {
  readonly bytes: Uint8Array;
  /** Permission bits, e.g. 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** security.selinux and other extended attributes, by name. */
  readonly attributes?: ReadonlyMap<string, Uint8Array>;
}

/** null: the file isn't there. */
export interface FileChange {
  /** Absolute, as on the host. */
  readonly path: string;
  readonly before: FileImage | null;
  readonly after: FileImage | null;
  /** A key stands in it: never shown, never readable by others at any instant. */
  readonly isSecret: boolean;
}

/** One program to run. Nothing else changes a running host, so everything can be shown before and repeated by a shell. */
export interface Step {
  readonly argv: readonly [string, ...string[]];
  /** Fed to it, e.g. the lines of `ip -batch -`. */
  readonly stdin?: string;
  /** It is killed after so many seconds. */
  readonly limitSeconds: number;
  /** For people: "Takes bond0 down with the files it came up with". */
  readonly why: string;
  /** "stop": its failure rolls the change back. "go-on": it is reported, and verification decides. */
  readonly onFailure: "stop" | "go-on";
  /** On the way back it is done before the files are: it needs none of them, and the host is reached again when it ends. */
  readonly beforeFiles?: true;
}

/** How long traffic is expected to stop. Absent: nothing is known. */
export interface Interruption {
  /** ms; 0: no packet is lost. */
  readonly ms: number;
  /** "kernel": the kernel takes the option on a running bond. "rehearsal": measured in the lab. "rule": what such a change
   *  cost where it was measured. */
  readonly from: "kernel" | "rehearsal" | "rule";
  readonly why: string;
}

export interface Change {
  readonly backend: BackendName;
  readonly files: readonly FileChange[];
  /** While the old files are still in place (ifupdown must take down what it brought up). */
  readonly quiesce: readonly Step[];
  /** With the new files in place. */
  readonly converge: readonly Step[];
  /** With the old files back in place: makes the running host what it was. Repeatable any number of times. */
  readonly restore: readonly Step[];
  /** The same while the host starts, before its network does: what a generator has already read (netplan) is made anew. */
  readonly atBoot?: readonly Step[];
  /** Directories in which a guarded command may leave files nobody could foresee: rolling back removes those. */
  readonly watched?: readonly string[];
  readonly interruption?: Interruption;
}
