import { spawnSync } from "node:child_process";
import { existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { readBonds } from "../../src/lab/guest/bond-state.ts";
import { bringUp, writeFiles } from "../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../src/lab/guest/build.ts";
import type { Job } from "../../src/lab/guest/job.ts";
import { newOperator, operate } from "../../src/lab/guest/operate.ts";
import { bootSystemd } from "./boot-systemd.ts";
import { drillUnderSystemd } from "./drill/under-systemd.ts";
import { installHoldfast, installTarget } from "./installed.ts";

/** Runs inside a lab whose clock is real: systemd as process 1 of a PID namespace, with the unit we ship and nothing of it
 *  changed but the watchdog's patience. systemd takes a namespace of its own for a container, and is otherwise the same. */
type GuestJob = Job & {
  /** The checkout. */
  readonly program: string;
  /** What it needs of node_modules. */
  readonly modules: readonly string[];
  /** Drills it too: half a minute more. */
  readonly drill: boolean;
};

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as GuestJob;
const unit = "holdfast-agent.service";

function install(): void {
  installTarget([unit], ["networking.service", "dbus.socket"]);
  installHoldfast(job.program, job.modules);
  must(spawnSync("systemd-sysusers", ["/usr/lib/sysusers.d/holdfast.conf"], { encoding: "utf8" }));
  must(spawnSync("chgrp", ["holdfast", "/etc/holdfast"], { encoding: "utf8" }));
}

function must(done: { readonly status: number | null; readonly stderr: string; readonly stdout: string }): string {
  if (done.status !== 0) throw new Error(`${done.status}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** Boots it, and gives a way to run programs beside it: what systemd is asked from outside its namespace it refuses. */
async function boot(): Promise<(...command: readonly string[]) => string> {
  const first = await bootSystemd();
  return (...command) => {
    const all = ["--target", first, "--pid", "--mount", "--cgroup", "--", ...command];
    const done = spawnSync("nsenter", all, { encoding: "utf8", timeout: 90_000 });
    return `${done.stdout}${done.stderr}`.trim();
  };
}

type Run = Awaited<ReturnType<typeof boot>>;

function shown(run: Run): Readonly<Record<string, string>> {
  const names = "ActiveState,SubState,MainPID,NRestarts,Result,ExecMainStatus,WatchdogUSec,StatusText";
  const text = run("systemctl", "show", unit, "-p", names);
  return Object.fromEntries(text.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (let waited = 0; waited < seconds * 5; waited++) {
    if (await isSo()) return;
    await sleep(200);
  }
  throw new Error(`in vain: ${what}`);
}

/** The socket as a program beside systemd sees it: /run is its own there. */
function ask(run: Run, path: string): string {
  return run("curl", "--silent", "--max-time", "5", "--unix-socket", "/run/holdfast/agent.sock", `http://agent${path}`);
}

function document(run: Run, path: string): { readonly [key: string]: unknown } {
  try {
    return JSON.parse(ask(run, path)) as { readonly [key: string]: unknown };
  } catch {
    return {};
  }
}

/** From now on the kernel's answer to who asks for real time is an unprivileged container's. */
function refuseRealTime(run: Run): void {
  const refusal = "chrt: failed to set the policy: Operation not permitted";
  const script = `printf '#!/bin/sh\\necho "${refusal}" >&2\\nexit 1\\n' >/run/refused`;
  run("sh", "-c", `${script} && chmod +x /run/refused && mount --bind /run/refused /usr/bin/chrt`);
}

function metricsStatus(run: Run): string {
  const format = ["--output", "/dev/null", "--write-out", "%{http_code}"];
  return run("curl", "--silent", "--max-time", "5", ...format, "http://127.0.0.1:9437/metrics");
}

const activePort = (): string | undefined => readBonds()[0]?.activePort;
const isWhole = (run: Run): boolean =>
  (document(run, "/status")["redundancy"] as { readonly usable?: number } | null | undefined)?.usable === 2;

async function main(): Promise<object> {
  writeFiles(job);
  const network = buildNetwork(job.plan);
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  must(spawnSync("ip", ["link", "set", "lo", "up"], { encoding: "utf8" }));
  install();
  const run = await boot();
  await until("the unit starts", () => shown(run)["ActiveState"] === "active");
  const ready = document(run, "/status")["source"];
  const first = shown(run);
  const scheduled = run("chrt", "--all-tasks", "--pid", first["MainPID"] ?? "");
  await until("both ports are probed", () => isWhole(run));
  // Its powers, where hardening could have taken them away: raw frames (above), netlink, the disk, own programs.
  const operator = newOperator(network);
  operate(operator, { op: "unbridge", wire: "switch-a-router", end: "a" });
  await until("the dead path is left", () => activePort() === "em2");
  operate(operator, { op: "rebridge", wire: "switch-a-router", end: "a" });
  await until("the hook has run", () => run("cat", "/var/lib/holdfast/hooks.log").includes("moved"), 20);
  const hook = run("cat", "/var/lib/holdfast/hooks.log");
  const files = run("stat", "-c", "%a %U %G %n", "/run/holdfast", "/run/holdfast/agent.sock", "/var/lib/holdfast");
  // Reload: the same process, with what is new in the file.
  const before = metricsStatus(run);
  run("sh", "-c", "echo 'agent: {metrics: 127.0.0.1:9437}' >> /etc/holdfast/holdfast.yaml");
  const reloaded = run("systemctl", "reload", unit);
  await until("metrics are served", () => metricsStatus(run) === "200", 20);
  const after = shown(run);
  // A file that can't be read changes nothing.
  run("sh", "-c", "cp /etc/holdfast/holdfast.yaml /etc/holdfast/kept; echo 'bond: [' > /etc/holdfast/holdfast.yaml");
  run("systemctl", "reload", unit);
  await sleep(2_000);
  const broken = shown(run);
  run("cp", "/etc/holdfast/kept", "/etc/holdfast/holdfast.yaml");
  refuseRealTime(run);
  // A process that hangs.
  run("kill", "-STOP", after["MainPID"] ?? "");
  await until("the watchdog starts it anew", () => shown(run)["NRestarts"] === "1", 40);
  await until("it is back", () => shown(run)["ActiveState"] === "active" && isWhole(run));
  run("umount", "/usr/bin/chrt");
  const refused = {
    policy: run("chrt", "--pid", shown(run)["MainPID"] ?? ""),
    errors: run(
      "journalctl",
      "--no-pager",
      "--output=cat",
      "--quiet",
      "--priority=err",
      "-u",
      unit,
      "--grep=chrt|control",
    ),
  };
  const events = (document(run, "/events?limit=1000")["events"] ?? []) as readonly { id: number; event: object }[];
  const clearedPrimary = readBonds()[0]?.primary;
  const stopped = run("systemctl", "stop", unit);
  const end = shown(run);
  const journal = run("journalctl", "--no-pager", "--output=cat", "-u", unit);
  const primary = readBonds()[0]?.primary;
  const left = run("ls", "-a", "/run/holdfast");
  must(spawnSync("ip", ["route", "add", "default", "via", "192.168.1.254"], { encoding: "utf8" }));
  const drilled = job.drill ? await drillUnderSystemd(run) : {};
  return {
    first,
    ready,
    scheduled,
    refused,
    drilled,
    hook,
    files,
    before,
    reloaded,
    samePid: after["MainPID"] === first["MainPID"],
    surviving: broken["MainPID"] === first["MainPID"] && broken["ActiveState"] === "active",
    events: events.map(({ event }) => (event as { readonly what: string }).what),
    ids: events.map(({ id }) => id),
    stopped,
    end,
    clearedPrimary,
    primary,
    left,
    journal,
    slow: run("systemctl", "list-units", "--failed", "--no-legend"),
  };
}

main()
  .then((result) => writeSync(channel, `${JSON.stringify(result)}\n`))
  .catch((problem: unknown) => {
    const log = existsSync("/run/systemd.log") ? readFileSync("/run/systemd.log", "utf8").slice(-4_000) : "";
    const failed = `${String(problem instanceof Error ? problem.stack : problem)}\n${log}`;
    writeSync(channel, `${JSON.stringify({ failed })}\n`);
  })
  .finally(() => process.exit(0));
