import { resolve } from "node:path";
import { placesIn, portLinks, unplaced } from "../../api/data/audit-document.ts";
import { listenNetwork } from "../../host/linux/observe/listen-network.ts";
import { observeHost } from "../../host/linux/observe/observe-host.ts";
import type { Config } from "../../model/config.ts";
import { type NetworkSight, nothingHeard } from "../../model/network-sight.ts";
import type { PlacedPort } from "../../topology/audit/shared-hardware.ts";
import type { Cli } from "../command.ts";
import { progressOn } from "../progress.ts";

/** Long enough for two of the messages by which bridges keep their tree, too short for LLDP, which speaks every 30 s. */
const defaultListenS = 5;
/** From here on a neighbour with LLDP's usual pause has been heard. */
const lldpS = 31;

/** What was found out about this host, or about a copy of another. */
export interface LookedAround {
  readonly placed: readonly PlacedPort[];
  readonly sight: NetworkSight;
  /** What could not be seen or heard, one sentence each. */
  readonly notes: readonly string[];
}

/** Looks where the ports are plugged in, by the /sys below a root, and, on this very host, listens who speaks there. */
export async function lookAround(
  cli: Cli,
  config: Config,
  { hardware, listenS = defaultListenS }: { readonly hardware: string; readonly listenS?: number | undefined },
): Promise<LookedAround> {
  const root = resolve(cli.cwd, hardware);
  const host = await observeHost(root);
  const ports = portLinks(config, host);
  const placed = placesIn(ports);
  const notes = unplaced(config, placed);
  if (root !== "/" || ports.length === 0) return { placed, sight: nothingHeard, notes };
  const progress = progressOn(cli.stderr);
  if (listenS > 0) progress.say(`listening at ${ports.map(({ name }) => name).join(", ")} for ${listenS} s …`);
  try {
    const { sight, unheard } = await listenNetwork({ host, ports, listenMs: listenS * 1000, signal: cli.signal });
    return { placed, sight, notes: [...notes, ...unheard, ...tooShort(sight)] };
  } finally {
    progress.end();
  }
}

function tooShort({ listenedMs, ports }: NetworkSight): readonly string[] {
  const isAnswered = ports.every(({ neighbours }) => neighbours.length > 0);
  if (listenedMs === 0 || listenedMs >= lldpS * 1000 || isAnswered) return [];
  const heard = `the ports were listened at for ${Math.round(listenedMs / 1000)} s`;
  return [`${heard}; switches that speak LLDP do so every 30 s: --listen 35 hears them`];
}
