import { existsSync, readFileSync } from "node:fs";
import type { Host } from "../host/ports.ts";
import { ownToward } from "../transact/probes/ask-router.ts";
import { gatewaysOf, type Snapshot, takeSnapshot } from "../transact/probes/snapshot.ts";
import type { LinkState } from "../wire/link.ts";

/** The router of the default route over a bond. */
export interface Router {
  readonly address: string;
  /** What it is behind: the bond, or a VLAN or bridge on it. */
  readonly link: LinkState;
  /** The VLAN it is in, where that link is one. */
  readonly vlan?: number;
  /** The link's own address of its family; undefined: it has none. */
  readonly own: string | undefined;
}

/** IPv4's, else IPv6's; of several the preferred. undefined: no default route goes over this bond by a router. */
export function routerOver(host: Host, bond: string): Router | undefined {
  const snapshot = takeSnapshot(host);
  const isOver = ({ name }: LinkState): boolean => name === bond || existsSync(`/sys/class/net/${name}/lower_${bond}`);
  const over = gatewaysOf(snapshot).filter(({ link }) => isOver(link));
  const chosen = over.find(({ family }) => family === "ipv4") ?? over[0];
  return chosen === undefined ? undefined : routerAt(snapshot, chosen.router, chosen.link);
}

function routerAt(snapshot: Snapshot, address: string, link: LinkState): Router {
  const own = ownToward(
    address,
    snapshot.addresses.filter(({ index }) => index === link.index),
  );
  const vlan = vlanOf(link.name);
  return { address, link, own, ...(vlan === undefined ? {} : { vlan }) };
}

/** "bond0.7  VID: 7	 REORDER_HDR: 1 …" */
function vlanOf(link: string): number | undefined {
  try {
    return Number(/VID: (\d+)/.exec(readFileSync(`/proc/net/vlan/${link}`, "utf8"))?.[1]) || undefined;
  } catch {
    return undefined;
  }
}
