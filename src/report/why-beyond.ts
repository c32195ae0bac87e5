import { listed, span } from "../notify/words.ts";
import type { BeyondLoss, Incident } from "../watch/history.ts";
import { type Calendar, sayWhen } from "./moments.ts";
import { sayMs } from "./words.ts";

/** Is the loss what is asked about? It is while it lasts, unless ports are in trouble now too; else the later of both is. */
export function isNews(loss: BeyondLoss, incident: Incident | undefined): boolean {
  if (incident === undefined) return true;
  if (incident.endedAt === undefined) return false;
  return loss.endedAt === undefined || loss.at >= incident.at;
}

/** The Internet lost behind the only router, in sentences: nothing of ours has failed, and nothing of ours can help. */
export function whyBeyond(
  loss: BeyondLoss,
  calendar: Calendar,
): { readonly happened: string; readonly cost: string; readonly todo: string } {
  const { at, endedAt, router, targets, isCutOff } = loss;
  const isOver = endedAt !== undefined;
  const when = isOver ? sayWhen(at, calendar) : `since ${sayWhen(at, calendar).replace(/^at /, "")}`;
  const verb = isOver ? "did not answer" : "doesn't answer";
  const did = isOver ? "did" : "does";
  const theyDid = isOver ? "did" : targets.length === 1 ? "does" : "do";
  const cause = `${router} ${did}, ${listed(targets)} behind it ${theyDid} not`;
  const moved = "No other port is known to lead elsewhere: nothing was moved.";
  const check = `look at ${router} and its line: modem, provider, its own dial-in.`;
  return {
    happened: `${when.charAt(0).toUpperCase()}${when.slice(1)} the Internet behind ${router} ${verb} (${cause}).`,
    cost: `${costOf(loss, calendar)} ${moved}`,
    todo: !isOver
      ? `${check.charAt(0).toUpperCase()}${check.slice(1)}`
      : isCutOff
        ? "See holdfast status for how it is now."
        : `It has been over for ${span(Math.max(0, calendar.now - endedAt))}. If it comes again: ${check}`,
  };
}

function costOf({ at, endedAt, isCutOff }: BeyondLoss, calendar: Calendar): string {
  if (endedAt === undefined) {
    return `Nothing from beyond the router has got through since, for ${span(Math.max(0, calendar.now - at))} now.`;
  }
  if (isCutOff) return "How long that lasted is not known: the watch ended before it did.";
  return `Nothing from beyond the router got through for ${sayMs(Math.max(0, endedAt - at))}.`;
}
