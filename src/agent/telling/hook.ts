import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { visible } from "../../diagnostic/visible.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { hookEnvironment, webhookBody } from "../../notify/payload.ts";
import type { Deliver, Delivered, Refusal } from "./delivery.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

/** Where own programs lie when nothing else is said. */
export const HOOKS_DIRECTORY = "/etc/holdfast/hooks.d";

/** sysexits.h, EX_TEMPFAIL: "try again later". */
const TRY_AGAIN = 75;

/** The programs of a directory in the order of their names, or the one program named; none where there is nothing. */
export async function findHooks(path: string): Promise<readonly string[]> {
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
  if (isDirectory === undefined) return [];
  if (!isDirectory) return [path];
  const names = await readdir(path).catch(() => []);
  // What editors and package managers leave behind is no program: name~, name.dpkg-new, .name.swp.
  const wanted = names.filter(
    (name) => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,60}$/.test(name) && !/\.(dpkg-\w+|bak|orig|swp)$/.test(name),
  );
  return wanted.toSorted().map((name) => join(path, name));
}

/** Runs one program per message: the message in its environment and, as JSON, on its standard input. */
export function hookDelivery(file: string, timeoutMs: number): Deliver {
  return async (message, signal) => {
    const trusted = await mayRun(file);
    if (!trusted.ok) return trusted;
    const env = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      LANG: "C.UTF-8",
      ...hookEnvironment(message),
    };
    const input = webhookBody(message);
    return judge(file, timeoutMs, await runProgram({ file, args: [], env, input, timeoutMs, signal }));
  };
}

/** Whoever may write the program may do what the agent may. */
async function mayRun(file: string): Promise<Result<void, Refusal>> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return failed({ reason: `${file} is not there` });
  if (!found.isFile()) return failed({ reason: `${file} is no file` });
  if (found.uid !== 0 && found.uid !== process.getuid?.())
    return failed({ reason: `${file} belongs to somebody else` });
  if ((found.mode & 0o022) !== 0) return failed({ reason: `${file} can be written by others: chmod go-w` });
  return (found.mode & 0o111) === 0 ? failed({ reason: `${file} is not executable: chmod +x` }) : ok(undefined);
}

function judge(file: string, timeoutMs: number, ended: ProgramEnd): Result<Delivered, Refusal> {
  switch (ended.end) {
    case "exited":
      if (ended.status === 0) return ok({});
      if (ended.status === TRY_AGAIN) return failed({ reason: `${file} asked to be run again later` });
      // Run again, most scripts would only fail again, and hold up what comes after.
      return ok({ remark: `${file} ended with status ${ended.status}${lastLine(ended)}` });
    case "killed":
      return ok({ remark: `${file} was ended by ${ended.reason}${lastLine(ended)}` });
    case "timed-out":
      return failed({ reason: `${file} did not end within ${timeoutMs} ms, or wrote without end` });
    case "stopped":
      return failed({ reason: `${file} was stopped with the agent` });
    case "not-started":
      return failed({ reason: `${file} can't be started: ${ended.reason}` });
  }
}

function lastLine({ stderr, stdout }: ProgramEnd): string {
  const line = (stderr.trim() === "" ? stdout : stderr).trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : `: ${visible(line.slice(0, 200))}`;
}
