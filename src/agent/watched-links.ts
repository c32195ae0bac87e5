import type { Host, HostError, Watching } from "../host/ports.ts";
import { ok, type Result } from "../model/result.ts";
import type { LinkState } from "../wire/link.ts";
import { type BondView, nothingSeen, viewOf } from "./bond-view.ts";

/** Keeps a view of the bond that follows the kernel. */
export interface WatchedLinks {
  view(): BondView;
  /** Asks the kernel for everything anew, and tells what has changed. */
  refresh(): Result<void, HostError>;
  drain(): void;
  stop(): void;
}

/** Begins to follow. `onChange` gets the view before and after each change, in order. */
export function watchLinks(
  host: Host,
  names: { readonly bond: string; readonly holder: string },
  onChange: (before: BondView, after: BondView) => void,
): Result<WatchedLinks, HostError> {
  const links = new Map<number, LinkState>();
  let view = nothingSeen;
  const look = (): void => {
    const before = view;
    view = viewOf(links, names.bond, names.holder);
    onChange(before, view);
  };
  const refresh = (): Result<void, HostError> => {
    const list = host.net.links();
    if (!list.ok) return list;
    links.clear();
    for (const link of list.value) links.set(link.index, link);
    look();
    return ok(undefined);
  };
  const isOurs = (link: LinkState | undefined): boolean =>
    link !== undefined &&
    (link.name === names.bond ||
      link.name === names.holder ||
      link.master === view.bond?.index ||
      view.ports.has(link.name));
  // Heard before the list is read: what changes in between is told, never missed.
  const watching = host.net.watch((change) => {
    if (change.what === "missed") return void refresh();
    const index = change.what === "link" ? change.link.index : change.index;
    const known = links.get(index);
    if (change.what === "link") links.set(index, change.link);
    else links.delete(index);
    if (isOurs(known) || (change.what === "link" && isOurs(change.link))) look();
  });
  if (!watching.ok) return watching;
  const first = refresh();
  if (!first.ok) {
    watching.value.stop();
    return first;
  }
  return ok(handle(watching.value, refresh, () => view));
}

function handle(watching: Watching, refresh: () => Result<void, HostError>, view: () => BondView): WatchedLinks {
  return { view, refresh, drain: watching.drain, stop: watching.stop };
}
