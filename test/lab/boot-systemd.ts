import { spawn } from "node:child_process";
import { mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Boots systemd into lab.target, inside a lab and in namespaces of its own (docs/decisions/0018). Gives its process id; "" where it
 *  isn't there half a second later. */
export async function bootSystemd(): Promise<string> {
  mkdirSync("/var/tmp", { recursive: true });
  const log = openSync("/run/systemd.log", "w");
  const inside = `mount -t proc proc /proc; mount -t cgroup2 cgroup2 /sys/fs/cgroup; mount -t tmpfs -o mode=755 tmpfs /run
    exec /lib/systemd/systemd --unit=lab.target --show-status=false --log-level=warning`;
  const outer = spawn("unshare", ["--pid", "--fork", "--mount", "--cgroup", "sh", "-c", inside], {
    stdio: ["ignore", log, log],
    env: { PATH: process.env["PATH"] ?? "", container: "holdfast-lab" },
  });
  await sleep(500);
  const isChild = (pid: string): boolean =>
    new RegExp(`^PPid:\\t${outer.pid}$`, "m").test(readFileSync(`/proc/${pid}/status`, "utf8"));
  return readdirSync("/proc").find((name) => /^\d+$/.test(name) && isChild(name)) ?? "";
}
