import { devices } from "./init-script.ts";
import type { Engine } from "./lab.ts";

/** File descriptors of the kernel's process, as boot.ts sets them out. */
export const descriptors = { null: 0, log: 1, channel: 3, script: 4, job: 5 } as const;

/** The kernel's command line. `scratch`: where it may keep its pid file and sockets. */
export function kernelArguments(
  engine: Engine,
  settings: { readonly memoryMb: number; readonly maxBonds: number; readonly scratch: string },
): readonly string[] {
  return [
    `mem=${settings.memoryMb}M`,
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    "quiet",
    "con=null",
    `con0=null,fd:${descriptors.log}`,
    "ssl=null",
    `ssl0=null,fd:${descriptors.channel}`,
    `ubd0r=/proc/self/fd/${descriptors.script}`,
    `ubd1r=/proc/self/fd/${descriptors.job}`,
    `uml_dir=${settings.scratch}`,
    `umid=holdfast-${process.pid}-${process.hrtime.bigint()}`,
    ...(engine.clock === "virtual" ? ["time-travel=inf-cpu"] : []),
    `bonding.max_bonds=${settings.maxBonds}`,
    // Drivers that would otherwise fill the namespace with interfaces the user never had.
    "mac80211_hwsim.radios=0",
    "dummy.numdummies=0",
    "ifb.numifbs=0",
    "net.ifnames=0",
    "init=/bin/sh",
    "--",
    devices.script,
  ];
}
