import { spawnSync } from "node:child_process";

/** Runs one of the lab's own tools to its end. Throws, naming it, unless it succeeds. */
export function runTool(command: string, args: readonly string[], input: string): void {
  const done = spawnSync(command, args, { input, encoding: "utf8", timeout: 120_000 });
  if (done.error !== undefined) throw new Error(`${command} can't be run in the lab: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status ?? done.signal}: ${said(done)}`);
}

/** The last of what it printed: some say on standard output what went wrong. */
function said({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return stderr.trim() || (stdout.trim().split("\n").at(-1) ?? "");
}
