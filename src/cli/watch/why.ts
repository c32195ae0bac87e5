import type { WhyDocument } from "../../api/types.ts";
import { ok, type Result } from "../../model/result.ts";
import { paragraph } from "../../report/terminal-columns.ts";
import { whyOf } from "../../report/why.ts";
import { historyOf } from "../../watch/history.ts";
import type { Cli } from "../command.ts";
import { styleFor } from "../style.ts";
import { eventPlaces, findEvents } from "./events.ts";
import { localCalendar } from "./local-calendar.ts";

/** Further back nobody asks for the reason of anything: months on a quiet host. */
const eventsLookedAt = 5000;

type Flags = { readonly socket: string | undefined; readonly journal: string | undefined };

/** The latest trouble in the history of this host. */
export async function explainLatest(
  cli: Cli,
  flags: Flags,
): Promise<Result<WhyDocument, { readonly message: string; readonly hint: string }>> {
  const query = { limit: eventsLookedAt, order: "newest-first" } as const;
  const found = await findEvents(eventPlaces(flags), query, cli.signal);
  if (!found.ok) return found;
  const { incident, ...said } = whyOf(historyOf(found.value.events), localCalendar(Date.now()));
  return ok({ ...said, incident: incident ?? null });
}

/** The three parts as one paragraph of prose; what to do stands by itself, to be found at a glance. */
export function whyText(cli: Cli, { happened, cost, todo }: WhyDocument): string {
  const { columns, paint } = styleFor(cli, cli.stdout);
  const width = Math.min(columns, 100);
  const told = [happened, cost].filter((text) => text !== "").join(" ");
  const lines = [
    ...paragraph(told, 0, width, (text) => text),
    ...paragraph(todo, 0, width, (text) => paint("hint", text)),
  ];
  return `${lines.join("\n")}\n`;
}
