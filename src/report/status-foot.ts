import type { Role } from "../diagnostic/text-style.ts";
import { visible } from "../diagnostic/visible.ts";
import { because, listed, span } from "../notify/words.ts";
import type { Cause } from "../watch/effect.ts";
import { type Calendar, sayMoment } from "./moments.ts";
import type { StatusDocument, StatusInternet, StatusOutage, StatusProof } from "./status-input.ts";
import { count, inPast, sayMs } from "./words.ts";

/** Its name, what is to be said, and its colour. */
export type FootRow = readonly [string, string, Role];

/** What stands below the tables: a name, what is to be said of it, and its colour. */
export function footRows(status: StatusDocument, calendar: Calendar): readonly FootRow[] {
  const rows: FootRow[] = [];
  const ordered = orderRow(status);
  if (ordered !== undefined) rows.push(ordered);
  rows.push(outageRow(status, calendar));
  if (status.internet !== undefined) rows.push(internetRow(status.internet, calendar));
  if (status.proven !== undefined) rows.push(proofRow(status.proven, calendar));
  const { ups, agent } = status;
  if (ups !== undefined) {
    const isOnBattery = ups.state === "battery" || ups.state === "low";
    const since = typeof ups.since !== "number" || !isOnBattery ? "" : ` since ${sayMoment(ups.since, calendar)}`;
    const parts: string[] = [upsWords[ups.state] + since];
    if (ups.chargePercent !== null) parts.push(`${ups.chargePercent} %`);
    if (ups.runtimeMs !== null) parts.push(`about ${span(ups.runtimeMs)} left`);
    rows.push([`UPS ${ups.name}`, parts.join(", "), ups.state === "mains" ? "note" : "warning"]);
  }
  if (agent === undefined) {
    rows.push(["agent", "none answers: what lies behind the carriers isn't known", "warning"]);
  } else {
    const { store } = agent;
    const trouble = `, can't keep events (${store.reason}): ${store.pending} wait in memory`;
    const text = `${agent.version}, running for ${span(Math.max(0, calendar.now - agent.startedAt))}`;
    rows.push(["agent", store.state === "fine" ? text : text + trouble, store.state === "fine" ? "note" : "error"]);
  }
  if (status.otherBonds.length > 0) rows.push(["other bonds", `${status.otherBonds.join(", ")} (--bond NAME)`, "note"]);
  return rows;
}

/** What an operator has ordered stays until somebody takes it back: nobody should wonder why nothing moves. */
function orderRow({ order, ports }: StatusDocument): FootRow | undefined {
  const drained = ports.filter((port) => port.drained).map(({ name }) => visible(name));
  const said = [
    ...(order === "auto" ? [] : [`${visible(order.pinned)} is pinned`]),
    ...(drained.length === 0 ? [] : [`${listed(drained)} drained`]),
  ];
  return said.length === 0 ? undefined : ["by order", `${said.join(", ")}; holdfast auto takes it back`, "warning"];
}

const upsWords = {
  mains: "on mains",
  battery: "on battery",
  low: "on battery, nearly empty",
  unknown: "doesn't say",
} as const;

function outageRow({ lastOutage, source }: StatusDocument, calendar: Calendar): FootRow {
  if (lastOutage === null) {
    return ["last outage", source === "agent" ? "none known" : "not known: only an agent keeps a history", "note"];
  }
  const { at, lastedMs, isDrill } = lastOutage;
  const why = whyOf(lastOutage);
  const drilled = isDrill === true ? ", by a drill" : "";
  if (lastedMs === null) return ["outage", `since ${sayMoment(at, calendar)}${drilled}: ${why}`, "error"];
  return [
    "last outage",
    `${sayMoment(at, calendar)}, ${lastedMs < 1 ? "less than 1 ms" : sayMs(lastedMs)}: ${why}`,
    "note",
  ];
}

/** "answers", "lost since 14:03:12: none of 9.9.9.9 and 1.1.1.1 answers" */
function internetRow({ state, since, targets }: StatusInternet, calendar: Calendar): FootRow {
  const names = targets.map(visible);
  if (state === "answers") return ["Internet", "answers", "note"];
  if (state === "unknown") return ["Internet", `not known: ${listed(names)} never answered yet`, "note"];
  const when = since === null ? "" : ` since ${sayMoment(since, calendar)}`;
  return ["Internet", `lost${when}: the router answers, ${listed(names)} behind it no more`, "error"];
}

/** "12 days ago, 84 ms" */
function proofRow(proven: StatusProof, calendar: Calendar): FootRow {
  const age = Math.max(0, calendar.now - proven.at);
  // To the day, once it is one: hours say nothing then.
  const when = age < DAY_MS ? span(age) : count(Math.floor(age / DAY_MS), "day");
  const outage = proven.outageMs === null ? "never ended while it was watched" : sayMs(proven.outageMs);
  if (proven.verdict === "missed")
    return ["last drill", `${when} ago, missed: ${outage} (${visible(proven.cut)})`, "error"];
  return ["last drill", `${when} ago, held: ${outage}`, "note"];
}

const DAY_MS = 86_400_000;

function whyOf({ cause, port, extent, lastedMs }: StatusOutage): string {
  const reason =
    extent === "group" && cause !== "carrier-lost" ? "nothing answers through any port" : reasonOf(cause, port);
  return lastedMs === null ? reason : inPast(reason);
}

function reasonOf(cause: string, port: string): string {
  // The agent may be newer than this program, and know causes it has no words for.
  return (because(cause as Cause, port === "" ? "the active port" : port) as string | undefined) ?? cause;
}
