import { execFile } from "node:child_process";
import { failed, ok } from "../../model/result.ts";
import type { DeadMan, DeadManError, TimerName } from "./dead-man.ts";
import { monotonicMs } from "./libc.ts";

/** A timer of process 1's: it outlives the tool, the session and every daemon but the machine itself. A reboot ends it: that is the
 *  recovery unit's case. The clock is CLOCK_MONOTONIC: a suspended machine's deadline waits for it. Source: systemd-run(1). */
export function systemdDeadMan(): DeadMan {
  return {
    async arm(timer) {
      const done = await ask("systemd-run", [
        `--unit=${unitOf(timer)}`,
        // A failed rollback must not keep its name from being used again.
        "--collect",
        "--quiet",
        `--on-active=${timer.seconds.toFixed(3)}s`,
        // The default would let it be a minute late.
        "--timer-property=AccuracySec=100ms",
        "--property=Type=oneshot",
        "--property=OOMScoreAdjust=-1000",
        // It limits itself, step by step; cut off half-way it would leave a host that nobody reaches.
        "--property=TimeoutStartSec=infinity",
        // What it has started (a DHCP client, a supplicant) is the host's network from then on.
        "--property=KillMode=process",
        "--",
        ...timer.argv,
      ]);
      if (done.status === 0) return ok(undefined);
      return failed({
        message: `systemd takes no timer: ${done.words}`,
        hint: "Look at `systemctl status`; without a timer nobody would take the change back.",
      });
    },
    async check(timer) {
      const { status, output, words } = await ask("systemctl", ["show", `${unitOf(timer)}.timer`, ...shown]);
      const found = new Map(output.split("\n").map((line) => [line.split("=")[0] ?? "", line.replace(/^[^=]*=/, "")]));
      const at = parseSpan(found.get("NextElapseUSecMonotonic") ?? "");
      if (status !== 0) return failed({ message: `systemd doesn't say whether the timer is armed: ${words}` });
      const isWaiting = found.get("ActiveState") === "active" && found.get("SubState") === "waiting";
      if (!isWaiting || at === undefined) return failed({ message: `the timer ${unitOf(timer)} is not armed` });
      return ok(at - monotonicMs() / 1000);
    },
    async disarm(timer) {
      const unit = `${unitOf(timer)}.timer`;
      const done = await ask("systemctl", ["stop", unit]);
      // 5: no such unit, which is what is wanted.
      if (done.status === 0 || done.status === 5) return ok(undefined);
      return failed<DeadManError>({ message: `${unit} can't be stopped: ${done.words}` });
    },
  };
}

const shown = ["--property=ActiveState", "--property=SubState", "--property=NextElapseUSecMonotonic"];

function unitOf({ id, number }: TimerName): string {
  return `holdfast-deadman-${id}-${number}`;
}

interface Answer {
  readonly status: number | null;
  readonly output: string;
  /** What it complained of, in one line. */
  readonly words: string;
}

function ask(program: string, words: readonly string[]): Promise<Answer> {
  // C: seconds are read back. Ten seconds: process 1 that doesn't answer by then can't promise anything.
  const settings = { timeout: 10_000, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" } };
  return new Promise((resolve) => {
    execFile(program, words, settings, (problem, stdout, stderr) => {
      const said = `${stderr}`.trim().split("\n")[0] ?? "";
      const code = problem === null ? 0 : problem.code;
      const status = typeof code === "number" ? code : null;
      resolve({ status, output: stdout, words: said === "" ? (problem?.message.split("\n")[0] ?? "") : said });
    });
  });
}

const unitSeconds: Readonly<Record<string, number>> = {
  y: 31_557_600,
  month: 2_629_800,
  w: 604_800,
  d: 86_400,
  h: 3_600,
  min: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
};

/** A span as systemd prints it ("1h 2min 3.000004s"), in seconds; undefined: it is none ("infinity", ""). Source: systemd.time(7). */
export function parseSpan(text: string): number | undefined {
  const parts = text.split(" ").map((part) => /^([\d.]+)([a-z]+)$/.exec(part));
  let sum = 0;
  for (const part of parts) {
    const unit = unitSeconds[part?.[2] ?? ""];
    if (unit === undefined) return undefined;
    sum += Number(part?.[1]) * unit;
  }
  return sum;
}
