import type { ToldEvent } from "../documents.ts";
import { dateOf, secondOf, startOfDay } from "../words.ts";

/** Events under the day they fell on, the newest first. */
export function EventList({ events }: { readonly events: readonly ToldEvent[] }) {
  if (events.length === 0) return <p class="quiet">There are none.</p>;
  const days = new Map<number, ToldEvent[]>();
  for (const event of events) {
    const day = startOfDay(event.at);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return (
    <div class="events">
      {[...days].map(([day, those]) => (
        <section key={day} aria-label={dateOf(day)}>
          <h4>{dateOf(day)}</h4>
          <ol>
            {those.map((event) => (
              <li key={event.id} class={event.severity}>
                <time dateTime={new Date(event.at).toISOString()}>{secondOf(event.at)}</time>
                <span>
                  {event.title}
                  {"evidence" in event.event && event.event.evidence !== "" && <small> {event.event.evidence}</small>}
                </span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
