import type { StepOutcome } from "../../host/linux/run-step.ts";
import { failed, ok } from "../../model/result.ts";
import type { ProbeResult } from "../../plan/protocol.ts";
import type { Places, Ports } from "../ports.ts";
import { isSuperseded, rollBack } from "../roll-back.ts";
import { readArmed, readTransaction } from "../transaction.ts";
import type { Chance } from "./chance.ts";
import { type MemoryDisk, memoryDisk, type Surviving } from "./memory-disk.ts";

/** Thrown into a process that is killed. It has no `code`: nobody takes it for a disk's refusal. */
export class Killed extends Error {}

/** A process of the simulated machine. */
export interface Process {
  readonly ports: Ports;
  isAlive: boolean;
}

/** Something a process is about to do: "rename /etc/x", "run net-up", "arm 1". May throw, or do something itself first. */
export type BeforeAct = (act: string, path: string, partly: () => void, process: Process) => void;

/** A host with a disk that forgets, timers that don't, a network that is what the files said when it was brought up. */
export interface Machine {
  readonly disk: MemoryDisk;
  /** What the running network was made from: the managed files' texts; "down". */
  network: string;
  /** What was started and hasn't ended: timers that fired. */
  readonly running: Promise<void>[];
  now: number;
  /** The power is gone, and how much of what isn't synced survives it. Until the reboot nothing can be done. */
  lostPower: Surviving | undefined;
  /** Called before everything a process does. */
  before: BeforeAct;
  /** Whether the probe of the gateway passes with the network as it is. */
  reaches: (network: string) => boolean;
  /** Told of each step that is run, before it does anything; gives what it comes to if not to success. */
  onStep: (name: string) => "works" | "fails" | "hangs";
  /** The managed files as they are now. */
  signature(): string;
  start(): Process;
  /** Fires every timer that is due. */
  fireDue(): void;
  /** Fires the timer that is armed, whatever the time is. */
  fireNow(): void;
  /** Whether any timer is armed. */
  isArmed(): boolean;
  /** The kernel is gone: processes, timers, lock, /run. What wasn't synced is gone if the power was. */
  reboot(): void;
  /** Until nothing runs any more. */
  quiet(): Promise<void>;
}

export const simulatedPlaces: Places = { state: "/var/lib/holdfast/tx", run: "/run/holdfast", within: ["/etc"] };

interface Inner {
  readonly chance: Chance;
  readonly timers: Map<string, { at: number; id: string; number: number }>;
  readonly signature: () => string;
  boot: number;
  holder: Process | undefined;
  pids: number;
  processes: Process[];
}

export function makeMachine(chance: Chance, managed: () => readonly string[]): Machine {
  const disk = memoryDisk(chance);
  const signature = () =>
    managed()
      .map((path) => `${path}=${Buffer.from(disk.find(path)?.bytes ?? Buffer.from("none")).toString("latin1")}`)
      .join("\n");
  const inner: Inner = { chance, timers: new Map(), signature, boot: 1, holder: undefined, pids: 100, processes: [] };
  const machine: Machine = {
    disk,
    network: "",
    running: [],
    now: 1000,
    lostPower: undefined,
    before: () => {},
    reaches: () => true,
    onStep: () => "works",
    signature,
    start: () => startProcess(machine, inner),
    fireDue() {
      for (const [key, timer] of [...inner.timers]) {
        if (timer.at <= machine.now) fire(machine, inner, key);
      }
    },
    fireNow() {
      for (const key of [...inner.timers.keys()]) fire(machine, inner, key);
    },
    isArmed: () => inner.timers.size > 0,
    reboot() {
      if (machine.lostPower !== undefined) disk.powerCut(machine.lostPower);
      machine.lostPower = undefined;
      for (const process of inner.processes) process.isAlive = false;
      inner.processes = [];
      inner.timers.clear();
      inner.holder = undefined;
      inner.boot++;
      machine.now = 20;
      machine.network = "down";
      const run = disk.find("/run");
      run?.names.clear();
      run?.durable.names.clear();
    },
    async quiet() {
      while (machine.running.length > 0) await machine.running.shift();
    },
  };
  return machine;
}

/** PID 1 starts rollback.sh. One that finds the lock held waits ten seconds, and then kills who holds it. */
function fire(machine: Machine, inner: Inner, key: string): void {
  const timer = inner.timers.get(key);
  if (timer === undefined) return;
  inner.timers.delete(key);
  const boot = inner.boot;
  const work = async () => {
    for (let round = 0; round < 3 && boot === inner.boot; round++) {
      const { ports } = startProcess(machine, inner);
      const transaction = readTransaction(ports, timer.id);
      if (transaction.state === "empty" || isSuperseded(readArmed(ports, transaction), timer.number)) return;
      const done = await rollBack(ports);
      if (done.ok || !["busy", "pending"].includes(done.error.code)) return;
      if (inner.holder !== undefined) inner.holder.isAlive = false;
    }
  };
  machine.running.push(
    work().catch((problem: unknown) => {
      if (!(problem instanceof Killed) && !isRefusal(problem)) throw problem;
    }),
  );
}

function isRefusal(problem: unknown): boolean {
  return problem instanceof Error && "code" in problem;
}

function startProcess(machine: Machine, inner: Inner): Process {
  const pid = ++inner.pids;
  const act = (name: string, path: string, partly: () => void = () => {}) => {
    if (!process.isAlive || machine.lostPower !== undefined) throw new Killed();
    machine.before(name, path, partly, process);
    if (!process.isAlive || machine.lostPower !== undefined) throw new Killed();
  };
  const probe = (name: string): ProbeResult => {
    const passed = machine.reaches(machine.network);
    return { name, passed, detail: passed ? "answers" : "doesn't answer", weight: "must" };
  };
  const process: Process = {
    isAlive: true,
    ports: {
      disk: machine.disk.view((op, path, partly) => act(op, path, partly)),
      places: simulatedPlaces,
      random: (bytes) => Uint8Array.from({ length: bytes }, () => inner.chance.below(256)),
      deadMan: deadManOf(machine, inner, act),
      runner: {
        async run(step, onStart) {
          act("run", step.argv[0]);
          onStart({ pid: pid * 10, start: "7" });
          const outcome = runStep(machine, inner, step.argv[0], step.limitSeconds);
          act("ran", step.argv[0]);
          return outcome;
        },
        end: async () => act("end", ""),
      },
      probes: {
        async baseline() {
          act("baseline", "");
          return { probes: [probe("gateway")], emergency: [], facts: {} };
        },
        async prove() {
          act("prove", "");
          machine.now += 3;
          machine.fireDue();
          return [probe("gateway")];
        },
      },
      clock: {
        now: () => machine.now,
        boot: () => `boot-${inner.boot}`,
        wall: () => 0,
        self: () => ({ pid, start: "7" }),
        async sleep(seconds) {
          act("sleep", "");
          machine.now += seconds;
          machine.fireDue();
        },
      },
      drills: { take: () => ok(() => {}) },
      lock: {
        take() {
          act("lock", "");
          if (inner.holder?.isAlive === true) return failed({ pid: undefined });
          inner.holder = process;
          return ok(() => {
            if (inner.holder === process) inner.holder = undefined;
          });
        },
      },
    },
  };
  inner.processes.push(process);
  return process;
}

function deadManOf(machine: Machine, inner: Inner, act: (name: string, path: string) => void): Ports["deadMan"] {
  return {
    async arm({ id, number, seconds }) {
      act("arm", String(number));
      inner.timers.set(`${id} ${number}`, { at: machine.now + seconds, id, number });
      return ok(undefined);
    },
    async check({ id, number }) {
      act("check", String(number));
      const timer = inner.timers.get(`${id} ${number}`);
      return timer === undefined ? failed({ message: "there is no such timer" }) : ok(timer.at - machine.now);
    },
    async disarm({ id, number }) {
      act("disarm", String(number));
      inner.timers.delete(`${id} ${number}`);
      return ok(undefined);
    },
  };
}

function runStep(machine: Machine, inner: Inner, name: string, limitSeconds: number): StepOutcome {
  const comesTo = machine.onStep(name);
  const seconds = comesTo === "hangs" ? limitSeconds : 1;
  machine.now += seconds;
  if (comesTo === "works" || inner.chance.happens(0.5)) {
    if (name === "net-down") machine.network = "down";
    if (name === "net-lend") machine.network = "lent";
    if (name === "net-up" || name === "net-restore") machine.network = inner.signature();
  }
  machine.fireDue();
  const status = comesTo === "works" ? 0 : comesTo === "fails" ? 1 : null;
  return { status, wasKilled: comesTo === "hangs", output: "", seconds };
}
