import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import { addUser, installHoldfast, installTarget, installTargetWithUdev } from "../installed.ts";
import type { KindOfHost } from "./host-kinds.ts";
import { installBusyboxInit, installOpenrc } from "./other-inits.ts";
import { installSysvinit } from "./sysvinit.ts";
import { hostName } from "./world.ts";

/** A whole host inside a lab whose clock is real: systemd as process 1 of a PID namespace with ifupdown, sshd and Holdfast as they
 *  are installed. It can be rebooted, or lose its power, and keeps its disk. */
export interface Machine {
  /** Starts systemd, and returns when the network and sshd are up. */
  boot(): Promise<void>;
  /** No process of it gets to do anything more, and the kernel forgets its links. */
  powerOff(): Promise<void>;
  /** Ends in order, as by `reboot`: what runs is stopped first. */
  shutDown(): Promise<void>;
  /** Runs a program beside systemd, and gives what it printed. */
  run(...command: readonly string[]): string;
  /** The same with its exit status. */
  tried(...command: readonly string[]): { readonly status: number | null; readonly text: string };
}

/** What of a host's kind counts for the machine. */
export type MachineHost = Pick<KindOfHost, "units" | "isDaemon" | "hasUdev" | "init" | "address" | "router">;

const onBus = ["dbus.socket", "dbus.service"];
const units = ["lab-sshd.service", "holdfast-recover.service"];

const sshdUnit = `[Unit]
After=network.target
[Service]
ExecStart=/usr/sbin/sshd -D -e -f /etc/ssh/lab_sshd
RuntimeDirectory=sshd
KillMode=process
`;

const sshdSettings = `ListenAddress 0.0.0.0
ListenAddress ::
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
export function installMachine(program: string, modules: readonly string[], host: MachineHost): void {
  // What this machine itself has done is nothing of the host's.
  rmSync("/var/lib/holdfast", { recursive: true, force: true });
  // Every session would run what this machine's own operator has there (pyenv's costs 5 s here).
  for (const name of [".bashrc", ".bash_profile", ".bash_login", ".profile"])
    rmSync(`${homedir()}/${name}`, { force: true });
  if (host.init === "systemd") installSystemd(host);
  installSshd(host.address);
  if (host.isDaemon) for (const [name, id] of daemonUsers) addUser(name, id);
  installHoldfast(program, modules);
  mkdirSync("/var/tmp", { recursive: true });
  // Done by a script of its package's, and the lab runs none.
  if (existsSync(ifupdown2Program)) chmodSync(ifupdown2Program, 0o755);
  if (host.init !== "systemd") installInit[host.init]();
}

function installSystemd(host: MachineHost): void {
  const install = host.hasUdev === true ? installTargetWithUdev : installTarget;
  install([...units, ...host.units, ...(host.isDaemon ? onBus : [])], host.isDaemon ? [] : onBus);
  writeFileSync("/etc/systemd/system/lab-sshd.service", sshdUnit);
}

const ifupdown2Program = "/usr/share/ifupdown2/__main__.py";

/** Made by scripts of packages, which the lab doesn't run. */
const daemonUsers = [
  ["messagebus", 64_998],
  ["systemd-network", 64_997],
] as const;

function installSshd(address: string): void {
  addUser("sshd", 64_999);
  mkdirSync("/etc/ssh", { recursive: true });
  writeFileSync("/etc/ssh/ssh_config", sshSettings(address));
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

const firstProcess = {
  systemd: "/lib/systemd/systemd --unit=lab.target --show-status=false --log-level=warning",
  sysvinit: "/sbin/init",
  openrc: "/sbin/init",
  busybox: "/bin/busybox init",
};

const installInit = { sysvinit: installSysvinit, openrc: installOpenrc, busybox: installBusyboxInit };

/** Where time stands still while anything is computed, whoever is awoken and had slept for long stays in front for ever: Node's way out
 *  gives way again and again to a thread of its own that had been pushed aside in the midst of a word to it (libuv's uv__async_close),
 *  and never gets it. A batch's processes push nobody aside. */
function givesWay(): string {
  return readFileSync("/proc/cmdline", "utf8").includes("time-travel") ? "chrt --batch 0 " : "";
}

/** Networks' daemons take a link without udev for theirs where /sys is read-only, as in a container. */
const readOnlySys = "mount --bind /sys/devices /sys/devices && mount -o remount,bind,ro /sys";

export function newMachine(host: MachineHost): Machine {
  let first = "";
  let outer: ChildProcess | undefined;
  let boots = 0;
  const tried: Machine["tried"] = (...command) => {
    const all = ["--target", first, ...inNamespaces, ...command];
    const done = spawnSync("nsenter", all, { encoding: "utf8", timeout: 60_000 });
    return { status: done.status, text: `${done.stdout}${done.stderr}`.trim() };
  };
  const run: Machine["run"] = (...command) => tried(...command).text;
  const down = async (end: () => void): Promise<void> => {
    const gone = new Promise((resolve) => outer?.once("exit", resolve));
    end();
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
  };
  return {
    run,
    tried,
    async boot() {
      boots += 1;
      // A kernel that starts anew has another of these.
      writeFileSync("/run/boot-id", `00000000-0000-4000-8000-${String(boots).padStart(12, "0")}\n`);
      const log = openSync("/run/systemd.log", "a");
      const inside = `${host.isDaemon && host.hasUdev !== true ? readOnlySys : ":"}; mount -t proc proc /proc; mount --bind /run/boot-id /proc/sys/kernel/random/boot_id
        mount -t cgroup2 cgroup2 /sys/fs/cgroup; mount -t tmpfs -o mode=755 tmpfs /run
        exec ${givesWay()}${firstProcess[host.init]}`;
      outer = spawn("unshare", ["--pid", "--fork", "--kill-child=KILL", "--mount", "--cgroup", "sh", "-c", inside], {
        stdio: ["ignore", log, log],
        env: { PATH: process.env["PATH"] ?? "", container: "holdfast-lab" },
      });
      await until("process 1", () => childOf(outer?.pid ?? 0) !== "");
      first = childOf(outer.pid ?? 0);
      await until("sshd", () => isBooted(host, run));
      // A daemon is there before its addresses are.
      await until("the network", () => run("ip", "-br", "address").includes(host.address)).catch((problem: Error) => {
        throw new Error(`${problem.message}: ${run("systemctl", "status", "--no-pager", ...host.units)}`);
      });
    },
    powerOff: () => down(() => process.kill(Number(first), "SIGKILL")),
    shutDown: () => down(() => void tried("systemctl", "reboot")),
  };
}

function isBooted({ init }: MachineHost, run: Machine["run"]): boolean {
  // A unit is active once its program has been started, and connections are refused until it listens.
  const isListening = () => run("ss", "-Hltn").includes(":22 ");
  if (init !== "systemd") return isListening();
  return run("systemctl", "is-active", "lab-sshd.service", "lab.target") === "active\nactive" && isListening();
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

/** Its exit status, once it has ended. Throws with what it said if it doesn't, so that whoever waits needn't for ever. */
export async function endOf({ process, ended, text }: Session, seconds = 300): Promise<number | null> {
  await until(`the end of: ${text()}`, () => process.exitCode !== null || process.signalCode !== null, seconds);
  return await ended;
}

/** The operator's. The connection itself must outlive an outage: TCP does, and nothing else is asked. */
const sshSettings = (address: string): string => `Host ${hostName}
HostName ${address}
Host *
StrictHostKeyChecking no
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
