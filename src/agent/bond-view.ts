import type { Event } from "../watch/event.ts";
import type { LinkState } from "../wire/link.ts";

/** The bond as the kernel has it now. */
export interface BondView {
  /** undefined: there is no bond of that name, or it isn't one. */
  readonly bond: LinkState | undefined;
  /** The link that bears the host's address; the bond itself unless something stands on it. */
  readonly holder: LinkState | undefined;
  /** Its ports by name. */
  readonly ports: ReadonlyMap<string, LinkState>;
  /** Which of them carries traffic; "" none. */
  readonly active: string;
}

/** No bond, no ports. */
export const nothingSeen: BondView = { bond: undefined, holder: undefined, ports: new Map(), active: "" };

/** Picks one bond and its ports out of all links. */
export function viewOf(links: ReadonlyMap<number, LinkState>, bondName: string, holderName: string): BondView {
  let bond: LinkState | undefined;
  let holder: LinkState | undefined;
  for (const link of links.values()) {
    if (link.name === bondName && link.bond !== undefined) bond = link;
    if (link.name === holderName) holder = link;
  }
  if (bond === undefined) return nothingSeen;
  const ports = new Map<string, LinkState>();
  for (const link of links.values()) if (link.master === bond.index) ports.set(link.name, link);
  const activeIndex = bond.bond?.activePort ?? 0;
  return { bond, holder: holder ?? bond, ports, active: links.get(activeIndex)?.name ?? "" };
}

/** A change, without its moment. */
export type Change = WithoutMoment<
  Extract<Event, { type: "carrier" | "port-gone" | "port-back" | "kernel-active" | "drift" }>
>;
type WithoutMoment<E> = E extends unknown ? Omit<E, "at"> : never;

/** Does the kernel take this port for one that works? A port that was set down has no carrier for us. */
export function hasCarrier(port: LinkState | undefined): boolean {
  return port?.isUp === true && port.hasCarrier;
}

/** What changed between two views of the bond, of the ports that are watched. Carriers come first: why traffic moved is
 *  told before that it did. */
export function changesBetween(before: BondView, after: BondView, watched: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  for (const port of watched) {
    const was = before.ports.get(port);
    const is = after.ports.get(port);
    if (was !== undefined && is === undefined) changes.push({ type: "port-gone", port });
    if (was === undefined && is !== undefined) changes.push({ type: "port-back", port });
    if (is !== undefined && hasCarrier(was) !== hasCarrier(is))
      changes.push({ type: "carrier", port, up: hasCarrier(is) });
  }
  if (before.active !== after.active) changes.push({ type: "kernel-active", port: after.active });
  return [...changes, ...driftBetween(before, after)];
}

/** Options of the bond that somebody changed. */
function driftBetween(before: BondView, after: BondView): readonly Change[] {
  const was = before.bond?.bond;
  const is = after.bond?.bond;
  if (is === undefined) return [];
  const changes: Change[] = [];
  // A bond made anew has the primary its makers gave it.
  if (was === undefined || before.bond?.index !== after.bond?.index) {
    const primary = nameOf(after, is.primary);
    return primary === "" ? [] : [{ type: "drift", option: "primary", value: primary }];
  }
  const compare = (option: string, old: number, now: number): void => {
    if (old !== now) changes.push({ type: "drift", option, value: String(now) });
  };
  if (was.primary !== is.primary) {
    changes.push({ type: "drift", option: "primary", value: nameOf(after, is.primary) });
  }
  compare("mode", was.mode, is.mode);
  compare("miimon", was.miimon, is.miimon);
  compare("arp_interval", was.arpInterval, is.arpInterval);
  compare("fail_over_mac", was.failOverMac, is.failOverMac);
  compare("primary_reselect", was.primaryReselect, is.primaryReselect);
  compare("updelay", was.updelay, is.updelay);
  compare("downdelay", was.downdelay, is.downdelay);
  compare("num_peer_notif", was.numPeerNotif, is.numPeerNotif);
  return changes;
}

/** The name of a port by its index; "" for none. */
function nameOf(view: BondView, index: number): string {
  for (const [name, link] of view.ports) if (link.index === index) return name;
  return "";
}
