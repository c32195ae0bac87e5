/** The wall clock as a view needs it: local dates and times, and what is now. The edge makes it, so that views stay pure. */
export interface Calendar {
  /** ms since 1970. */
  readonly now: number;
  /** "2025-11-03" */
  date(at: number): string;
  /** "14:03:12" */
  time(at: number): string;
}

const dayMs = 86_400_000;

/** A moment as people say it today: "14:03:12", "yesterday 14:03:12", "2025-11-03 14:03:12". */
export function sayMoment(at: number, calendar: Calendar): string {
  const date = calendar.date(at);
  if (date === calendar.date(calendar.now)) return calendar.time(at);
  if (date === calendar.date(calendar.now - dayMs)) return `yesterday ${calendar.time(at)}`;
  return `${date} ${calendar.time(at)}`;
}

/** In a sentence: "at 14:03:12", "yesterday at 14:03:12", "on 2025-11-03 at 14:03:12". */
export function sayWhen(at: number, calendar: Calendar): string {
  const date = calendar.date(at);
  if (date === calendar.date(calendar.now)) return `at ${calendar.time(at)}`;
  if (date === calendar.date(calendar.now - dayMs)) return `yesterday at ${calendar.time(at)}`;
  return `on ${date} at ${calendar.time(at)}`;
}
