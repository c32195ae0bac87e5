import { spawn } from "node:child_process";
import { join } from "node:path";
import { agentPlaces } from "../../agent/places.ts";
import { drillStart } from "../../api/data/request-drill.ts";
import { hostTree } from "../../host/linux/observe/tree.ts";
import { underSudo } from "../../host/linux/observe/under-sudo.ts";
import { drillSocket, endedAtOnce, refusalMs, requestDrill } from "../../host/linux/request-drill.ts";
import { failed, ok } from "../../model/result.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import { type Drill, drillWith, isDrilling } from "../../watch/drill.ts";
import type { Cli } from "../command.ts";

/** Starts a drill of this host beside us, as root by itself, else through systemd where that lets us: what to say of it. It goes on whatever becomes
 *  of the terminal; what it shows comes as events. */
export async function startDrill(cli: Cli, socket: string, events: readonly StoredEvent[]): Promise<string> {
  if (socket !== agentPlaces.socket)
    return "A drill cuts the ports of this host, and this is another agent's view: type holdfast drill.";
  const last = events.reduce<Drill | undefined>(drillWith, undefined);
  const { state, command, hint } = drillStart(
    drillSocket,
    await underSudo(hostTree("/")),
    isDrilling(last, Date.now()),
  );
  if (state === "running") return "A drill is under way.";
  const begun =
    state === "ready" ? await requestDrill(drillSocket) : process.getuid?.() === 0 ? await drillBeside(cli) : undefined;
  if (begun === undefined) return `A drill needs root: type ${command}. ${hint}`;
  return begun.ok ? "The drill has begun; its result will stand below." : `No drill: ${begun.error}`;
}

/** Why a drill ended before it began, from what it said. */
function refusalOf(said: string): string {
  const line = said
    .replaceAll(/\s+/g, " ")
    .replace(/^holdfast: (no drill: )?/, "")
    .trim();
  return line === "" ? endedAtOnce : line;
}

function drillBeside({ home }: Cli): ReturnType<typeof requestDrill> {
  return new Promise((resolve) => {
    // A session of its own: what ends this terminal doesn't end the drill half-way.
    const child = spawn(process.execPath, [join(home, "bin/holdfast"), "drill", "--json"], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    const settle = (result: Awaited<ReturnType<typeof requestDrill>>): void => {
      clearTimeout(timer);
      child.stderr.destroy();
      child.unref();
      resolve(result);
    };
    const timer = setTimeout(() => settle(ok(undefined)), refusalMs);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(0, 2_000);
    });
    child.on("error", (problem) => settle(failed(problem.message)));
    // Not "exit": what it said may still be on its way then.
    child.on("close", (status) => settle(status === 0 ? ok(undefined) : failed(refusalOf(said))));
  });
}
