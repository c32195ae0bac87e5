import type { Role, TextStyle } from "../diagnostic/text-style.ts";
import { visible } from "../diagnostic/visible.ts";
import type { Calendar } from "./moments.ts";
import { footRows } from "./status-foot.ts";
import type { StatusDocument, StatusPath, StatusPort } from "./status-input.ts";
import {
  ago,
  carrierOf,
  factsOf,
  noteOf,
  pathWords,
  percent,
  roundTrip,
  speedOf,
  standingOf,
  stateOf,
  WEAK_DBM,
} from "./status-words.ts";
import { neededWidths, paragraph, type TableCell, tableRow } from "./terminal-columns.ts";

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
  const { bond } = status;
  if (bond === null) return [];
  const [role, state] = stateOf(status);
  return [
    `${style.paint("strong", visible(bond.name))}  ${style.paint(role, state)}  ${visible(carrierOf(status, calendar))}`,
    ...paragraph(factsOf(status), 0, style.columns, (text) => style.paint("faint", text)),
  ];
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
  const rows = footRows(status, calendar);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text, role]) => {
    const lines = paragraph(text, width + 2, style.columns, (each) => style.paint(role, each));
    return lines.map((line, index) =>
      index === 0 ? style.paint("faint", name.padEnd(width)) + line.slice(width) : line,
    );
  });
}
