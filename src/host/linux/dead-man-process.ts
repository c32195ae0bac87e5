import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failed, ok } from "../../model/result.ts";
import type { DeadMan, DeadManError, TimerName } from "./dead-man.ts";
import { bootMs } from "./libc.ts";
import { errnoOf } from "./read-problem.ts";
import { processMark } from "./this-process.ts";

/** A shell in a session of its own, whose parent is process 1: no terminal and no connection can end it. It waits by /proc/uptime,
 *  which no setting of the clock moves. Its file says who it is, and is the right to begin: whoever takes it away (by renaming, once)
 *  has decided. */
export function processDeadMan(run: string): DeadMan {
  const fileOf = ({ id, number }: TimerName): string => join(run, `deadman-${id}-${number}`);
  return {
    async arm(timer) {
      const file = fileOf(timer);
      const deadline = Math.ceil((bootMs() / 1000 + timer.seconds) * 100);
      try {
        mkdirSync(run, { recursive: true, mode: 0o750 });
      } catch (problem) {
        return failed({ message: `${run} can't be made: ${errnoOf(problem)}` });
      }
      await start(["-c", outer, "holdfast-deadman", waiter, file, String(deadline), ...timer.argv]);
      for (let waited = 0; waited < 100; waited++) {
        if (left(file).ok) return ok(undefined);
        await sleep(20);
      }
      return failed<DeadManError>({
        message: "no process to wait for the deadline could be started",
        hint: "Is the machine out of processes or memory? Without one nobody would take the change back.",
      });
    },
    check: (timer) => Promise.resolve(left(fileOf(timer))),
    disarm(timer) {
      try {
        rmSync(fileOf(timer), { force: true });
        return Promise.resolve(ok(undefined));
      } catch (problem) {
        return Promise.resolve(failed({ message: `the timer can't be taken back: ${errnoOf(problem)}` }));
      }
    },
  };
}

/** Ends at once and leaves the waiter to process 1. */
const outer = `inner=$1; shift; trap '' HUP; sh -c "$inner" holdfast-deadman "$@" & `;

/** Its own start is field 22 of its stat: the 20th behind the name, which may hold blanks. A rename is one of two: it succeeds for
 *  the waiter, or the file is gone. */
const waiter = `umask 077
echo -1000 >/proc/self/oom_score_adj
file=$1 deadline=$2; shift 2
read -r stat </proc/$$/stat
set_start() { shift 19; start=$1; }
set_start \${stat##*) }
echo "$$ $start $deadline" >"$file.new" && mv "$file.new" "$file" || exit 1
while :; do
  read -r now rest </proc/uptime
  left=$((deadline - (\${now%.*} * 100 + 1\${now#*.} - 100)))
  [ "$left" -gt 0 ] || break
  [ -e "$file" ] || exit 0
  # Far from the deadline no program is started ten times a second.
  if [ "$left" -gt 200 ]; then sleep 1; else sleep 0.1 || sleep 1; fi
done
mv "$file" "$file.begun" || exit 0
"$@"
rm -f "$file.begun"
`;

function start(words: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", words, {
      stdio: "ignore",
      cwd: "/",
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      // A session of its own.
      detached: true,
    });
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
}

function left(file: string) {
  const [pid, start, deadline] = readOr(file).trim().split(" ");
  const mark = processMark(Number(pid));
  if (mark === undefined || mark.start !== start) {
    return failed<DeadManError>({ message: "no process waits for the deadline any more" });
  }
  return ok(Number(deadline) / 100 - bootMs() / 1000);
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
