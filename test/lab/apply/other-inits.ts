import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";

/** Hosts whose process 1 is neither systemd nor sysvinit with its runlevels. */

const sshd = "mkdir -p /run/sshd; exec /usr/sbin/sshd -D -e -f /etc/ssh/lab_sshd";

/** busybox's init, as on small routers: one script for the boot, in which the operator has put the recovery before the network. */
export function installBusyboxInit(): void {
  chmodSync("/etc/init.d/holdfast-recover", 0o755);
  const boot = "#!/bin/sh\n/etc/init.d/holdfast-recover start\nmkdir -p /run/network\nifup -a\n";
  writeFileSync("/etc/init.d/rcS", boot, { mode: 0o755 });
  chmodSync("/etc/init.d/rcS", 0o755);
  writeFileSync("/etc/inittab", `::sysinit:/etc/init.d/rcS\n::respawn:/bin/sh -c '${sshd}'\n`);
}

/** OpenRC under sysvinit's init, as Debian has it, with the script that deploy/openrc has for it. */
export function installOpenrc(): void {
  copyFileSync("/etc/holdfast/openrc-recover", "/etc/init.d/holdfast-recover");
  chmodSync("/etc/init.d/holdfast-recover", 0o755);
  for (const level of ["sysinit", "boot", "default"]) {
    rmSync(`/etc/runlevels/${level}`, { recursive: true, force: true });
    mkdirSync(`/etc/runlevels/${level}`, { recursive: true });
  }
  for (const name of ["holdfast-recover", "networking"])
    symlinkSync(`/etc/init.d/${name}`, `/etc/runlevels/boot/${name}`);
  // The lab has mounted what a boot mounts.
  writeFileSync("/etc/init.d/localmount", "#!/sbin/openrc-run\nstart() {\n  return 0\n}\n", { mode: 0o755 });
  chmodSync("/etc/init.d/localmount", 0o755);
  const lines = ["id:2:initdefault:", "si::sysinit:/sbin/openrc sysinit", "rc::bootwait:/sbin/openrc boot"];
  writeFileSync("/etc/inittab", `${lines.join("\n")}\nss:2:respawn:/bin/sh -c '${sshd}'\n`);
}
