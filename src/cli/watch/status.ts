import { readBonds } from "../../host/linux/read-bonds.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { renderStatus } from "../../report/status.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import type { Cli } from "../command.ts";
import { styleFor } from "../style.ts";
import { type AgentProblem, askAgent } from "./agent-client.ts";
import { kernelStatus } from "./kernel-status.ts";
import { localCalendar } from "./local-calendar.ts";

/** Where to look, as the flags say. */
export interface StatusRequest {
  readonly socket: string;
  readonly bond: string | undefined;
  readonly signal: AbortSignal;
}

/** The status as the agent tells it; where none runs, or it watches another bond, as the kernel does. */
export async function readStatus({
  socket,
  bond,
  signal,
}: StatusRequest): Promise<Result<StatusDocument, AgentProblem>> {
  const told = await askAgent<StatusDocument>(socket, "/status", signal);
  if (told.ok && (bond === undefined || told.value.bond?.name === bond)) return told;
  // An agent that hangs, or that this user may not ask, must not keep anybody from seeing the bond.
  const seen = kernelStatus(await readBonds(), bond, Date.now());
  if (seen !== undefined) return ok(seen);
  const hint = "Bonds of this host are listed in /proc/net/bonding.";
  return failed({ code: "failed", message: `this host has no bond "${bond}"`, hint });
}

/** The status as text for an output. */
export function statusText(cli: Cli, status: StatusDocument): string {
  return renderStatus(status, styleFor(cli, cli.stdout), localCalendar(Date.now()));
}

/** fine while traffic flows with redundancy left; findings otherwise: a script can ask by the exit status alone. */
export function isHealthy({ bond, redundancy, lastOutage }: StatusDocument): boolean {
  if (bond === null || !bond.carrier) return false;
  const isWhole = redundancy === null || redundancy.usable >= redundancy.declared;
  return isWhole && (lastOutage === null || lastOutage.lastedMs !== null);
}
