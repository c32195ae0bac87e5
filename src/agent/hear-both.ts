import type { Watching } from "../host/ports.ts";
import { keepRouter } from "./refresh.ts";
import type { Running } from "./running.ts";

/** The time in which both ports are heard. */
export interface BothHeard {
  readonly ends: NodeJS.Timeout;
  /** Undefined: the kernel tells nothing of neighbours. */
  readonly neighbours: Watching | undefined;
}

/** After a move made without need, what was still on its way to the old port is taken for this long, ms. */
export const BOTH_HEARD_MS = 1_000;

/** Where ports lead to different routers, answers to what left by the old one still come in there: for a moment they are
 *  taken. On one LAN they follow the move by themselves, and broadcasts would come in twice. */
export function hearBoth(running: Running): void {
  const { deps, links, plan, bothHeard } = running;
  const bond = links?.view().bond;
  if (bond === undefined || plan.uplinks.length < 2) return;
  if (bothHeard === undefined && bond.bond?.allSlavesActive !== 0) return;
  clearTimeout(bothHeard?.ends);
  // First, so that nothing that is taken from now on goes by unseen.
  const neighbours = bothHeard?.neighbours ?? watchNeighbours(running);
  running.bothHeard = { ends: setTimeout(() => hearActive(running), BOTH_HEARD_MS), neighbours };
  deps.memory?.keepHeard("both");
  if (!deps.host.net.hearOtherPorts(bond.index, "taken").ok) hearActive(running);
}

/** Back to the active port alone. */
export function hearActive(running: Running): void {
  const { bothHeard, links, deps } = running;
  if (bothHeard === undefined) return;
  clearTimeout(bothHeard.ends);
  running.bothHeard = undefined;
  const bond = links?.view().bond;
  if (bond !== undefined) deps.host.net.hearOtherPorts(bond.index, "dropped");
  deps.memory?.keepHeard("active");
  bothHeard.neighbours?.drain();
  bothHeard.neighbours?.stop();
}

/** One that was killed meanwhile has left both heard, and nobody who ends it. */
export function hearActiveAgain({ deps, links }: Running): void {
  const bond = links?.view().bond;
  if (bond === undefined || deps.memory?.heard !== "both") return;
  const dropped = deps.host.net.hearOtherPorts(bond.index, "dropped");
  if (dropped.ok) deps.memory.keepHeard("active");
  else deps.log(`all_slaves_active of ${bond.name} stays at 1: ${dropped.error.message}`);
}

/** The router that was left has only to ask for the host, and the kernel takes down its MAC address: where both routers have one
 *  IP address, that of the other is lost, and packets go nowhere until somebody asks again. */
function watchNeighbours({ deps, tools }: Running): Watching | undefined {
  const watching = deps.host.tables.watchNeighbours((entry) => keepRouter(tools, entry));
  return watching.ok ? watching.value : undefined;
}
