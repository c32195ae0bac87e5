import type { Engine } from "./lab.ts";

/** File descriptors of the kernel's process, as boot.ts sets them out. */
export const descriptors = { log: 1, channel: 3 } as const;

// What costs seconds in real time: a benchmark of RAID functions, and finding out how fast a delay loop runs.
const realTime = ["initcall_blacklist=raid6_select_algo", "lpj=12787712"];

/** The kernel's command line. `scratch`: where it may keep its pid file and sockets; `line`: the descriptor of a line both ways. */
export function kernelArguments(
  engine: Engine,
  settings: { readonly memoryMb: number; readonly maxBonds: number; readonly scratch: string; readonly line?: number },
): readonly string[] {
  return [
    `mem=${settings.memoryMb}M`,
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    // Mounted by the kernel it would cover the host's /dev, /dev/shm included, before process 1 has read anything there.
    "devtmpfs.mount=0",
    "quiet",
    "con=null",
    `con0=null,fd:${descriptors.log}`,
    "ssl=null",
    `ssl0=null,fd:${descriptors.channel}`,
    ...(settings.line === undefined ? [] : [`ssl1=fd:${settings.line}`]),
    `uml_dir=${settings.scratch}`,
    `umid=holdfast-${process.pid}-${process.hrtime.bigint()}`,
    ...(engine.clock === "virtual" ? ["time-travel=inf-cpu"] : realTime),
    `bonding.max_bonds=${settings.maxBonds}`,
    // Drivers that would otherwise fill the namespace with interfaces the user never had.
    "mac80211_hwsim.radios=0",
    "dummy.numdummies=0",
    "ifb.numifbs=0",
    "init=/bin/sh",
    "--",
    `${settings.scratch}/init`,
  ];
}
