import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { mustRun } from "./machine.ts";

const inittab = `id:2:initdefault:
si::sysinit:/etc/init.d/rcS
ss:2:respawn:/bin/sh -c 'mkdir -p /run/sshd; exec /usr/sbin/sshd -D -e -f /etc/ssh/lab_sshd'
`;

/** Scripts that the boot of a real host runs before a network, and that would only take time here. */
const beforeNetworks = [
  "mountkernfs.sh",
  "checkroot.sh",
  "checkfs.sh",
  "mountall.sh",
  "mountall-bootclean.sh",
  "urandom",
];

/** A host whose process 1 is sysvinit: the order of its scripts is what insserv makes of their headers. */
export function installSysvinit(): void {
  writeFileSync("/etc/inittab", inittab);
  for (const level of ["S", "0", "1", "2", "3", "4", "5", "6"])
    rmSync(`/etc/rc${level}.d`, { recursive: true, force: true });
  chmodSync("/etc/init.d/holdfast-recover", 0o755);
  for (const name of [...beforeNetworks, "networking", "holdfast-recover"]) mustRun("update-rc.d", name, "defaults");
  const order = readdirSync("/etc/rcS.d").toSorted();
  const at = (name: string) => order.findIndex((one) => one.endsWith(name));
  if (at("holdfast-recover") < 0 || at("holdfast-recover") > at("networking"))
    throw new Error(`order: ${order.join(" ")}`);
  if (at("holdfast-recover") < at("mountall.sh")) throw new Error(`before the disks: ${order.join(" ")}`);
  for (const name of order) if (!/holdfast-recover$|networking$/.test(name)) rmSync(`/etc/rcS.d/${name}`);
}
