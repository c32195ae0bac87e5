import type { Host, HostError, LinkChange } from "../host/ports.ts";
import { ok, type Result } from "../model/result.ts";
import type { LinkAddress } from "../wire/address.ts";
import type { LinkState } from "../wire/link.ts";
import { type BondView, nothingSeen, viewOf } from "./bond-view.ts";

/** Keeps a view of the bond that follows the kernel. */
export interface WatchedLinks {
  view(): BondView;
  /** The IP addresses of the link that bears the host's. */
  addresses(): readonly LinkAddress[];
  /** They have been changed by us: asked for anew when next wanted, before the kernel's word of it was read. */
  forgetAddresses(): void;
  /** Asks the kernel for everything anew, and tells what has changed. */
  refresh(): Result<void, HostError>;
  drain(): void;
  stop(): void;
}

/** Begins to follow. `onChange` gets the view before and after each change, in order; also when only addresses changed.
 *  `onRoutes` is called when some route changed, or may have. */
export function watchLinks(
  host: Host,
  names: { readonly bond: string; readonly holder: string },
  onChange: (before: BondView, after: BondView) => void,
  onRoutes: () => void,
): Result<WatchedLinks, HostError> {
  const links = new Map<number, LinkState>();
  let view = nothingSeen;
  // Read when they are asked for and may have changed: links may change thousands of times a second.
  let addresses: readonly LinkAddress[] | undefined;
  const look = (): void => {
    const before = view;
    view = viewOf(links, names.bond, names.holder);
    if (before.holder?.index !== view.holder?.index) addresses = undefined;
    onChange(before, view);
  };
  const refresh = (): Result<void, HostError> => {
    const list = host.net.links();
    if (!list.ok) return list;
    links.clear();
    for (const link of list.value) links.set(link.index, link);
    addresses = undefined;
    look();
    return ok(undefined);
  };
  const isOurs = ({ index, name, master }: LinkState): boolean =>
    name === names.bond || name === names.holder || master === view.bond?.index || isPort(view, index);
  const take = (change: LinkChange): void => {
    if (change.what === "missed") {
      refresh();
      onRoutes();
    } else if (change.what === "routes") {
      onRoutes();
    } else if (change.what === "addresses") {
      addresses = undefined;
      look();
    } else if (takeIn(links, change, isOurs)) look();
  };
  // Heard before the list is read: what changes in between is told, never missed.
  const watching = host.net.watch(take);
  if (!watching.ok) return watching;
  const first = refresh();
  if (!first.ok) {
    watching.value.stop();
    return first;
  }
  return ok({
    view: () => view,
    addresses() {
      addresses ??= addressesOf(host, view.holder?.index);
      return addresses;
    },
    forgetAddresses() {
      addresses = undefined;
    },
    refresh,
    ...watching.value,
  });
}

/** Writes one link's change down. Is it one of ours? */
function takeIn(
  links: Map<number, LinkState>,
  change: Extract<LinkChange, { readonly what: "gone" | "link" }>,
  isOurs: (link: LinkState) => boolean,
): boolean {
  if (change.what === "link") {
    links.set(change.link.index, change.link);
    return isOurs(change.link);
  }
  const known = links.get(change.index);
  links.delete(change.index);
  return known !== undefined && isOurs(known);
}

function isPort(view: BondView, index: number): boolean {
  for (const port of view.ports.values()) if (port.index === index) return true;
  return false;
}

function addressesOf(host: Host, index: number | undefined): readonly LinkAddress[] {
  const list = host.tables.addresses();
  return list.ok ? list.value.filter((one) => one.index === index) : [];
}
