import type { StatusOutage } from "../report/status-input.ts";
import type { StoredEvent } from "../watch/chronicle.ts";
import { type Drill, drillWith, endOf, hasMade, outlasts } from "../watch/drill.ts";

/** What a walk over the events has seen of outages. */
export interface OutagesSeen {
  /** The latest that is over and no drill made: nobody is to take what was wanted for what befell the host. */
  readonly past: StatusOutage | null;
  /** The one under way. */
  readonly open: StatusOutage | undefined;
  /** The active port, as far as is told. */
  readonly active: string;
  /** The latest drill; undefined: none is known. */
  readonly drill: Drill | undefined;
}

export const noOutages: OutagesSeen = { past: null, open: undefined, active: "", drill: undefined };

/** The one under way, as it is to be told at this time by the wall clock: what a drill has left behind is the host's own. */
export function openOutage({ open, drill }: Pick<OutagesSeen, "open" | "drill">, at: number): StatusOutage | undefined {
  if (open?.isDrill !== true || drill === undefined || !outlasts(endOf(drill), at)) return open;
  const { isDrill: _, ...own } = open;
  return own;
}

/** With one event more. */
export function withEvent(before: OutagesSeen, stored: StoredEvent): OutagesSeen {
  const { at, monotonicMs, event } = stored;
  const drill = drillWith(before.drill, stored);
  const seen = { ...before, drill };
  switch (event.what) {
    case "drill-begins":
      // What the drill before it has left behind isn't this one's.
      return { ...seen, open: openOutage(before, at) };
    case "started":
      return { ...seen, active: event.active, open: undefined };
    case "outage-begins": {
      const { cause, extent, since } = event;
      const began = Math.round(at - Math.max(0, monotonicMs - since));
      const isDrill = hasMade(seen.drill, began) ? { isDrill: true } : {};
      return { ...seen, open: { at: began, lastedMs: null, cause, port: seen.active, extent, ...isDrill } };
    }
    case "moved":
    case "kernel-moved":
      return { ...seen, active: event.to };
    case "outage-ends": {
      const { lastedMs, cause } = event;
      // It may have been over long before that is told.
      const open = openOutage(seen, (seen.open?.at ?? at) + lastedMs);
      if (open?.isDrill === true) return { ...seen, open: undefined };
      const begun = open ?? { at: Math.round(at - lastedMs), port: "", cause };
      return { ...seen, past: { ...begun, lastedMs, cause }, open: undefined };
    }
    default:
      return seen;
  }
}
