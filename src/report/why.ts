import { because, counted, listed, remedy, span } from "../notify/words.ts";
import type { Cause } from "../watch/effect.ts";
import type { BeyondLoss, History, Incident } from "../watch/history.ts";
import { type Calendar, sayWhen } from "./moments.ts";
import { isNews, whyBeyond } from "./why-beyond.ts";
import { inPast, sayMs } from "./words.ts";

/** The latest trouble in a few sentences. */
export interface Why {
  /** What happened. */
  readonly happened: string;
  /** What it cost. */
  readonly cost: string;
  /** What to do; that nothing is to be done, too. */
  readonly todo: string;
  /** undefined: nothing has failed. */
  readonly incident: Incident | undefined;
  /** Where it is told of an Internet lost behind the only router. */
  readonly beyond?: BeyondLoss;
}

/** Explains the latest incident of a history: what happened, what it cost, what to do. */
export function whyOf(history: History, calendar: Calendar): Why {
  // What somebody cut to see whether it holds is no trouble, unless it never ended.
  const incident = history.incidents.findLast((each) => !isPractice(each));
  const loss = history.beyond.at(-1);
  if (loss !== undefined && isNews(loss, incident))
    return { ...whyBeyond(loss, calendar), incident: undefined, beyond: loss };
  if (incident === undefined) return nothingHappened(history, calendar);
  return {
    happened: happenedIn(incident, calendar),
    cost: `${costOf(incident, calendar)}${often(incident, history, calendar)}`,
    todo: todoOf(incident, history, calendar),
    incident,
  };
}

function isPractice({ isDrill, endedAt }: Incident): boolean {
  return isDrill === true && endedAt !== undefined;
}

function drillOf({ drill }: History, calendar: Calendar): string {
  if (drill === undefined) return "";
  const { at, verdict } = drill;
  if (verdict === undefined || verdict === "unknown") return ` A drill began ${sayWhen(at, calendar)}.`;
  return ` The drill ${sayWhen(at, calendar)} ${verdict === "held" ? "held" : "missed"}.`;
}

function nothingHappened(history: History, calendar: Calendar): Why {
  const { from, active, redundancy } = history;
  if (from === undefined) {
    return {
      happened: "The history is empty: no agent has watched this host yet.",
      cost: "",
      todo: "Start the agent; until then holdfast events --kernel-log shows what the kernel remembers.",
      incident: undefined,
    };
  }
  const since = `Nothing has failed since the history began ${sayWhen(from, calendar)}, ${span(calendar.now - from)} ago.${drillOf(history, calendar)}`;
  const carries = active === undefined || active.port === "" ? "" : `${active.port} carries traffic`;
  const all = redundancy === undefined || redundancy.usable >= redundancy.declared;
  return {
    happened: since,
    cost: carries === "" || !all ? "" : `${carries}.`,
    todo: "There is nothing to do.",
    incident: undefined,
  };
}

function happenedIn(incident: Incident, calendar: Calendar): string {
  const { at, endedAt } = incident;
  const reason = reasonOf(incident);
  const goesOn = endedAt === undefined && reason !== inPast(reason);
  const when = goesOn ? `since ${sayWhen(at, calendar).replace(/^at /, "")}` : sayWhen(at, calendar);
  const what = `${endedAt === undefined ? reason : inPast(reason)}${movesOf(incident)}`;
  if (incident.mains === undefined) return `${capital(when)} ${what}.`;
  const now = incident.moves.at(-1)?.to ?? "";
  if (endedAt !== undefined || now === "") return `${capital(when)} the mains failed: ${what}.`;
  return `On ${now} since ${sayWhen(at, calendar).replace(/^at /, "")} because the mains failed: ${what}.`;
}

/** Why, to follow a time. */
function reasonOf({ port, cause, lost, outages }: Incident): string {
  if (outages.some(({ extent }) => extent === "group") && cause !== "carrier-lost")
    return cause === "uplink-dead" ? "no port reaches anything beyond its router" : "nothing answers through any port";
  if (cause !== undefined) return because(cause, port === "" ? "the active port" : port);
  if (lost.length === 0) return because("path-dead", port);
  return `${listed(lost)} no longer answer${lost.length === 1 ? "s" : ""} through ${port}`;
}

/** How often of late, where it wasn't the only time. */
function often({ at, endedAt }: Incident, history: History, calendar: Calendar): string {
  const day = calendar.now - 86_400_000;
  const recent = history.incidents.filter((each) => each.at >= day && !isPractice(each)).length;
  return recent > 1 && at >= day
    ? ` It ${endedAt === undefined ? "is" : "was"} trouble number ${recent} within 24 hours.`
    : "";
}

function movesOf({ moves }: Incident): string {
  const [first] = moves;
  const last = moves.at(-1);
  if (first === undefined || last === undefined) return "";
  if (last.to === "") return ", and the bond was left without an active port";
  const ms = first.noticedAfterMs;
  const speed = ms === undefined ? "" : ms < 1 ? " at once" : ` ${sayMs(ms)} later`;
  const who = first.cause === undefined ? "the kernel moved traffic" : "traffic moved";
  if (moves.length === 1) return `, and ${who} to ${last.to}${speed}`;
  return `, and ${who} to ${first.to}${speed}, ${counted(moves.length, "move")} in all, ${last.to} at last`;
}

function costOf(incident: Incident, calendar: Calendar): string {
  const parts = [outageCost(incident, calendar), redundancyCost(incident, calendar)].filter((part) => part !== "");
  return parts.length === 0 ? "It cost nothing that was noticed." : parts.join(" ");
}

function outageCost({ outages, moves, isCutOff }: Incident, calendar: Calendar): string {
  const open = outages.find(({ lastedMs }) => lastedMs === undefined);
  if (open !== undefined) {
    return isCutOff
      ? "How long nothing got through is not known: the watch ended before it did."
      : `${nothing([open])} has got through since, for ${span(Math.max(0, calendar.now - open.at))} now.`;
  }
  const total = outages.reduce((sum, { lastedMs }) => sum + (lastedMs ?? 0), 0);
  if (outages.length > 0) {
    const group = outages.some(({ extent }) => extent === "group") ? ": no port was left to move to" : "";
    const times = outages.length > 1 ? `, in ${counted(outages.length, "outage")}` : "";
    return `${nothing(outages)} got through for ${total < 1 ? "less than 1 ms" : sayMs(total)}${times}${group}.`;
  }
  const lossy = moves.find(({ cause }) => cause === "lossy");
  if (lossy !== undefined) {
    const until = lossy.noticedAfterMs === undefined ? "" : ` for ${span(lossy.noticedAfterMs)}`;
    return `Many packets were lost${until}, until traffic moved.`;
  }
  const isKernels = moves.some(({ cause }) => cause === undefined);
  return isKernels
    ? "How long nothing got through is not known: the kernel doesn't measure it."
    : "Traffic was not interrupted.";
}

/** The host's own network was reached all the while where only uplinks failed. */
function nothing(outages: Incident["outages"]): string {
  const isBeyond = outages.length > 0 && outages.every(({ cause }) => cause === "uplink-dead");
  return isBeyond ? "Nothing from beyond the router" : "Nothing";
}

function redundancyCost({ at, endedAt, missing, isCutOff }: Incident, calendar: Calendar): string {
  if (missing.length === 0) return "";
  const names = listed(missing);
  if (endedAt === undefined) return `${names} can't be relied on, for ${span(Math.max(0, calendar.now - at))} now.`;
  const end = isCutOff ? "at least " : "";
  return `${names} could not be relied on for ${end}${span(Math.max(0, endedAt - at))}.`;
}

function todoOf(incident: Incident, { active }: History, calendar: Calendar): string {
  const { endedAt, isCutOff } = incident;
  const check = checkOf(incident);
  if (endedAt === undefined) return check;
  if (isCutOff) return "See holdfast status for how it is now.";
  const now = active === undefined || active.port === "" ? "" : `; ${active.port} carries traffic`;
  return `It has been over for ${span(Math.max(0, calendar.now - endedAt))}${now}. If it comes again: ${lowerFirst(check)}`;
}

function checkOf({ port, cause, lost, outages, mains }: Incident): string {
  if (mains !== undefined)
    return `Wait for the mains; holdfast audit says what of the way of ${port} a UPS could carry.`;
  const isGroup = outages.some(({ extent }) => extent === "group");
  if (isGroup && cause === "uplink-dead")
    return "Ask the providers, and look at what their lines share: mains, duct, mast.";
  if (isGroup) return "Look at what all ports share: router, switch, power, the provider's line.";
  if (cause === undefined && lost.length > 0)
    return `Check what stands between ${port} and ${listed(lost)}: adapters, switches, the router and its line.`;
  const blamed: Cause = cause ?? "path-dead";
  return remedy(blamed, port === "" ? "the ports" : port) ?? "Look at holdfast status.";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
