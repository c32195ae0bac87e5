import { backendNames } from "../../plan/change.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { readSeconds } from "./read-seconds.ts";

/** The flags of `apply`, as they were typed. */
export interface ApplyFlags {
  readonly deadline: string | undefined;
  readonly unattended: boolean;
  readonly "same-session": boolean;
  readonly host: string | undefined;
  readonly previous: boolean;
  readonly to: string | undefined;
  readonly accept: readonly string[];
  readonly "keep-failing": boolean;
  readonly "no-wait": boolean;
  readonly lines: boolean;
  readonly json: boolean;
}

/** Here, on another host, or back by one: whichever was asked for. */
export async function applyAsAsked(cli: Cli, operands: readonly string[], flags: ApplyFlags): Promise<Exit> {
  const seconds = readSeconds(cli, flags.deadline);
  if (typeof seconds === "string") return seconds;
  const [path, more] = operands;
  if (flags.previous ? path !== undefined : path === undefined || more !== undefined) {
    return sayUsage(cli, "one FILE is applied, or --previous", "Name the holdfast.yaml.");
  }
  if (flags.host !== undefined) {
    const { host, to, accept } = flags;
    if (path === undefined) return sayUsage(cli, "--previous is done on the host itself", `Run it by ssh ${host}.`);
    const { applyOverSsh } = await import("./over-ssh.ts");
    return applyOverSsh(cli, { host, path, seconds, to, accept });
  }
  const wish = {
    seconds,
    confirmation: flags.unattended ? "probes" : flags["same-session"] ? "any-session" : "new-session",
    accept: flags["keep-failing"] ? "regressions" : "nothing",
    until: flags["no-wait"] ? "proven" : "ended",
    manner: flags.lines ? "lines" : flags.json ? "silent" : "text",
  } as const;
  if (path === undefined) {
    const { previousCommand } = await import("./previous.ts");
    return previousCommand(cli, wish);
  }
  const { applyCommand } = await import("./apply-command.ts");
  const to = backendNames.find((name) => name === flags.to);
  return applyCommand(cli, { ...wish, path, acceptFindings: flags.accept, ...(to === undefined ? {} : { to }) });
}
