import type { EventStore } from "../../store/events.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";

/** The history as telling reads it: the latest events from memory, older ones from the store. */
export interface Past {
  readonly remember: (event: StoredEvent) => void;
  /** Events with a greater id, in order, at most so many. Rejects when the store can't be read. */
  readonly after: (id: number, most: number) => Promise<readonly StoredEvent[]>;
  /** Id of the latest event; 0 when there is none. */
  readonly last: () => Promise<number>;
}

/** More than an incident has; less than counts in the agent's memory. */
const REMEMBERED = 256;

/** Reads through the store, and spares it the events of the last minutes. */
export function pastOf(store: Pick<EventStore, "read">): Past {
  const recent: StoredEvent[] = [];
  /** Everything after this id is in `recent`; undefined: nothing was remembered yet. */
  let complete: number | undefined;
  return {
    remember(event) {
      complete ??= event.id - 1;
      recent.push(event);
      if (recent.length > REMEMBERED) complete = recent.shift()?.id;
    },
    async after(id, most) {
      if (complete !== undefined && id >= complete) return recent.filter((event) => event.id > id).slice(0, most);
      return (await store.read({ afterId: id, limit: most })).events;
    },
    async last() {
      const newest = recent.at(-1);
      if (newest !== undefined) return newest.id;
      const { events } = await store.read({ order: "newest-first", limit: 1 });
      return events[0]?.id ?? 0;
    },
  };
}
