import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";

/** A whole host inside a lab whose clock is real: systemd as process 1 of a PID namespace with ifupdown, sshd and Holdfast as they
 *  are installed. It can be rebooted, or lose its power, and keeps its disk. */
export interface Machine {
  /** Starts systemd, and returns when the network and sshd are up. */
  boot(): Promise<void>;
  /** No process of it gets to do anything more, and the kernel forgets its links. */
  powerOff(): Promise<void>;
  /** Runs a program beside systemd, and gives what it printed. */
  run(...command: readonly string[]): string;
  /** The same with its exit status. */
  tried(...command: readonly string[]): { readonly status: number | null; readonly text: string };
}

/** What a small host's boot has no use for here, and what would only take time. */
const masked = [
  "systemd-udevd.service",
  "systemd-udev-trigger.service",
  "systemd-udevd-kernel.socket",
  "systemd-udevd-control.socket",
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
  "dbus.socket",
];

const units = "networking.service lab-sshd.service holdfast-recover.service";

const sshdUnit = `[Unit]
After=network.target
[Service]
ExecStart=/usr/sbin/sshd -D -e -f /etc/ssh/lab_sshd
RuntimeDirectory=sshd
KillMode=process
`;

const sshdSettings = `ListenAddress 0.0.0.0
HostKey /etc/ssh/lab_host
AuthorizedKeysFile /etc/ssh/lab_key.pub
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
StrictModes no
PrintMotd no
UseDNS no
`;

/** Puts onto the disk what a host has from its packages. `program`: the checkout; `modules`: what it needs of node_modules. */
export function installMachine(program: string, modules: readonly string[]): void {
  writeFileSync("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
  writeFileSync("/etc/fstab", "");
  mkdirSync("/etc/systemd/system", { recursive: true });
  for (const name of masked) mustRun("ln", "-sfn", "/dev/null", `/etc/systemd/system/${name}`);
  writeFileSync("/etc/systemd/system/lab-sshd.service", sshdUnit);
  const target = `[Unit]\nRequires=basic.target\nAfter=basic.target ${units}\nWants=${units}\n`;
  writeFileSync("/etc/systemd/system/lab.target", target);
  installSshd();
  const home = "/usr/lib/holdfast";
  mkdirSync(`${home}/node_modules`, { recursive: true });
  for (const part of ["bin", "dist", "package.json"]) {
    cpSync(realpathSync(join(program, part)), join(home, part), { recursive: true });
  }
  for (const part of modules) {
    cpSync(realpathSync(part), join(home, "node_modules", part.split("node_modules/")[1] ?? ""), { recursive: true });
  }
  mustRun("ln", "-sfn", `${home}/bin/holdfast`, "/usr/bin/holdfast");
  if (!existsSync("/usr/bin/node")) cpSync(process.execPath, "/usr/bin/node");
  mkdirSync("/var/tmp", { recursive: true });
}

function installSshd(): void {
  if (!readFileSync("/etc/passwd", "utf8").includes("sshd:")) {
    writeFileSync("/etc/passwd", "sshd:x:64999:65534::/run/sshd:/usr/sbin/nologin\n", { flag: "a" });
  }
  mkdirSync("/etc/ssh", { recursive: true });
  writeFileSync("/etc/ssh/ssh_config", sshSettings);
  writeFileSync("/etc/ssh/lab_sshd", sshdSettings);
  for (const name of ["lab_host", "lab_key"]) {
    mustRun("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `/etc/ssh/${name}`);
  }
}

/** Runs a program that has to succeed. */
export function mustRun(program: string, ...words: readonly string[]): string {
  const done = spawnSync(program, words, { encoding: "utf8", timeout: 60_000 });
  if (done.status === 0) return done.stdout;
  throw new Error(
    `${program} ${words.join(" ")}: ${done.error?.message ?? ""}${done.status} ${done.stderr}${done.stdout}`,
  );
}

const inNamespaces = ["--pid", "--mount", "--cgroup", "--"];

export function newMachine(): Machine {
  let first = "";
  let outer: ChildProcess | undefined;
  let boots = 0;
  const tried: Machine["tried"] = (...command) => {
    const all = ["--target", first, ...inNamespaces, ...command];
    const done = spawnSync("nsenter", all, { encoding: "utf8", timeout: 60_000 });
    return { status: done.status, text: `${done.stdout}${done.stderr}`.trim() };
  };
  const run: Machine["run"] = (...command) => tried(...command).text;
  return {
    run,
    tried,
    async boot() {
      boots += 1;
      // A kernel that starts anew has another of these.
      writeFileSync("/run/boot-id", `00000000-0000-4000-8000-${String(boots).padStart(12, "0")}\n`);
      const log = openSync("/run/systemd.log", "a");
      const inside = `mount -t proc proc /proc; mount --bind /run/boot-id /proc/sys/kernel/random/boot_id
        mount -t cgroup2 cgroup2 /sys/fs/cgroup; mount -t tmpfs -o mode=755 tmpfs /run
        exec /lib/systemd/systemd --unit=lab.target --show-status=false --log-level=warning`;
      outer = spawn("unshare", ["--pid", "--fork", "--kill-child=KILL", "--mount", "--cgroup", "sh", "-c", inside], {
        stdio: ["ignore", log, log],
        env: { PATH: process.env["PATH"] ?? "", container: "holdfast-lab" },
      });
      await until("process 1", () => childOf(outer?.pid ?? 0) !== "");
      first = childOf(outer.pid ?? 0);
      await until("sshd", () => run("systemctl", "is-active", "lab-sshd.service", "lab.target") === "active\nactive");
    },
    async powerOff() {
      const gone = new Promise((resolve) => outer?.once("exit", resolve));
      process.kill(Number(first), "SIGKILL");
      await gone;
      for (const name of readdirSync("/sys/class/net")) {
        if (existsSync(`/sys/class/net/${name}/bonding/mode`)) mustRun("ip", "link", "del", name);
      }
      for (const name of ["em1", "em2"]) {
        if (!existsSync(`/sys/class/net/${name}`)) continue;
        mustRun("ip", "link", "set", name, "down");
        mustRun("ip", "addr", "flush", "dev", name);
      }
      rmSync("/run/boot-id", { force: true });
    },
  };
}

function childOf(parent: number): string {
  const isChild = (pid: string): boolean => {
    try {
      return new RegExp(`^PPid:\\t${parent}$`, "m").test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  };
  return readdirSync("/proc").find((name) => /^\d+$/.test(name) && isChild(name)) ?? "";
}

/** What is being waited for, for whoever wonders where it hangs. */
export const waiting = { what: "" };

export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  waiting.what = what;
  const end = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`in vain: ${what}`);
    await sleep(250);
  }
}

/** An ssh session of the operator's. */
export interface Session {
  readonly process: ChildProcess;
  /** What it has printed so far, both streams. */
  text(): string;
  /** Sends a line to what runs there. */
  type(line: string): void;
  /** Resolves with its exit status. */
  readonly ended: Promise<number | null>;
}

/** The operator's. The connection itself must outlive an outage: TCP does, and nothing else is asked. */
const sshSettings = `StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
ConnectTimeout 60
IdentityFile /etc/ssh/lab_key
BatchMode yes
ServerAliveInterval 0
`;

/** Opens an ssh session from the operator's machine to the host, and runs a command there. */
export function ssh(network: Network, host: string, ...command: readonly string[]): Session {
  return onNode(network, "operator", "ssh", `root@${host}`, ...command);
}

/** A program on another node. */
export function onNode(network: Network, node: string, program: string, ...words: readonly string[]): Session {
  const child = inside(namespaceOf(network, node), network.home, () =>
    spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] }),
  );
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return {
    process: child,
    text: () => text,
    type: (line) => void child.stdin?.write(`${line}\n`),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}
