import type { StatusOutage } from "../report/status-input.ts";
import type { StoredEvent } from "../watch/chronicle.ts";

/** What a walk over the events has seen of outages. */
export interface OutagesSeen {
  readonly past: StatusOutage | null;
  /** The port that failed in the one under way; undefined: none is. */
  readonly port: string | undefined;
}

export const noOutages: OutagesSeen = { past: null, port: undefined };

/** With one event more. */
export function withEvent(seen: OutagesSeen, { at, event }: StoredEvent): OutagesSeen {
  switch (event.what) {
    case "outage-begins":
      return { ...seen, port: "" };
    case "moved":
    case "kernel-moved":
      return seen.port === "" ? { ...seen, port: event.from } : seen;
    case "outage-ends": {
      const { lastedMs, cause } = event;
      return { past: { at: Math.round(at - lastedMs), lastedMs, cause, port: seen.port ?? "" }, port: undefined };
    }
    default:
      return seen;
  }
}
