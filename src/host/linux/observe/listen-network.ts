import { setTimeout as wait } from "node:timers/promises";
import type { HostLink, HostState } from "../../../model/host-state.ts";
import type { NetworkSight, SeenAccessPoint } from "../../../model/network-sight.ts";
import { groupFrames, neighbourGroups, type PortEar, portEar } from "../../../wire/port-sight.ts";
import { linuxPackets } from "../packets.ts";
import { linuxRadios } from "../radios.ts";
import { seenRouters } from "./observe-around.ts";

/** What to listen at, and for how long. */
export interface ListenRequest {
  /** As observed on this very host. */
  readonly host: HostState;
  /** Ports by the names they are wanted under, with their links. */
  readonly ports: readonly { readonly name: string; readonly link: HostLink }[];
  /** 0: the wires aren't listened at. */
  readonly listenMs: number;
  /** Ends it early; what was heard by then counts. */
  readonly signal: AbortSignal;
}

export interface Listened {
  readonly sight: NetworkSight;
  /** What could not be heard, one sentence each. */
  readonly unheard: readonly string[];
}

/** Listens to the network around this host: sends nothing, changes nothing but that the ports take in the groups in which switches
 *  speak, for as long as it listens. At the wires it needs CAP_NET_RAW; without, that is said. */
export async function listenNetwork({ host, ports, listenMs, signal }: ListenRequest): Promise<Listened> {
  const own = new Set(host.links.flatMap(({ mac, permanentMac }) => [mac, permanentMac].filter((one) => one !== "")));
  const unheard: string[] = [];
  const ears: { readonly ear: PortEar; readonly close: () => void }[] = [];
  for (const { name, link } of listenMs === 0 ? [] : ports) {
    const ear = portEar(name, own);
    const tap = linuxPackets.open(link.index, groupFrames, (frame) => ear.hear(frame));
    if (!tap.ok) {
      unheard.push(refusal(name, tap.error.errno));
      continue;
    }
    ears.push({ ear, close: tap.value.close });
    // A card that refuses more groups still passes on what it passes on.
    for (const group of neighbourGroups) tap.value.hear(group);
    if (!link.isUp) unheard.push(`${name} is down: nothing can be heard there`);
    else if (link.hasCarrier === false) unheard.push(`${name} has no carrier: nothing can be heard there`);
  }
  const accessPoints = await joinedPoints(host);
  const startedAt = performance.now();
  if (ears.length > 0) await wait(listenMs, undefined, { signal }).catch(() => undefined);
  for (const { close } of ears) close();
  return {
    sight: {
      listenedMs: ears.length === 0 ? 0 : Math.round(performance.now() - startedAt),
      ports: ears.map(({ ear }) => ear.sight()),
      routers: seenRouters(host),
      accessPoints,
    },
    unheard: [...new Set(unheard)],
  };
}

function refusal(name: string, errno: string): string {
  return errno === "EPERM"
    ? "who speaks on the wires isn't known: listening there needs root (CAP_NET_RAW)"
    : `who speaks on the wire of ${name} isn't known: it can't be listened at (${errno})`;
}

async function joinedPoints({ links }: HostState): Promise<readonly SeenAccessPoint[]> {
  const stations = links.filter(({ isRadio }) => isRadio);
  if (stations.length === 0) return [];
  const radios = linuxRadios();
  const found: SeenAccessPoint[] = [];
  for (const { name, index } of stations) {
    const joined = await radios.read(index);
    if (joined?.station === undefined) continue;
    found.push({ link: name, bssid: joined.station.bssid, ssid: joined.interface.ssid });
  }
  radios.close();
  return found;
}
