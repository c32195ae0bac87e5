import type { Chance } from "./chance.ts";
import { Killed, type Machine, type Process } from "./machine.ts";
import type { Surviving } from "./memory-disk.ts";

/** What goes wrong, and before which of the things that are done. */
export type Fault =
  /** The process is killed. */
  | { readonly what: "kill"; readonly at: number }
  /** The machine loses its power. */
  | { readonly what: "power"; readonly at: number; readonly surviving: Surviving }
  /** The timer fires, and the process goes on; or is so slow that it is killed for the lock. */
  | { readonly what: "timer"; readonly at: number; readonly slow: "no" | "yes" }
  /** The disk refuses once, or everything that writes from then on until the machine starts again. */
  | {
      readonly what: "disk";
      readonly at: number;
      readonly code: "ENOSPC" | "EIO" | "EROFS";
      readonly lasts: "once" | "on";
    };

const powerModes = ["none", "all", "prefix", "some"] as const;

/** Faults by chance: mostly one in what is done first, then perhaps one or two in what mends it. */
export function makeFaults(chance: Chance): readonly Fault[] {
  const first = makeFault(chance, 260);
  const second = chance.happens(0.5) ? [makeFault(chance, 90)] : [];
  const third = second.length > 0 && chance.happens(0.4) ? [makeFault(chance, 90)] : [];
  return [first, ...second, ...third];
}

function makeFault(chance: Chance, within: number): Fault {
  const at = chance.below(within);
  const what = chance.oneOf<Fault["what"]>(["kill", "power", "power", "timer", "disk"]);
  if (what === "kill") return { what, at };
  if (what === "power") return { what, at, surviving: chance.oneOf([...powerModes]) };
  if (what === "timer") return { what, at, slow: chance.oneOf(["no", "yes"]) };
  const code = chance.oneOf<Extract<Fault, { what: "disk" }>["code"]>(["ENOSPC", "EIO", "EROFS"]);
  return { what, at, code, lasts: chance.oneOf(["once", "on"]) };
}

/** Faults at work. */
export interface Faults {
  /** The next of them is counted from now. */
  next(): void;
  /** A machine that starts again has a disk that works. */
  heal(): void;
  /** Whether the disk refuses until the machine starts again. */
  isLasting(): boolean;
  /** How many things were done since `next`. */
  count(): number;
}

const needRoom = new Set(["create", "write", "makeDirectory", "symlink", "sync"]);
const writing = new Set([...needRoom, "rename", "unlink", "removeDirectory", "dress", "syncDirectory"]);

/** Has the machine suffer these, in their order: each waits for `next`. */
export function letFail(machine: Machine, faults: readonly Fault[]): Faults {
  const waiting = [...faults];
  let current: Fault | undefined;
  let lasting: Extract<Fault, { what: "disk" }> | undefined;
  let done = 0;
  machine.before = (act, path, partly, process) => {
    const index = done++;
    // /run is memory: a disk's faults aren't its own.
    if (lasting !== undefined && isRefused(lasting, act, path)) throw refusal(lasting, path, partly);
    if (current === undefined || index < current.at) return;
    if (current.what === "disk") {
      if (!isRefused(current, act, path)) return;
      const fault = current;
      current = undefined;
      if (fault.lasts === "on") lasting = fault;
      throw refusal(fault, path, partly);
    }
    const fault = current;
    current = undefined;
    strike(machine, fault, process);
  };
  return {
    next() {
      current = waiting.shift();
      done = 0;
    },
    heal() {
      lasting = undefined;
    },
    isLasting: () => lasting !== undefined,
    count: () => done,
  };
}

function strike(machine: Machine, fault: Exclude<Fault, { what: "disk" }>, process: Process): void {
  switch (fault.what) {
    case "kill":
      process.isAlive = false;
      throw new Killed();
    case "power":
      machine.lostPower = fault.surviving;
      throw new Killed();
    case "timer":
      if (fault.slow === "yes") process.isAlive = false;
      machine.fireNow();
  }
}

function isRefused({ code }: Extract<Fault, { what: "disk" }>, act: string, path: string): boolean {
  if (path.startsWith("/run")) return false;
  return code === "ENOSPC" ? needRoom.has(act) : code === "EIO" ? writing.has(act) || act === "read" : writing.has(act);
}

function refusal({ code }: { readonly code: string }, path: string, partly: () => void): Error {
  if (code !== "EROFS") partly();
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
