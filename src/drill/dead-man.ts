import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failed, ok, type Result } from "../model/result.ts";
import { type Command, shellLines } from "./cut.ts";
import { runProgram, searchPath } from "./run-program.ts";

/** Puts back what was cut if the drill is killed, hangs, or loses its terminal: a shell of its own, in a session of its own (under
 *  systemd in a unit of its own), that holds the other end of a pipe of ours. */
export interface DeadMan {
  /** From now on until `released`, it would run these. */
  hold(restore: readonly Command[]): void;
  released(): void;
  disarm(): Promise<void>;
}

export interface DeadManOptions {
  /** Of this drill alone; in memory. It is made, and gone when the dead man has ended. */
  readonly directory: string;
  /** A cut that lasts longer, s, is ended although the drill lives: it hangs. */
  readonly limitSeconds: number;
}

const ARMED_MS = 5_000;
const LOOK_MS = 20;

const keeper = `#!/bin/sh
# Waits until the drill says "done", or is no more: then whatever it had cut is put back.
trap '' HUP INT QUIT TERM PIPE
cd "$1" || exit 1
# Not by "armed", which may be a moment later than this: then nobody would end a cut that lasts too long.
(
  held=0
  while [ -e keeper.sh ]; do
    sleep 1
    if [ -e restore.sh ]; then held=$((held + 1)); else held=0; fi
    if [ "$held" -gt "$2" ] && [ -e restore.sh ]; then sh ./restore.sh; rm -f restore.sh; fi
  done
) </dev/null >/dev/null 2>&1 &
exec 3<alive
: >armed
word=
read -r word <&3
if [ "$word" != done ] && [ -e restore.sh ]; then sh ./restore.sh; fi
rm -f armed alive restore.sh keeper.sh
cd / && rmdir "$1"
`;

/** Starts the dead man and waits until he listens. The error says what is missing. */
export async function armDeadMan({ directory, limitSeconds }: DeadManOptions): Promise<Result<DeadMan, string>> {
  const file = (name: string): string => join(directory, name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file("keeper.sh"), keeper, { mode: 0o700 });
  const made = await runProgram({ argv: ["mkfifo", "-m", "600", file("alive")] });
  if (made.status !== 0) return failed(`mkfifo: ${made.stderr.trim()}`);
  // For reading and writing: opening a pipe for writing alone waits for its reader.
  const alive = openSync(file("alive"), "r+");
  await startKeeper(["/bin/sh", file("keeper.sh"), directory, String(limitSeconds)]);
  for (let waited = 0; !existsSync(file("armed")); waited += LOOK_MS) {
    if (waited >= ARMED_MS) {
      closeSync(alive);
      rmSync(directory, { recursive: true, force: true });
      return failed("it did not start within 5 s");
    }
    await sleep(LOOK_MS);
  }
  return ok({
    hold(restore) {
      // Whole or not at all: it may be read the next moment.
      writeFileSync(file("restore.new"), restoreScript(restore), { mode: 0o700 });
      renameSync(file("restore.new"), file("restore.sh"));
    },
    released: () => rmSync(file("restore.sh"), { force: true }),
    async disarm() {
      writeSync(alive, "done\n");
      for (let waited = 0; existsSync(file("armed")) && waited < ARMED_MS; waited += LOOK_MS) await sleep(LOOK_MS);
      closeSync(alive);
    },
  });
}

/** What undoes a cut, by itself. */
export function restoreScript(restore: readonly Command[]): string {
  return `#!/bin/sh\n# Ends the cut of a drill.\nPATH="${searchPath("/usr/bin:/bin")}"\n${shellLines(restore)}true\n`;
}

/** Under systemd as a unit: the end of our session or service must not be his. */
async function startKeeper(argv: readonly [string, ...string[]]): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    const unit = `--unit=holdfast-drill-${process.pid}`;
    const options = ["--quiet", "--collect", unit, "--property=DefaultDependencies=no"];
    const started = await runProgram({ argv: ["systemd-run", ...options, "--", ...argv] });
    if (started.status === 0) return;
  }
  const [program, ...rest] = argv;
  const child = spawn(program, rest, { detached: true, stdio: "ignore" });
  // That it isn't there shows in that it doesn't arm.
  child.on("error", () => {});
  child.unref();
}
