import type { StatusOutage } from "../report/status-input.ts";
import type { StoredEvent } from "../watch/chronicle.ts";

/** What a walk over the events has seen of outages. */
export interface OutagesSeen {
  /** The latest that is over. */
  readonly past: StatusOutage | null;
  /** The one under way. */
  readonly open: StatusOutage | undefined;
  /** The active port, as far as is told. */
  readonly active: string;
}

export const noOutages: OutagesSeen = { past: null, open: undefined, active: "" };

/** With one event more. */
export function withEvent(seen: OutagesSeen, { at, monotonicMs, event }: StoredEvent): OutagesSeen {
  switch (event.what) {
    case "started":
      return { ...seen, active: event.active, open: undefined };
    case "outage-begins": {
      const { cause, extent, since } = event;
      const began = Math.round(at - Math.max(0, monotonicMs - since));
      return { ...seen, open: { at: began, lastedMs: null, cause, port: seen.active, extent } };
    }
    case "moved":
    case "kernel-moved":
      return { ...seen, active: event.to };
    case "outage-ends": {
      const { lastedMs, cause } = event;
      const begun = seen.open ?? { at: Math.round(at - lastedMs), port: "", cause };
      return { ...seen, past: { ...begun, lastedMs, cause }, open: undefined };
    }
    default:
      return seen;
  }
}
