import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openDeadMan } from "../host/linux/dead-man.ts";
import { drillsName, lockDirectory, lockFile } from "../host/linux/file-lock.ts";
import { endStep, runStep } from "../host/linux/run-step.ts";
import { hostClock } from "../host/linux/this-process.ts";
import { failed } from "../model/result.ts";
import { hostDisk } from "./host-disk.ts";
import { hostPlaces } from "./places.ts";
import type { Lock, Places, Ports, Probes } from "./ports.ts";

export interface HostPortsSettings {
  /** Where nothing is probed (confirm, rollback, history): absent. */
  readonly probes?: Probes;
  /** Tests give other places. */
  readonly places?: Places;
  /** A guarded command sees what its operator sees; steps of a plan see a plain environment. */
  readonly operator?: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly workingDirectory: string;
  };
}

/** This machine's own ports. */
export function hostPorts({ probes = noProbes, places = hostPlaces, operator }: HostPortsSettings = {}): Ports {
  const settings = { directory: places.run, ...operator };
  return {
    disk: hostDisk,
    deadMan: openDeadMan(places.run),
    runner: { run: (step, onStart) => runStep(step, settings, onStart), end: endStep },
    probes,
    clock: hostClock,
    lock: lockOf(places.run, () => lockFile(join(places.run, "tx.lock"))),
    drills: lockOf(join(places.run, drillsName), () => lockDirectory(join(places.run, drillsName))),
    places,
    random: (bytes) => randomBytes(bytes),
  };
}

function lockOf(directory: string, lock: () => ReturnType<typeof lockFile>): Lock {
  return {
    take() {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o750 });
      } catch {
        // The lock's own failure says it.
      }
      const taken = lock();
      if (taken.ok) return taken;
      return failed({ pid: taken.error.code === "held" ? taken.error.by : undefined });
    },
  };
}

/** Nothing is known, so nothing is missed. */
const noProbes: Probes = {
  baseline: () => Promise.resolve({ probes: [], emergency: [], facts: {} }),
  prove: () => Promise.resolve([]),
};
