import type { AuditAnswer, OutagesDocument, StatusDocument, StatusOutage, StatusPort } from "./documents.ts";
import { ago, coarse, counted, dayMs, listed, momentOf, span } from "./words.ts";

/** good: as it should be. warn: it works, but not as it should. bad: it doesn't. none: nothing is known. */
export type Tone = "good" | "warn" | "bad" | "none";

/** What is read first. */
export interface Headline {
  readonly tone: Tone;
  readonly text: string;
  readonly more: string;
}

/** One of the four questions, answered. */
export interface Answered {
  readonly question: string;
  readonly tone: Tone;
  readonly short: string;
  readonly long: string;
}

/** The state of the host in one sentence, and what to add to it. `now`: wall clock, ms. */
export function headlineOf(status: StatusDocument, now: number): Headline {
  const { bond } = status;
  if (bond === null) {
    return { tone: "bad", text: "This host has no bond", more: "Nothing can take over where nothing is bonded." };
  }
  const more = [sinceOf(status, now), upsOf(status)].filter((part) => part !== "").join(" ");
  return { ...stateOf(status, now), more };
}

function stateOf(status: StatusDocument, now: number): Pick<Headline, "tone" | "text"> {
  const { bond, lastOutage, internet, ports } = status;
  const active = bond?.active ?? "";
  if (bond?.carrier === false || (active === "" && bond?.mode === "active-backup")) {
    return { tone: "bad", text: `${bond?.name} is down: no port carries traffic` };
  }
  if (lastOutage !== null && lastOutage.lastedMs === null) {
    const cut = `othing gets through, for ${coarse(now - lastOutage.at)} now`;
    return lastOutage.isDrill === true ? { tone: "warn", text: `A drill: n${cut}` } : { tone: "bad", text: `N${cut}` };
  }
  if (internet?.state === "lost") return { tone: "bad", text: "The Internet is lost behind the router" };
  const standby = standbyOf(ports);
  const missing = ports.filter((port) => !port.active && !port.usable);
  if (ports.length < 2) return { tone: "warn", text: `${active} carries traffic, and nothing stands by` };
  if (active === "") return { tone: missing.length > 0 ? "warn" : "good", text: "All ports carry traffic" };
  const wrong = bond !== null && isWrong(bond, active);
  const carries = wrong ? `${active} carries traffic in place of ${bond?.primary}` : `${active} carries traffic`;
  if (standby.length === 0) return { tone: "warn", text: `${carries}, alone` };
  const stands = `${listed(standby.map(({ name }) => name))} ${standby.length > 1 ? "stand" : "stands"} by`;
  const rest = missing.length > 0 ? `, ${listed(missing.map(({ name }) => name))} can’t` : "";
  return { tone: wrong || missing.length > 0 ? "warn" : "good", text: `${carries}, ${stands}${rest}` };
}

function isWrong(bond: NonNullable<StatusDocument["bond"]>, active: string): boolean {
  return bond.primary !== "" && active !== "" && active !== bond.primary;
}

function standbyOf(ports: readonly StatusPort[]): readonly StatusPort[] {
  return ports.filter((port) => !port.active && port.usable);
}

function sinceOf({ source, since, lastOutage, order }: StatusDocument, now: number): string {
  const order_ = order === "auto" ? "" : `Pinned to ${order.pinned} by the operator. `;
  if (lastOutage !== null && lastOutage.lastedMs === null)
    return `${order_}Since ${momentOf(lastOutage.at, now)}: ${whyOf(lastOutage)}.`;
  const steady = since === null ? "" : `Steady for ${coarse(now - since)}. `;
  // The kernel alone keeps no history.
  if (lastOutage === null) return `${order_}${steady}${source === "kernel" ? "" : "No outage is known."}`;
  const lasted = span(lastOutage.lastedMs ?? 0);
  return `${order_}${steady}The latest outage was ${momentOf(lastOutage.at, now)}, ${lasted}: ${whyOf(lastOutage)}.`;
}

function upsOf({ ups }: StatusDocument): string {
  if (ups === undefined || ups.state === "mains" || ups.state === "unknown") return "";
  const left = ups.runtimeMs === null ? "" : `, ${span(ups.runtimeMs)} left`;
  return ups.state === "low"
    ? `The mains are out, and the UPS is nearly empty${left}.`
    : `On the UPS: no mains${left}.`;
}

const whys: Readonly<Record<string, (port: string) => string>> = {
  "carrier-lost": (port) => `${port} lost its carrier`,
  "path-dead": (port) => `nothing answered through ${port}, although its carrier was up`,
  "uplink-dead": (port) => `the router behind ${port} answered, but nothing beyond it did`,
  lossy: (port) => `${port} lost too much`,
  "none-active": () => "the bond had no active port",
  drained: (port) => `${port} was drained`,
  operator: () => "the operator asked for it",
  reselect: () => "the preferred port worked again",
};

/** Why an outage began, to follow a colon. */
export function whyOf({ cause, port, extent }: Pick<StatusOutage, "cause" | "port" | "extent">): string {
  if (extent === "group" && cause !== "carrier-lost") return "nothing answered through any port";
  return whys[cause]?.(port === "" ? "the active port" : port) ?? cause;
}

/** "Am I on the right link?" */
export function rightLink(status: StatusDocument, now: number): Answered {
  const question = "Am I on the right link?";
  const { bond, since, order, ports } = status;
  const active = bond?.active ?? "";
  if (bond === null || !bond.carrier)
    return { question, tone: "bad", short: "No link", long: "Nothing carries traffic." };
  const speed = ports.find((port) => port.active)?.speedMbps ?? null;
  const facts = [
    since === null ? "" : `for ${coarse(now - since)}`,
    speed === null ? "" : speed >= 1000 ? `${speed / 1000} Gbit/s` : `${speed} Mbit/s`,
    order === "auto" ? "" : `pinned to ${order.pinned}`,
  ];
  const long = facts.filter((part) => part !== "").join(" · ");
  if (active === "") return { question, tone: "none", short: bond.mode, long: `every port carries traffic · ${long}` };
  // An agent has the kernel prefer none: which one it would isn't known without it.
  if (status.source === "kernel" && bond.primary === "")
    return {
      question,
      tone: "none",
      short: `On ${active}`,
      long: ["without the agent the kernel prefers none", long].filter(Boolean).join(" · "),
    };
  if (isWrong(bond, active))
    return { question, tone: "warn", short: `No: on ${active}`, long: `${bond.primary} is preferred · ${long}` };
  return { question, tone: "good", short: `Yes: ${active}`, long };
}

/** "Is the other one really there?" */
export function otherThere(status: StatusDocument, now: number): Answered {
  const question = "Is the other one really there?";
  const { ports, source, proven } = status;
  const others = ports.filter((port) => !port.active);
  const drilled =
    proven === undefined
      ? "no drill has proved it yet"
      : proven.verdict === "held"
        ? `a drill proved it ${ago(now - proven.at)}${proven.outageMs === null ? "" : `, in ${span(proven.outageMs)}`}`
        : `the drill ${ago(now - proven.at)} missed its objective`;
  if (ports.length === 0) return { question, tone: "bad", short: "There is none", long: "Nothing is bonded." };
  if (others.length === 0)
    return { question, tone: "warn", short: "There is none", long: "One port is no redundancy." };
  const lost = others.filter((port) => !port.usable);
  const [ill] = lost;
  if (ill !== undefined) {
    const why = ill.note === "" ? (ill.present ? "not usable" : "the device is gone") : ill.note;
    const well = others.length > lost.length ? `, but ${listed(standbyOf(ports).map(({ name }) => name))} is` : "";
    return {
      question,
      tone: well === "" ? "bad" : "warn",
      short: `No: ${ill.name}${well}`,
      long: `${why} · ${drilled}`,
    };
  }
  const names = listed(others.map(({ name }) => name));
  if (source === "kernel")
    return {
      question,
      tone: "warn",
      short: `Perhaps: ${names}`,
      long: "only its carrier is known: no agent probes it",
    };
  return {
    question,
    tone: "good",
    short: `Yes: ${names}`,
    long: [answered(status), drilled].filter(Boolean).join(" · "),
  };
}

/** The freshest answer through a standby: "192.168.1.254 answered 2 s ago". */
function answered({ ports, paths }: StatusDocument): string {
  const standby = new Set(standbyOf(ports).map(({ name }) => name));
  const known = paths.flatMap((path) =>
    standby.has(path.port) && path.answeredAgoMs !== null ? [{ ...path, ms: path.answeredAgoMs }] : [],
  );
  const [best] = known.toSorted((one, other) => one.ms - other.ms);
  return best === undefined ? "" : `${best.target} answers through it`;
}

/** "What happened last night?": the last 24 hours. */
export function lastNight(outages: OutagesDocument | undefined, now: number): Answered {
  const question = "What happened last night?";
  if (outages === undefined) return { question, tone: "none", short: "…", long: "" };
  if (outages.knownSince === null)
    return { question, tone: "none", short: "Not known", long: "Nothing has been watched yet." };
  const all = outages.outages.filter(({ at, endedAt }) => (endedAt ?? now) > now - dayMs && at <= now);
  const real = all.filter((one) => !one.isDrill);
  // One drill makes several troubles: they aren't its number.
  const drills = all.length > real.length ? " · drills aside" : "";
  const [latest] = real;
  if (latest === undefined) {
    const before = outages.outages.find((one) => !one.isDrill);
    const long =
      before === undefined
        ? `nothing since the watch began, ${ago(now - outages.knownSince)}`
        : `24 quiet hours; the trouble before was ${ago(now - before.at)}`;
    return { question, tone: "good", short: "Nothing", long: long + drills };
  }
  const costMs = real.reduce((sum, one) => sum + (one.outageMs ?? 0), 0);
  const isOpen = real.some((one) => one.endedAt === null);
  const isUnknown = real.some((one) => one.outageMs === null);
  const cost = isOpen
    ? "and it lasts"
    : isUnknown
      ? "how long isn’t known"
      : costMs === 0
        ? "no outage"
        : `${span(costMs)} lost`;
  const short = `${counted(real.length, "trouble")}, ${cost}`;
  const long = `${momentOf(latest.at, now)}: ${latest.title}${drills}`;
  return { question, tone: isOpen && isUnknown ? "bad" : "warn", short, long };
}

/** "What would take me down?" */
export function wouldFall(audit: AuditAnswer | undefined, isDeclared: boolean): Answered {
  const question = "What would take me down?";
  const goal = audit?.goals[0];
  if (!isDeclared || (audit !== undefined && goal === undefined)) {
    return { question, tone: "none", short: "Not known", long: "holdfast.yaml doesn’t say what the host hangs on." };
  }
  if (audit === undefined || goal === undefined) return { question, tone: "none", short: "…", long: "" };
  const label = (id: string) => audit.parts.find((part) => part.id === id)?.label ?? id;
  const singles = goal.cutSets.filter((set) => set.length === 1).flat();
  const hours = `about ${yearly(goal.downMs.expected)} a year without ${goal.label}`;
  if (singles.length === 0)
    return { question, tone: "good", short: "No single thing", long: `it takes two at once · ${hours}` };
  const named =
    singles.length > 2 ? [...singles.slice(0, 2).map(label), `${singles.length - 2} more`] : singles.map(label);
  return { question, tone: "warn", short: capitalised(listed(named)), long: `any one of these alone · ${hours}` };
}

/** A yearly time as coarse as it is known: "4 s", "12 min", "2.3 h", "1.5 days". */
export function yearly(ms: number): string {
  const coarsely = (value: number) => String(Number(value.toPrecision(2)));
  if (ms < 59_500) return `${coarsely(ms / 1_000)} s`;
  if (ms < 59.5 * 60_000) return `${coarsely(ms / 60_000)} min`;
  const hours = ms / 3_600_000;
  return hours < 47.5 ? `${coarsely(hours)} h` : `${coarsely(hours / 24)} days`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
