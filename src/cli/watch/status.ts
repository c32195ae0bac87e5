import { type AgentProblem, askAgent } from "../../api/agent-client.ts";
import { kernelStatus } from "../../api/kernel-status.ts";
import { readBonds } from "../../host/linux/read-bonds.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { renderStatus } from "../../report/status.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import { drillsDirectory, proofOf, readDrills } from "../../store/drills.ts";
import type { Cli } from "../command.ts";
import { styleFor } from "../style.ts";
import { localCalendar } from "./local-calendar.ts";

/** Where to look, as the flags say. */
export interface StatusRequest {
  readonly socket: string;
  readonly bond: string | undefined;
  readonly signal: AbortSignal;
}

/** A status, and what is in the way of a better one. */
export interface StatusSeen {
  readonly status: StatusDocument;
  /** Why a running agent could not be asked. */
  readonly trouble?: AgentProblem;
}

/** The status as the agent tells it; where none answers, or it watches another bond, as the kernel does. */
export async function readStatus({ socket, bond, signal }: StatusRequest): Promise<Result<StatusSeen, AgentProblem>> {
  const told = await askAgent<StatusDocument>(socket, "/status", signal);
  if (told.ok && (bond === undefined || told.value.bond?.name === bond)) return ok({ status: told.value });
  // An agent that hangs, or that this user may not ask, must not keep anybody from seeing the bond.
  const seen = kernelStatus(await readBonds(), bond, Date.now());
  if (seen === undefined) {
    const hint = "Bonds of this host are listed in /proc/net/bonding.";
    return failed({ code: "failed", message: `this host has no bond "${bond}"`, hint });
  }
  const proven = proofOf(readDrills(drillsDirectory));
  const isTrouble = !told.ok && told.error.code !== "absent" && !signal.aborted;
  const status = proven === undefined ? seen : { ...seen, proven };
  return ok({ status, ...(isTrouble ? { trouble: told.error } : {}) });
}

/** The status as text, at most so many columns wide. */
export function statusText(cli: Cli, status: StatusDocument, columns: number): string {
  const style = styleFor(cli, cli.stdout);
  return renderStatus(status, { ...style, columns: Math.min(style.columns, columns) }, localCalendar(Date.now()));
}

/** fine while traffic flows, to the Internet too, with redundancy left; findings otherwise: a script can ask by the exit status alone. That
 *  nothing on this host can mend a lost Internet is no comfort to who wants to know whether it is reachable. */
export function isHealthy({ bond, redundancy, lastOutage, internet }: StatusDocument): boolean {
  if (bond === null || !bond.carrier || internet?.state === "lost") return false;
  const isWhole = redundancy === null || redundancy.usable >= redundancy.declared;
  return isWhole && (lastOutage === null || lastOutage.lastedMs !== null);
}
