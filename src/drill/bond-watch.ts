import { monotonicMs } from "../host/linux/libc.ts";
import { readActivePort } from "../lab/guest/bond-state.ts";
import {
  activePortIn,
  closeKernelLog,
  isTelling,
  type KernelLog,
  openKernelLog,
  readKernelLog,
} from "../lab/guest/kernel-log.ts";

/** What the kernel says of the bond, and which port it uses, as it goes on. Times are ms of the monotonic clock. */
export interface BondWatch {
  readonly kernel: { readonly atMs: number; readonly text: string }[];
  readonly active: { readonly atMs: number; readonly port: string }[];
  /** Takes in what has come. */
  look(): void;
  close(): void;
}

/** Reads the kernel's log where this may be done; else only looks which port is active, whenever it is told to look. */
export function watchBond(bond: string): BondWatch {
  const log = logOrNone();
  const kernel: { atMs: number; text: string }[] = [];
  const active = [{ atMs: monotonicMs(), port: readActivePort(bond) }];
  return {
    kernel,
    active,
    look() {
      for (const { atNs, text } of log === undefined ? [] : readKernelLog(log)) {
        if (!isTelling(text, [bond])) continue;
        const atMs = Number(atNs) / 1e6;
        kernel.push({ atMs, text });
        const port = activePortIn(text, bond);
        if (port !== undefined) active.push({ atMs, port });
      }
      // Somebody may have steered it: the kernel doesn't log that under every version.
      const now = readActivePort(bond);
      if (active.at(-1)?.port !== now) active.push({ atMs: monotonicMs(), port: now });
    },
    close() {
      if (log !== undefined) closeKernelLog(log);
    },
  };
}

function logOrNone(): KernelLog | undefined {
  try {
    return openKernelLog();
  } catch {
    return undefined;
  }
}
