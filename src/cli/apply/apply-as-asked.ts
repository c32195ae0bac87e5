import { backendNames } from "../../plan/change.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { readSeconds } from "./read-seconds.ts";
import { type TransactionFlags, wishOf } from "./transaction-flags.ts";

/** The flags of `apply`, as they were typed. */
export interface ApplyFlags extends TransactionFlags {
  readonly host: string | undefined;
  readonly previous: boolean;
  readonly to: string | undefined;
  readonly accept: readonly string[];
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
  const wish = { seconds, ...wishOf(flags) };
  if (path === undefined) {
    const { previousCommand } = await import("./previous.ts");
    return previousCommand(cli, wish);
  }
  const { applyCommand } = await import("./apply-command.ts");
  const to = backendNames.find((name) => name === flags.to);
  return applyCommand(cli, { ...wish, path, acceptFindings: flags.accept, ...(to === undefined ? {} : { to }) });
}
