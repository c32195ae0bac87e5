import { errnoOf } from "../host/linux/read-problem.ts";
import type { Cli, Output } from "./command.ts";
import { commands } from "./commands/registry.ts";
import { exitCodes } from "./exit-codes.ts";
import { keyboardOn } from "./keyboard-on.ts";
import { runProgram } from "./program.ts";
import { prompterOn } from "./prompter.ts";

/** Statuses a shell gives for a process ended by SIGINT, SIGTERM and SIGPIPE. */
const signalStatus = { SIGINT: 130, SIGTERM: 143, EPIPE: 141 } as const;

/** How long a command may tidy away after Ctrl-C. A lab's processes end within a second. */
const graceMs = 4000;

/** The edge between the process and the program: streams, signals, and what happens when we fail. Called by bin/holdfast. */
export async function start(host: NodeJS.Process, version: string, home: string): Promise<void> {
  const stop = new AbortController();
  const running = commands.find(({ name }) => name === host.argv[2]);
  const isUntilStopped = running?.untilStopped === true;
  const endsInOrder = running?.endsInOrder === true;
  let status: number | undefined;
  const end = (why: keyof typeof signalStatus): void => {
    // The second Ctrl-C doesn't wait for anything to be tidied away.
    if (stop.signal.aborted && why === "SIGINT") host.exit(signalStatus.SIGINT);
    if (endsInOrder) {
      // Whoever listened is gone, and what was begun must be brought to its end all the same.
      if (why !== "EPIPE") stop.abort(why);
      return;
    }
    if (!isUntilStopped) status ??= signalStatus[why];
    stop.abort(why);
    // Whoever has something to tidy away does so at once; whoever doesn't listen is not waited for.
    setTimeout(() => host.exit(status), graceMs).unref();
  };
  host.on("SIGINT", () => end("SIGINT"));
  host.on("SIGTERM", () => end("SIGTERM"));
  // A connection that drops while its network is changed is what is to be expected.
  if (endsInOrder) host.on("SIGHUP", () => {});
  let isUnwritten = false;
  const failed = (problem: Error): void => {
    if (errnoOf(problem) === "EPIPE") {
      end("EPIPE");
      return;
    }
    if (isUnwritten || endsInOrder) return;
    isUnwritten = true;
    host.stderr.write(`holdfast: the output could not be written (${errnoOf(problem)}): it is not whole\n`);
    status ??= exitCodes.usage.status;
    // The last write's error comes after the command has ended.
    host.exitCode = status;
    stop.abort("output");
  };
  host.stdout.on("error", failed);
  host.stderr.on("error", () => end("EPIPE"));
  const cli = cliOn(host, { version, home, signal: stop.signal });
  const exit = await runProgram(cli, commands, host.argv.slice(2)).catch((problem: unknown) => {
    sayBug(cli, problem);
    return "bug" as const;
  });
  // Not exit(): what is still on its way into a pipe would be lost.
  host.exitCode = status ?? exitCodes[exit].status;
  // A service that broke off half-way holds sockets that would keep it alive, and nobody would start it anew.
  if (exit === "bug") setTimeout(() => host.exit(host.exitCode), graceMs).unref();
}

/** What commands see of the process. */
function cliOn(host: NodeJS.Process, given: Pick<Cli, "version" | "home" | "signal">): Cli {
  return {
    ...given,
    stdout: outputOf(host.stdout, host.env),
    stderr: outputOf(host.stderr, host.env),
    cwd: workingDirectory(host),
    env: host.env,
    node: { version: host.versions.node, architecture: host.arch },
    // Nobody reads a question that goes into a file.
    ...(host.stdin.isTTY && host.stdout.isTTY
      ? { prompter: () => prompterOn(host, given.signal), keyboard: (restore) => keyboardOn(host, restore) }
      : {}),
  };
}

/** A working directory that was deleted meanwhile doesn't keep `--help` from being read. */
function workingDirectory(host: NodeJS.Process): string {
  try {
    return host.cwd();
  } catch {
    return "/";
  }
}

function outputOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    // Not a constant: a terminal is resized while a rehearsal runs.
    get columns() {
      return stream.isTTY ? stream.columns : Number(env["COLUMNS"]) || 80;
    },
    get rows() {
      return stream.isTTY ? stream.rows : undefined;
    },
  };
}

function sayBug(cli: Cli, problem: unknown): void {
  const message = problem instanceof Error ? problem.message : String(problem);
  const trace = problem instanceof Error && cli.env["HOLDFAST_DEBUG"] === "1" ? `\n${problem.stack ?? ""}` : "";
  const more = trace === "" ? " HOLDFAST_DEBUG=1 shows where it happened." : trace;
  cli.stderr.write(
    `holdfast: this is a bug of ours: ${message.split("\n")[0]}. Please report it ` +
      `with the command line and holdfast ${cli.version}.${more}\n`,
  );
}
