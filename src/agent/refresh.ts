import type { Host } from "../host/ports.ts";
import type { LinkAddress } from "../wire/address.ts";
import { arpAnnouncement, encodeArp } from "../wire/arp.ts";
import { BROADCAST, ETHERTYPE, encodeFrame } from "../wire/ethernet.ts";
import { ipBytes, ipText } from "../wire/ip.ts";
import { encodeAnnouncement, encodeRouterSolicitation, multicastMac } from "../wire/nd.ts";
import { type Neighbour, NUD } from "../wire/neighbour.ts";
import type { BondView } from "./bond-view.ts";
import type { PortUplink } from "./plan.ts";
import { forgetAdvertised, retireOtherUplinks, useUplink } from "./use-uplink.ts";

/** What a refresh works with. */
export interface RefreshTools {
  readonly host: Host;
  readonly view: () => BondView;
  readonly addresses: () => readonly LinkAddress[];
  readonly uplinks: () => readonly PortUplink[];
  /** Router of a port by the plan; undefined: none. */
  readonly routerOf: (port: string) => string | undefined;
  readonly routerMac: (port: string) => string | undefined;
  /** Are ports seen to be on one LAN? */
  readonly areShared: () => boolean;
  readonly send: (port: string, frame: Uint8Array) => void;
  /** Something couldn't be done; it is said, and the rest goes on. */
  readonly onTrouble: (what: string) => void;
}

/** Do ports lead to different routers? Then what is known of neighbours on one side is wrong on the other. */
function leadsElsewhere(tools: RefreshTools): boolean {
  return tools.uplinks().length > 1;
}

/** Puts right what became stale when traffic moved to a port: neighbours, then the uplink's address and routes. Announcing it
 *  is `announce`. */
export function refreshTables(tools: RefreshTools, port: string): void {
  const { holder } = tools.view();
  if (holder === undefined) return;
  forgetNeighbours(tools, port, leadsElsewhere(tools) ? "all" : "lost");
  putRouter(tools, port);
  useUplink(tools, port);
  retireOtherUplinks(tools, port);
  if (leadsElsewhere(tools) && !tools.areShared()) forgetAdvertised(tools, port);
}

/** The LAN of the active port answers (again): its router is written down, and who wasn't found while it didn't is asked for anew
 *  with the next packet. The kernel by itself would ask once a second. */
export function meetAgain(tools: RefreshTools, port: string): void {
  if (tools.view().active !== port) return;
  forgetNeighbours(tools, port, "lost");
  putRouter(tools, port);
}

/** Writes the router's entry with the MAC just seen on that port. This is what makes 0.1 s of 44. */
function putRouter(tools: RefreshTools, port: string): void {
  const { holder, active } = tools.view();
  const address = ipBytes(tools.routerOf(port) ?? "");
  if (holder === undefined || address === undefined || active !== port) return;
  const mac = tools.routerMac(port);
  if (mac === undefined && !leadsElsewhere(tools)) return;
  const done = tools.host.tables.putNeighbour({ index: holder.index, address, ...(mac === undefined ? {} : { mac }) });
  if (!done.ok && done.error.errno !== "ENOENT") tools.onTrouble(done.error.message);
}

/** An entry has changed. Was it the router's, and is it that of another port's router now, it is written anew; a router that has
 *  really another MAC address than before stays. */
export function keepRouter(tools: RefreshTools, entry: Neighbour): void {
  const { holder, active } = tools.view();
  if (entry.index !== holder?.index || ipText(entry.address) !== tools.routerOf(active)) return;
  const own = tools.routerMac(active);
  const isOther = tools.uplinks().some(({ port }) => port !== active && tools.routerMac(port) === entry.mac);
  if (own !== undefined && own !== entry.mac && isOther) putRouter(tools, active);
}

/** Entries but the router's: those that couldn't be resolved, or all that were learnt. */
function forgetNeighbours(tools: RefreshTools, port: string, which: "lost" | "all"): void {
  const index = tools.view().holder?.index;
  const router = tools.routerOf(port);
  const list = tools.host.tables.neighbours();
  if (!list.ok) {
    tools.onTrouble(list.error.message);
    return;
  }
  for (const one of list.value) {
    const isLost = (one.state & (NUD.incomplete | NUD.failed)) !== 0;
    const isFixed = (one.state & (NUD.permanent | NUD.noarp)) !== 0;
    const isWrong = which === "all" || isLost;
    if (one.index !== index || isFixed || !isWrong || ipText(one.address) === router) continue;
    tools.host.tables.putNeighbour({ index: one.index, address: one.address });
  }
}

/** How often, and how long after the move, the host's addresses are announced, ms: the first may be lost while a switch
 *  port or a radio still settles. */
export const announceAtMs = [0, 120, 500] as const;

/** Tells everybody on the active port's LAN where the host's addresses are now. Joined multicast groups are told by the kernel. */
export function announce(tools: RefreshTools, port: string): void {
  const { holder, active } = tools.view();
  if (holder === undefined || active !== port) return;
  const own = tools.addresses();
  for (const address of own) tools.send(port, announcement(holder.mac, address));
  const local = own.find(({ ip, scope }) => ip.includes(":") && scope === "link");
  if (local === undefined) return;
  // Routers of the new side: without asking, their next advertisement may be minutes away.
  const payload = encodeRouterSolicitation(local.ip, holder.mac);
  tools.send(port, encodeFrame({ to: multicastMac("ff02::2"), from: holder.mac, type: ETHERTYPE.ipv6, payload }));
}

function announcement(mac: string, { ip }: LinkAddress): Uint8Array {
  if (ip.includes(":")) {
    const payload = encodeAnnouncement(mac, ip);
    return encodeFrame({ to: multicastMac("ff02::1"), from: mac, type: ETHERTYPE.ipv6, payload });
  }
  const payload = encodeArp(arpAnnouncement(mac, ip));
  return encodeFrame({ to: BROADCAST, from: mac, type: ETHERTYPE.arp, payload });
}
