import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What packages put onto a host's disk, done inside a lab. */

/** What a small host's boot has no use for here, and what would only take time. */
const udev = [
  "systemd-udevd.service",
  "systemd-udev-trigger.service",
  "systemd-udevd-kernel.socket",
  "systemd-udevd-control.socket",
];
const masked = [
  ...udev,
  "systemd-modules-load.service",
  "systemd-binfmt.service",
  "proc-sys-fs-binfmt_misc.automount",
  "dev-hugepages.mount",
  "dev-mqueue.mount",
  "systemd-firstboot.service",
  "systemd-random-seed.service",
  "systemd-update-utmp.service",
  // It would tidy away the machine's /tmp, file by file.
  "systemd-tmpfiles-setup.service",
  "systemd-timesyncd.service",
  "systemd-pcrphase-sysinit.service",
  "systemd-pcrphase.service",
  "systemd-journal-flush.service",
  // It waits for udev.
  "ifupdown-pre.service",
  "avahi-daemon.socket",
  "timers.target",
];

/** A systemd that boots into `lab.target`: what is `wanted`, and without what nobody needs here, or what is `unwanted` besides. */
export function installTarget(wanted: readonly string[], unwanted: readonly string[]): void {
  const units = "/etc/systemd/system";
  mkdirSync(units, { recursive: true });
  for (const name of [...masked, ...unwanted]) link("/dev/null", join(units, name));
  const all = wanted.join(" ");
  const target = `[Unit]\nRequires=basic.target\nAfter=basic.target ${all}\nWants=${all}\n`;
  writeFileSync(join(units, "lab.target"), target);
  if (existsSync("/usr/sbin/netplan")) spawnSync(nameLibraries[0], nameLibraries.slice(1));
}

/** The same with udev, of whose word on a link other units go by. */
export function installTargetWithUdev(wanted: readonly string[], unwanted: readonly string[]): void {
  installTarget([...wanted, "systemd-udev-trigger.service"], unwanted);
  for (const name of udev) rmSync(join("/etc/systemd/system", name), { force: true });
}

/** A user and group of packages' scripts, which the lab doesn't run. */
export function addUser(name: string, id: number): void {
  if (new RegExp(`^${name}:`, "m").test(readFileSync("/etc/passwd", "utf8"))) return;
  writeFileSync("/etc/passwd", `${name}:x:${id}:${id}::/run/${name}:/usr/sbin/nologin\n`, { flag: "a" });
  writeFileSync("/etc/group", `${name}:x:${id}:\n`, { flag: "a" });
}

/** netplan looks for its library by name. A package's script has it listed, and the lab runs none. */
export const nameLibraries = ["ldconfig", "-X"] as const;

/** Identity, and Holdfast where a package would put it: a checkout may lie below /home or /tmp, which a unit can't see. `program`: the
 *  checkout; `modules`: what it needs of node_modules. */
export function installHoldfast(program: string, modules: readonly string[]): void {
  writeFileSync("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
  writeFileSync("/etc/fstab", "");
  const home = "/usr/lib/holdfast";
  mkdirSync(`${home}/node_modules`, { recursive: true });
  for (const part of ["bin", "dist", "package.json"]) {
    cpSync(realpathSync(join(program, part)), join(home, part), { recursive: true });
  }
  for (const part of modules) {
    cpSync(realpathSync(part), join(home, "node_modules", part.split("node_modules/")[1] ?? ""), { recursive: true });
  }
  link(`${home}/bin/holdfast`, "/usr/bin/holdfast");
  if (!existsSync("/usr/bin/node")) cpSync(process.execPath, "/usr/bin/node");
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
