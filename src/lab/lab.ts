import type { Duplex } from "node:stream";
import type { Result } from "../model/result.ts";

export type EngineName = "uml-tt" | "uml" | "qemu";

/** A kernel that can be booted, before it is. */
export interface Engine {
  readonly name: EngineName;
  readonly clock: "virtual" | "real";
  /** "6.1.192-holdfastlab (Debian linux-source-6.1, built by make lab-kernel)". */
  readonly kernel: string;
  /** The kernel's own file on the host, uncompressed and checked. */
  readonly image: string;
  /** It can simulate radios (mac80211_hwsim). */
  readonly radios?: true;
  /** Host directory that stands for /lib/modules: the kernel's modules, or the list of what is built in. */
  readonly modules?: string;
  /** With the engine qemu: its program, the kernel's first root, and the layer that both came in ("": the machine's own). */
  readonly qemu?: { readonly program: string; readonly initrd: string; readonly layer: string };
}

/** Why no lab is to be had, with the remedy. */
export interface LabError {
  readonly code:
    | "no-kernel"
    | "cpu-unsupported"
    | "no-packages"
    | "no-cache"
    | "boot-failed"
    | "timeout"
    | "guest-failed"
    | "bring-up-hung"
    | "rebooted"
    | "aborted";
  readonly message: string;
  readonly hint: string;
  /** Where the guest's log was kept, when there is one. */
  readonly log?: string;
}

export interface BootOptions {
  readonly engine: Engine;
  /** The job for the runner inside, JSON-serialisable; handed over before boot (in virtual time nothing can be said later). */
  readonly job: unknown;
  readonly memoryMb?: number;
  /** bonding.max_bonds on the kernel's command line; systemd ships 0. */
  readonly maxBonds?: number;
  /** Real time after which everything is killed, ms. */
  readonly timeoutMs: number;
  /** Real time after which a guest that says nothing more is ended, ms, by its last message; undefined: none of its own.
   *  A program that never sleeps stops a virtual clock, and then nobody inside can end it. */
  readonly quietMs?: (last: unknown) => number | undefined;
  readonly signal?: AbortSignal;
  /** The program that runs inside, a path on the host; absent: the project's own, dist/guest.js. */
  readonly runner?: string;
  /** Debian packages the guest needs; what the host lacks of them lies in a layer of its own. Absent: `guestPackages`. */
  readonly packages?: readonly string[];
  /** Wants a line both ways, /dev/ttyS1 in the guest, for as long as the lab lasts. Only for user-mode Linux on a real clock: a guest in
   *  virtual time that waits for an answer from outside leaps to its next timer meanwhile. */
  readonly onLine?: (line: Duplex) => void;
  /** Each JSON line the runner sends, parsed. */
  readonly onMessage: (message: unknown) => void;
}

/** Boots, runs the job, waits for power-off. Every process and temporary file is gone when it returns, whatever happened.
 *  `log` is the text of the guest's console; `tookMs` real time. */
export type RunLab = (
  options: BootOptions,
) => Promise<Result<{ readonly log: string; readonly tookMs: number }, LabError>>;
