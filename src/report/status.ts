import type { TextStyle } from "../diagnostic/text-style.ts";
import { visible } from "../diagnostic/visible.ts";
import { because, listed, span } from "../notify/words.ts";
import type { Cause } from "../watch/effect.ts";
import { type Calendar, sayMoment } from "./moments.ts";
import type {
  StatusDocument,
  StatusInternet,
  StatusOutage,
  StatusPath,
  StatusPort,
  StatusProof,
} from "./status-input.ts";
import { neededWidths, paragraph, type TableCell, tableRow } from "./terminal-columns.ts";
import { count, inPast, sayMs } from "./words.ts";

type Role = Parameters<TextStyle["paint"]>[0];

/** How the bond is, for a terminal: what carries traffic, every port, every path, the latest outage. Never wider than
 *  `style.columns` (80 and up); ends with a line break. */
export function renderStatus(status: StatusDocument, style: TextStyle, calendar: Calendar): string {
  const { bond } = status;
  if (bond === null) {
    return `${style.paint("strong", "This host has no bond.")}\nMake one with the network manager of this host; holdfast render writes its files from a holdfast.yaml.\n`;
  }
  const blocks = [
    headOf(status, style, calendar),
    table(portRows(status), style),
    table(radioRows(status.ports), style),
    table(pathRows(status.paths), style),
    footOf(status, style, calendar),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headOf(status: StatusDocument, style: TextStyle, calendar: Calendar): readonly string[] {
  const { bond, order } = status;
  if (bond === null) return [];
  const [role, state] = stateOf(status);
  const facts = [bond.mode, monitorOf(bond), bond.primary === "" ? "no primary" : `primary ${bond.primary}`];
  if (order !== "auto") facts.push(`pinned to ${order.pinned}`);
  const since = status.since === null ? "" : ` for ${span(Math.max(0, calendar.now - status.since))}`;
  const nobody = oneCarries(bond.mode) || !bond.carrier ? "no port carries traffic" : "all ports carry traffic";
  const isOut = status.lastOutage !== null && status.lastOutage.lastedMs === null;
  const doing = isOut ? " is active, and nothing gets through" : ` carries traffic${since}`;
  const carries = bond.active === "" ? nobody : `${visible(bond.active)}${doing}`;
  return [
    `${style.paint("strong", visible(bond.name))}  ${style.paint(role, state)}  ${carries}`,
    ...paragraph([...facts, ...bond.addresses].join(" · "), 0, style.columns, (text) => style.paint("faint", text)),
  ];
}

/** Modes in which the kernel names an active port. */
function oneCarries(mode: string): boolean {
  return mode === "active-backup" || mode === "balance-tlb" || mode === "balance-alb";
}

function monitorOf({ miimon, arpInterval }: { readonly miimon: number; readonly arpInterval: number }): string {
  if (arpInterval > 0) return `ARP monitor ${arpInterval}`;
  return miimon > 0 ? `miimon ${miimon}` : "no link monitor";
}

/** The one thing to know, and its colour. */
function stateOf({ bond, lastOutage, redundancy, source }: StatusDocument): readonly [Role, string] {
  if (bond === null || !bond.carrier || (bond.active === "" && oneCarries(bond.mode))) return ["error", "✗ down"];
  if (lastOutage !== null && lastOutage.lastedMs === null) return ["error", "✗ outage"];
  if (redundancy === null) return ["note", "… looking"];
  const count = `${redundancy.usable} of ${redundancy.declared} ports usable`;
  if (redundancy.declared < 2) return ["warning", "! one port only: no redundancy"];
  if (redundancy.usable < redundancy.declared) return ["warning", `! ${count}`];
  // Without probes only carriers are known: no reason for a green mark.
  return source === "agent" ? ["hint", `✓ ${count}`] : ["note", `${count}, by carrier alone`];
}

interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly { readonly text: string; readonly role?: Role }[])[];
  /** Columns of numbers. */
  readonly right: readonly number[];
}

function portRows({ ports }: StatusDocument): Rows {
  const hasNotes = ports.some((port) => noteOf(port) !== "");
  return {
    head: ["", "port", "state", "carrier", "speed", "failures", ...(hasNotes ? ["note"] : [])],
    right: [4, 5],
    rows: ports.map((port) => {
      const [mark, role, state] = standingOf(port);
      const carrier = port.carrier ? { text: "up" } : { text: port.present ? "down" : "–", role: "error" as const };
      const note = noteOf(port);
      return [
        { text: mark, role },
        { text: port.name, ...(port.active ? { role: "strong" as const } : {}) },
        { text: state, role },
        carrier,
        { text: speedOf(port.speedMbps) },
        { text: port.failures === null ? "–" : String(port.failures) },
        ...(hasNotes ? [{ text: note, role: "faint" as const }] : []),
      ];
    }),
  };
}

function standingOf(port: StatusPort): readonly [string, Role, string] {
  if (!port.present) return ["✗", "error", "gone"];
  if (port.active) return port.usable ? ["●", "hint", "active"] : ["●", "error", "active"];
  if (!port.usable) return ["✗", "error", port.drained ? "drained" : "unusable"];
  return port.drained ? ["○", "warning", "drained"] : ["○", "note", "standby"];
}

function noteOf({ medium, metered, note }: StatusPort): string {
  // What is wrong comes first and alone: the line is short.
  const facts = note !== "" ? [note] : [...(medium === "radio" ? ["radio"] : []), ...(metered ? ["metered"] : [])];
  return facts.filter((each) => each !== "").join(", ");
}

function speedOf(mbps: number | null): string {
  if (mbps === null) return "–";
  return mbps >= 1000 ? `${Number((mbps / 1000).toFixed(1))} Gbit/s` : `${mbps} Mbit/s`;
}

/** Radios with what they have joined, and how well they hear it. */
function radioRows(ports: readonly StatusPort[]): Rows {
  const radios = ports.flatMap(({ name, radio }) => (radio === undefined ? [] : [{ name, radio }]));
  return {
    head: ["", "radio", "network", "access point", "channel", "signal", "rate", "LAN heard"],
    right: [4, 5, 6, 7],
    rows: radios.map(({ name, radio }) => {
      const { joined, ssid, bssid, channel, signalDbm, sendsMbps, heardAgoMs } = radio;
      return [
        { text: " " },
        { text: name },
        joined ? { text: ssid === "" ? "joined" : ssid } : { text: "not joined", role: "error" as const },
        { text: bssid === "" ? "–" : bssid },
        { text: channel === null ? "–" : String(channel) },
        signalDbm === null
          ? { text: "–" }
          : { text: `${signalDbm} dBm`, ...(signalDbm < WEAK_DBM ? { role: "warning" as const } : {}) },
        { text: sendsMbps === null ? "–" : `${Math.round(sendsMbps)} Mbit/s` },
        { text: heardAgoMs === null ? "–" : `${ago(heardAgoMs)} ago` },
      ];
    }),
  };
}

/** Below this the slowest rates are left, and frames are sent again and again. */
const WEAK_DBM = -75;

const pathWords: Readonly<Record<StatusPath["state"], readonly [string, Role]>> = {
  alive: ["alive", "hint"],
  dead: ["dead", "error"],
  silent: ["never answered", "faint"],
  untried: ["…", "faint"],
};

function pathRows(paths: readonly StatusPath[]): Rows {
  return {
    head: ["", "path", "state", "round trip", "loss", "last answer"],
    right: [3, 4, 5],
    rows: paths.map((path) => {
      const [state, role] = pathWords[path.state];
      return [
        { text: " " },
        { text: `${path.port} → ${path.target}` },
        { text: state, role },
        { text: roundTrip(path.rttMs) },
        path.loss !== null && path.loss >= 0.05
          ? { text: percent(path.loss), role: "warning" as const }
          : { text: path.loss === null ? "–" : percent(path.loss) },
        { text: path.answeredAgoMs === null ? "never" : `${ago(path.answeredAgoMs)} ago` },
      ];
    }),
  };
}

function roundTrip(ms: number | null): string {
  if (ms === null) return "–";
  return ms < 0.05 ? "< 0.1 ms" : sayMs(ms);
}

function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return "0 %";
  if (value < 0.1) return "< 0.1 %";
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** Steady to look at, whatever the probes' pace. */
function ago(ms: number): string {
  if (ms < 1_000) return "< 1 s";
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

function table({ head, rows, right }: Rows, style: TextStyle): readonly string[] {
  if (rows.length === 0) return [];
  const faint = (text: string) => style.paint("faint", text);
  const cells = rows.map((row) =>
    row.map(
      ({ text, role }): TableCell =>
        role === undefined ? { text } : { text, paint: (each) => style.paint(role, each) },
    ),
  );
  const heads: readonly TableCell[] = head.map((text) => ({ text, paint: faint }));
  const needs = narrowed(neededWidths([heads, ...cells], head.length), style.columns);
  const columns = needs.map((width, index) => ({
    align: right.includes(index) ? ("right" as const) : ("left" as const),
    width,
  }));
  return [heads, ...cells].flatMap((row) => tableRow(row, columns));
}

/** The widest column of words gives way where the whole would be too wide. */
function narrowed(needs: readonly number[], columns: number): readonly number[] {
  const over = needs.reduce((sum, each) => sum + each + 2, -2) - Math.max(columns, 60);
  if (over <= 0) return needs;
  const widest = needs.indexOf(Math.max(...needs));
  return needs.map((need, index) => (index === widest ? Math.max(10, need - over) : need));
}

function footOf(status: StatusDocument, style: TextStyle, calendar: Calendar): readonly string[] {
  const rows: (readonly [string, string, Role])[] = [];
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
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text, role]) => {
    const lines = paragraph(text, width + 2, style.columns, (each) => style.paint(role, each));
    return lines.map((line, index) =>
      index === 0 ? style.paint("faint", name.padEnd(width)) + line.slice(width) : line,
    );
  });
}

const upsWords = {
  mains: "on mains",
  battery: "on battery",
  low: "on battery, nearly empty",
  unknown: "doesn't say",
} as const;

function outageRow({ lastOutage, source }: StatusDocument, calendar: Calendar): readonly [string, string, Role] {
  if (lastOutage === null) {
    return ["last outage", source === "agent" ? "none known" : "not known: only an agent keeps a history", "note"];
  }
  const { at, lastedMs } = lastOutage;
  const why = whyOf(lastOutage);
  if (lastedMs === null) return ["outage", `since ${sayMoment(at, calendar)}: ${why}`, "error"];
  return [
    "last outage",
    `${sayMoment(at, calendar)}, ${lastedMs < 1 ? "less than 1 ms" : sayMs(lastedMs)}: ${why}`,
    "note",
  ];
}

/** "answers", "lost since 14:03:12: none of 9.9.9.9 and 1.1.1.1 answers" */
function internetRow({ state, since, targets }: StatusInternet, calendar: Calendar): readonly [string, string, Role] {
  const names = targets.map(visible);
  if (state === "answers") return ["Internet", "answers", "note"];
  if (state === "unknown") return ["Internet", `not known: ${listed(names)} never answered yet`, "note"];
  const when = since === null ? "" : ` since ${sayMoment(since, calendar)}`;
  return ["Internet", `lost${when}: the router answers, ${listed(names)} behind it no more`, "error"];
}

/** "12 days ago, 84 ms" */
function proofRow(proven: StatusProof, calendar: Calendar): readonly [string, string, Role] {
  const age = Math.max(0, calendar.now - proven.at);
  // To the day, once it is one: hours say nothing then.
  const when = age < DAY_MS ? span(age) : count(Math.floor(age / DAY_MS), "day");
  const outage = proven.outageMs === null ? "never ended while it was watched" : sayMs(proven.outageMs);
  if (proven.verdict === "missed")
    return ["last drill", `${when} ago, missed: ${outage} (${visible(proven.cut)})`, "error"];
  return ["last proven", `${when} ago, ${outage}`, "note"];
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
