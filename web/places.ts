import type { DocumentName } from "./model.ts";

/** Where each document is asked for, below the API's root. */
export const places: Readonly<Record<DocumentName, string>> = {
  topology: "/topology",
  "what-if": "/what-if",
  audit: "/audit",
  drills: "/drills",
  rehearsals: "/rehearsals",
  outages: "/outages",
  events: "/events?limit=100",
  day: "/availability?by=day",
  month: "/availability?by=month",
  year: "/availability?by=year",
  second: "/paths/history?step=second",
  minute: "/paths/history?step=minute",
};

/** What is another after an event. */
export function staleAfter(what: string): readonly DocumentName[] {
  const always = ["topology", "outages", "second"] as const;
  if (what === "drill-begins") return [...always, "drills"];
  if (what === "drilled" || what === "drill-stopped") return [...always, "drills", "day"];
  return ["outage-ends", "redundancy", "beyond-back"].includes(what) ? [...always, "day"] : always;
}
