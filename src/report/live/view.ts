import type { Role, TextStyle } from "../../diagnostic/text-style.ts";
import { columnsOf } from "../../diagnostic/visible.ts";
import { describe } from "../../notify/describe.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import { type Calendar, sayMoment } from "../moments.ts";
import { type FootRow, footRows } from "../status-foot.ts";
import type { StatusDocument, StatusPath, StatusPort } from "../status-input.ts";
import {
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
} from "../status-words.ts";
import { paragraph } from "../terminal-columns.ts";
import { type Cell, GAP, type Piece, setLine, setTable } from "./line.ts";
import { share } from "./share.ts";
import { sparkline, type Trace } from "./sparkline.ts";

/** All that a live view shows. */
export interface LiveView {
  readonly status: StatusDocument;
  readonly traces: readonly Trace[];
  /** The oldest first. */
  readonly events: readonly StoredEvent[];
  /** Stands where paths, foot and events are otherwise. */
  readonly page?: Page;
  /** The last lines: a question, an answer, or the keys. */
  readonly last: { readonly text: string; readonly role: Role };
}

/** A text over the view. */
export interface Page {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** A terminal's. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Below this a row has only what must be known. */
const NARROW = 64;
/** Sparklines tell of about so long. */
const SPAN_MS = 120_000;

/** The bond as it is now, as the lines of a terminal of that size, at most: how it stands, ports, paths with their round trips, what matters
 *  besides, and what happened last. Where there is no room for all, the past goes first. */
export function renderLive(view: LiveView, size: Size, style: TextStyle, calendar: Calendar): readonly string[] {
  // What fills the last column would be wiped with what stands behind it.
  const columns = Math.max(20, size.columns - 1);
  const set = (pieces: readonly Piece[]): string => setLine(pieces, columns, style);
  const last = lastLines(view.last, columns, calendar).map(set).slice(0, size.rows);
  const rows = Math.max(0, size.rows - last.length);
  const head = { lines: headLines(view.status, calendar, columns), least: 1, gap: 0 };
  const ports = { lines: portLines(view.status.ports, columns), least: 99, gap: 1 };
  const { page } = view;
  const body =
    page !== undefined
      ? [{ lines: pageLines(page, columns), least: 99, gap: 1 }]
      : [
          { lines: pathLines(view, calendar.now, columns), least: 3, gap: 1 },
          { lines: footLines(footRows(view.status, calendar), columns), least: 1, gap: 1 },
          { lines: eventLines(view.events, calendar, { columns, rows }), least: 3, gap: 1 },
        ];
  const above = share([head, ports, ...body], Math.max(0, rows - 1)).map(set);
  return [...above, ...Array.from({ length: Math.max(0, rows - above.length) }, () => ""), ...last];
}

type Line = readonly Piece[];

/** With the time of day at its end where there is room: who looks on sees that it is alive. */
function lastLines({ text, role }: LiveView["last"], columns: number, calendar: Calendar): readonly Line[] {
  const lines = paragraph(text, 0, columns, (line) => line).slice(0, 4);
  const time = calendar.time(calendar.now);
  return lines.map((line, at): Line => {
    const room = columns - columnsOf(line) - time.length;
    return at === lines.length - 1 && room >= GAP
      ? [[line, role], [" ".repeat(room)], [time, "faint"]]
      : [[line, role]];
  });
}

function headLines(status: StatusDocument, calendar: Calendar, columns: number): readonly Line[] {
  const { bond } = status;
  if (bond === null)
    return [[["This host has no bond.", "strong"]], [["holdfast init makes a holdfast.yaml for one.", "faint"]]];
  const [role, state] = stateOf(status);
  const name: Piece = [bond.name, "strong"];
  const carries = carrierOf(status, calendar);
  const facts = paragraph(factsOf(status), 0, columns, (text) => text).map((text): Line => [[text, "faint"]]);
  if (columns < NARROW) return [[name, ["  "], [state, role]], [[carries]], ...facts];
  return [[name, ["  "], [state, role], ["  "], [carries]], ...facts];
}

function portLines(ports: readonly StatusPort[], columns: number): readonly Line[] {
  if (ports.length === 0) return [];
  const isNarrow = columns < NARROW;
  const names = ["", "port", "state", ...(isNarrow ? [] : ["carrier", "speed"]), "note"];
  const rows = ports.map((port): readonly Cell[] => {
    const [mark, role, state] = standingOf(port);
    const carrier: Piece = port.carrier ? ["up"] : [port.present ? "down" : "–", "error"];
    return [
      { pieces: [[mark, role]] },
      { pieces: [[port.name, port.active ? "strong" : "note"]] },
      { pieces: [[state, role]] },
      ...(isNarrow
        ? []
        : [{ pieces: [carrier] }, { pieces: [[speedOf(port.speedMbps)] as Piece], align: "right" as const }]),
      { pieces: [portNote(port)] },
    ];
  });
  const right = names.map((name) => name === "speed");
  return setTable([headRow(names, right), ...rows], { columns, gives: names.length - 1 });
}

/** Of a radio that works: what it has joined, and how well it hears it. */
function portNote(port: StatusPort): Piece {
  const { radio, note } = port;
  if (note !== "" || radio === undefined || !radio.joined) return [noteOf(port), "faint"];
  const signal = radio.signalDbm === null ? "" : ` ${radio.signalDbm} dBm`;
  const isWeak = radio.signalDbm !== null && radio.signalDbm < WEAK_DBM;
  return [`${radio.ssid === "" ? "joined" : radio.ssid}${signal}`, isWeak ? "warning" : "faint"];
}

function pathLines({ status, traces }: LiveView, now: number, columns: number): readonly Line[] {
  const { paths } = status;
  if (paths.length === 0) return [];
  const isNarrow = columns < NARROW;
  const names = ["path", ...(isNarrow ? ["reply"] : ["round trip", "loss"])];
  const rows = paths.map((path): readonly Cell[] => [
    { pieces: [[`${path.port}${isNarrow ? "→" : " → "}${path.target}`]] },
    { pieces: [answerOf(path, isNarrow)], align: "right" },
    ...(isNarrow ? [] : [{ pieces: [lossOf(path)], align: "right" as const }]),
  ]);
  const room = isNarrow ? 8 : 16;
  const right = names.map((_name, at) => at > 0);
  const table = setTable([headRow(names, right), ...rows], { columns: columns - room - GAP, gives: 0 });
  const used = Math.max(...table.map((pieces) => pieces.reduce((sum, [text]) => sum + columnsOf(text), 0)));
  const cells = Math.min(60, columns - used - GAP);
  // Whole seconds: the steps that are remembered.
  const cellMs = Math.ceil(SPAN_MS / cells / 1000) * 1000;
  const since = `the last ${Math.round((cells * cellMs) / 1000)} s`;
  return table.map((pieces, at): Line => {
    if (at === 0) return since.length > cells ? pieces : [...pieces, ["  "], [since, "faint"]];
    const path = paths[at - 1];
    const trace = traces.find(({ port, target }) => port === path?.port && target === path.target);
    return trace === undefined ? pieces : [...pieces, ["  "], ...sparkline(trace, { cells, cellMs, now })];
  });
}

function answerOf({ state, rttMs }: StatusPath, isNarrow: boolean): Piece {
  if (state === "alive") return [roundTrip(rttMs)];
  const [word, role] = pathWords[state];
  return [isNarrow && state === "silent" ? state : word, role];
}

function lossOf({ loss }: StatusPath): Piece {
  if (loss === null) return ["–"];
  return loss >= 0.05 ? [percent(loss), "warning"] : [percent(loss)];
}

function headRow(names: readonly string[], right: readonly boolean[] = []): readonly Cell[] {
  return names.map((name, at) => ({
    pieces: [[name, "faint"]],
    ...(right[at] === true ? { align: "right" as const } : {}),
  }));
}

/** What is wrong comes first: the rest may have no room. */
function footLines(rows: readonly FootRow[], columns: number): readonly Line[] {
  const width = Math.max(0, ...rows.map(([name]) => columnsOf(name)));
  const urgent = (row: FootRow): number => (row[2] === "error" ? 0 : row[2] === "warning" ? 1 : 2);
  return rows
    .toSorted((a, b) => urgent(a) - urgent(b))
    .flatMap(([name, text, role]) => hanging(name + " ".repeat(width + GAP - columnsOf(name)), [text, role], columns));
}

/** A text wrapped beside what stands before its first line. */
function hanging(before: string, [text, role]: Piece, columns: number): readonly Line[] {
  const lines = paragraph(text, columnsOf(before), columns, (each) => each);
  return lines.map((line, at): Line => {
    const rest: Piece = [line.trimStart(), role ?? "note"];
    return at === 0 ? [[before, "faint"], rest] : [[" ".repeat(columnsOf(before))], rest];
  });
}

const severities = { critical: "error", warning: "warning", notice: "note" } as const;

/** The latest at the bottom, as in a log; of the others as many as there is room for. */
function eventLines(events: readonly StoredEvent[], calendar: Calendar, { columns, rows }: Size): readonly Line[] {
  if (events.length === 0) return [];
  const lines = events.slice(-rows).flatMap(({ at, event }) => {
    const said = describe(event);
    return hanging(`${sayMoment(at, calendar)}  `, [said.title, severities[said.severity]], columns);
  });
  return [[["what happened", "faint"]], ...lines.slice(-rows)];
}

function pageLines({ title, paragraphs }: Page, columns: number): readonly Line[] {
  const lines = paragraphs.flatMap((text) => paragraph(text, 0, Math.min(columns, 100), (each) => each));
  return [[[title, "strong"]], ...lines.map((text): Line => [[text]])];
}
