import type { Disk, NewFile, Ports } from "../ports.ts";

/** Before which act a process kills itself. */
export interface Killing {
  /** "rename", "sync", "arm", "run", … */
  readonly act: string;
  readonly path: RegExp;
  /** Of those that match, from 1. */
  readonly nth: number;
}

const counts = new WeakMap<Killing, number>();

function die(killing: Killing, act: string, path: string): void {
  if (act !== killing.act || !killing.path.test(path)) return;
  const count = (counts.get(killing) ?? 0) + 1;
  counts.set(killing, count);
  if (count !== killing.nth) return;
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way: nothing more is done meanwhile.
  for (;;);
}

/** A disk whose user is killed before one of its acts. A rename is found by where it leads. */
export function killingDisk(disk: Disk, killing: Killing): Disk {
  const wrapped = Object.entries(disk).map(([act, call]) => [
    act,
    (...words: readonly unknown[]) => {
      die(killing, act, String(words[act === "rename" ? 1 : act === "symlink" ? 1 : 0]));
      const made: unknown = Reflect.apply(call, disk, words);
      return act === "create" ? killingFile(made as NewFile, String(words[0]), killing) : made;
    },
  ]);
  return Object.fromEntries(wrapped) as Disk;
}

function killingFile(file: NewFile, path: string, killing: Killing): NewFile {
  const before = (act: string) => die(killing, act, path);
  return {
    write(bytes) {
      // In the middle of it.
      file.write(bytes.subarray(0, bytes.length / 2));
      before("write");
      file.write(bytes.subarray(bytes.length / 2));
    },
    dress(dress) {
      before("dress");
      file.dress(dress);
    },
    sync() {
      before("sync");
      file.sync();
    },
    close: () => file.close(),
  };
}

/** The same for what isn't a disk. */
export function killingPorts(ports: Ports, killing: Killing): Ports {
  const { deadMan, runner, probes } = ports;
  return {
    ...ports,
    deadMan: {
      ...deadMan,
      arm(timer) {
        die(killing, "arm", "");
        return deadMan.arm(timer);
      },
      disarm(timer) {
        die(killing, "disarm", "");
        return deadMan.disarm(timer);
      },
    },
    runner: {
      ...runner,
      async run(step, onStart) {
        die(killing, "run", step.why);
        const outcome = await runner.run(step, onStart);
        die(killing, "ran", step.why);
        return outcome;
      },
    },
    probes: {
      ...probes,
      prove(baseline, signal) {
        die(killing, "prove", "");
        return probes.prove(baseline, signal);
      },
    },
  };
}
