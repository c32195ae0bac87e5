import type { TextStyle } from "../diagnostic/text-style.ts";
import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { tellingLine } from "../measure/telling-line.ts";
import { headlineOf } from "./headline.ts";
import { occasionOf, sayEngine } from "./occasion.ts";
import { saySshAll } from "./sight-words.ts";
import { neededWidths, paragraph, type TableCell, type TableColumn, tableRow } from "./terminal-columns.ts";
import {
  count,
  hasForecasts,
  isLossy,
  type Outcome,
  outcomeMarks,
  outcomeOf,
  repeatsOf,
  sayBond,
  sayClock,
  sayForecast,
  sayGap,
  sayGapWatched,
  sayLoss,
  sayLostInternet,
  sayMs,
  sayObjectives,
  sayTcp,
  sayUncertainty,
  sayUnkept,
  sentence,
  worstOutage,
} from "./words.ts";

type Paint = (text: string) => string;

/** The end of a rehearsal for a terminal: header, table, summary. Never wider than `style.columns` (80 and up), no wider
 *  than its content needs; ends with a line break. */
export function renderTerminal(rehearsal: Rehearsal, style: TextStyle, alone?: Rehearsal): string {
  const lines = [...header(rehearsal, style), "", ...table(rehearsal, style, alone), "", ...summary(rehearsal, style)];
  return `${lines.join("\n")}\n`;
}

function header(rehearsal: Rehearsal, style: TextStyle): readonly string[] {
  const { bringUp, scenarios } = rehearsal;
  const occasion = occasionOf(rehearsal);
  const repeats = repeatsOf(rehearsal);
  const times = repeats > 1 ? `, ${repeats} times each` : "";
  const came = bringUp.bonds.length === 0 ? "no bond" : bringUp.bonds.map(sayBond).join("; ");
  const exit = bringUp.exit === 0 ? "" : `, exit status ${bringUp.exit}`;
  const measured = [
    sayEngine(rehearsal),
    `kernel ${rehearsal.kernel}`,
    rehearsal.engine === "live" ? "" : sayClock(rehearsal.clock),
    sayUncertainty(scenarios),
  ];
  const faint: Paint = (text) => style.paint("faint", text);
  const plain: Paint = (text) => text;
  return [
    ...paragraph(
      `${occasion.name} of ${rehearsal.subject}${rehearsal.agent ? ", with Holdfast's agent" : ""}`,
      0,
      style.columns,
      (text) => style.paint("strong", text),
    ),
    ...paragraph(
      `${occasion.bond(bringUp.manager)} ${came}${exit}`,
      0,
      style.columns,
      bringUp.bonds.length === 0 ? bad(style) : plain,
    ),
    ...printed(rehearsal, style),
    ...paragraph(
      `${count(scenarios.length, "scenario")}${times} · ${measured.filter((each) => each !== "").join(" · ")}`,
      0,
      style.columns,
      faint,
    ),
    ...rehearsal.notes.flatMap((note) => paragraph(sentence(note), 0, style.columns, faint)),
  ];
}

/** The line that tells why bringing the host up went wrong, where it did. */
function printed({ bringUp }: Rehearsal, style: TextStyle): readonly string[] {
  const line = tellingLine(bringUp.output);
  const isWell = bringUp.exit === 0 && bringUp.bonds.some(({ ports }) => ports.length > 0);
  return isWell || line === "" ? [] : paragraph(`It printed: ${line}`, 0, style.columns, bad(style));
}

const bad =
  (style: TextStyle): Paint =>
  (text) =>
    style.paint("error", text);

function outcomePaint(outcome: Outcome, style: TextStyle): Paint {
  const role = { held: "hint", missed: "error", "no-path": "faint" } as const;
  return (text) => style.paint(role[outcome], text);
}

interface Row {
  readonly cells: readonly TableCell[];
  readonly notes: readonly string[];
}

function table(rehearsal: Rehearsal, style: TextStyle, alone: Rehearsal | undefined): readonly string[] {
  const isRepeated = repeatsOf(rehearsal) > 1;
  const titles = isRepeated
    ? ["median", "p95", "worst", "TCP stall", "back"]
    : ["to host", "from host", "TCP stall", "back"];
  const faint: Paint = (text) => style.paint("faint", text);
  const head: readonly TableCell[] = ["", "fault", ...besideTitle(rehearsal, alone), ...titles].map((text) => ({
    text,
    paint: faint,
  }));
  const rows = rehearsal.scenarios.map((each, index, all) => rowOf(each, all[index - 1], rehearsal, style, alone));
  const widths = neededWidths([head, ...rows.map((row) => row.cells)], head.length);
  const columns = layOut(widths, style.columns);
  const width = columns.reduce((sum, each) => sum + each.width + 2, -2);
  return [
    ...tableRow(head, columns),
    ...rows.flatMap((row) => [
      ...tableRow(row.cells, columns),
      ...row.notes.flatMap((note) => paragraph(note, 3, Math.max(width, 76), (text) => text)),
    ]),
  ];
}

/** Numbers keep the width they need; the fault's words take what is left. A spanning "never (watched 60 s)" needs 20. */
function layOut(widths: readonly number[], columns: number): readonly TableColumn[] {
  const needed = widths.slice(2);
  const wide = needed.map((width) => Math.max(width, 9));
  const taken = (numbers: readonly number[]) => 1 + 2 + numbers.reduce((sum, width) => sum + width + 2, 0);
  // The way back spans nothing: it is the one that gives way where the terminal is narrow.
  const numbers = taken(wide) + 20 > columns ? [...wide.slice(0, -1), ...needed.slice(-1)] : wide;
  const fault = Math.min(widths[1] ?? 0, Math.max(20, columns - taken(numbers)));
  return [
    { align: "left", width: 1 },
    { align: "left", width: fault },
    ...numbers.map((width): TableColumn => ({ align: "right", width })),
  ];
}

function rowOf(
  result: ScenarioResult,
  before: ScenarioResult | undefined,
  rehearsal: Rehearsal,
  style: TextStyle,
  alone: Rehearsal | undefined,
): Row {
  const outcome = outcomeOf(result);
  const paint = outcomePaint(outcome, style);
  const numbers =
    repeatsOf(rehearsal) > 1 ? overRepeats(result, rehearsal, style) : onceCells(result, rehearsal, style);
  const mark: TableCell = { text: outcomeMarks[outcome], paint };
  return {
    cells: [mark, { text: result.fault }, ...besideCells(result, rehearsal, alone, style), ...numbers],
    notes: notesOf(result, before?.reason, rehearsal),
  };
}

/** A column before the others: the same fault without the agent, or as it was rehearsed. */
function besideTitle(rehearsal: Rehearsal, alone: Rehearsal | undefined): readonly string[] {
  if (alone !== undefined) return ["kernel alone"];
  return hasForecasts(rehearsal) ? ["rehearsed"] : [];
}

function besideCells(
  result: ScenarioResult,
  rehearsal: Rehearsal,
  alone: Rehearsal | undefined,
  style: TextStyle,
): readonly TableCell[] {
  if (alone !== undefined || !hasForecasts(rehearsal)) return aloneCells(result, alone, style);
  return [{ text: sayForecast(result), paint: (text) => style.paint("faint", text) }];
}

function aloneCells(result: ScenarioResult, alone: Rehearsal | undefined, style: TextStyle): readonly TableCell[] {
  if (alone === undefined) return [];
  const without = alone.scenarios.find(({ id }) => id === result.id);
  if (without === undefined || outcomeOf(without) === "no-path")
    return [{ text: "–", paint: (text) => style.paint("faint", text) }];
  if (isLossy(without, alone.objectives)) return [{ text: sayLoss(without), paint: bad(style) }];
  return [gapCell(worstOutage(without), alone, style)];
}

function onceCells(result: ScenarioResult, rehearsal: Rehearsal, style: TextStyle): readonly TableCell[] {
  const { toHost, fromHost } = result.outageMs;
  if (outcomeOf(result) === "no-path") return noPathCells(result, 2, rehearsal, style);
  const outage: readonly TableCell[] =
    toHost === null && fromHost === null
      ? [{ text: sayGapWatched(null, result.watchedMs), span: 2, paint: bad(style) }]
      : isLossy(result, rehearsal.objectives)
        ? [{ text: sayLoss(result), span: 2, paint: bad(style) }]
        : [gapCell(toHost, rehearsal, style), gapCell(fromHost, rehearsal, style)];
  return [...outage, tcpCell(result, rehearsal, style), backCell(result, rehearsal, style)];
}

function overRepeats(result: ScenarioResult, rehearsal: Rehearsal, style: TextStyle): readonly TableCell[] {
  if (outcomeOf(result) === "no-path") return noPathCells(result, 3, rehearsal, style);
  const { median, p95, worst } = result.stats;
  const cells = [median, p95, worst].map((each) => gapCell(each, rehearsal, style));
  return [...cells, tcpCell(result, rehearsal, style), backCell(result, rehearsal, style)];
}

function noPathCells(
  result: ScenarioResult,
  span: number,
  rehearsal: Rehearsal,
  style: TextStyle,
): readonly TableCell[] {
  const paint: Paint = (text) => style.paint("faint", text);
  return [{ text: "no path promised", span, paint }, { text: "–", paint }, backCell(result, rehearsal, style)];
}

/** Red where the objective is exceeded and nowhere else. */
function gapCell(ms: number | null, rehearsal: Rehearsal, style: TextStyle): TableCell {
  const isOver = ms === null || ms > rehearsal.objectives.outageMs;
  return isOver ? { text: sayGap(ms), paint: bad(style) } : { text: sayGap(ms) };
}

function tcpCell({ tcp }: ScenarioResult, rehearsal: Rehearsal, style: TextStyle): TableCell {
  const isOver = !tcp.survived && rehearsal.objectives.tcp === "survives";
  return isOver ? { text: sayTcp(tcp), paint: bad(style) } : { text: sayTcp(tcp) };
}

function backCell(result: ScenarioResult, rehearsal: Rehearsal, style: TextStyle): TableCell {
  const { toHost, fromHost } = result.reselectMs;
  if (result.kind === "healthy") return { text: "–", paint: (text) => style.paint("faint", text) };
  return gapCell(toHost === null || fromHost === null ? null : Math.max(toHost, fromHost), rehearsal, style);
}

function notesOf(result: ScenarioResult, reasonBefore: string | undefined, rehearsal: Rehearsal): readonly string[] {
  const notes: string[] = [];
  const { toHost, fromHost } = result.outageMs;
  if (result.reason !== undefined) {
    notes.push(result.reason === reasonBefore ? "For the same reason." : sentence(result.reason));
  }
  if (result.forecast?.kept === false) notes.push(`${sayUnkept(result)}.`);
  const part = sayLostInternet(result);
  if (part !== "") notes.push(`${part}.`);
  const isSplit = (toHost === null) !== (fromHost === null) && outcomeOf(result) !== "no-path";
  if (isSplit) notes.push(`"never" means: not while it was watched, ${sayMs(result.watchedMs)}.`);
  if (isSplit && repeatsOf(rehearsal) > 1) {
    notes.push(`Worst to host ${sayGap(toHost)}, from host ${sayGap(fromHost)}.`);
  }
  return notes;
}

function summary(rehearsal: Rehearsal, style: TextStyle): readonly string[] {
  const faint: Paint = (text) => text;
  const outcomes = rehearsal.scenarios.map(outcomeOf);
  const many = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  const parts = [`${many("held")} held`, `${many("missed")} missed`];
  if (many("no-path") > 0) parts.push(`${many("no-path")} without a path`);
  const verdict = rehearsal.verdict === "held" ? style.paint("hint", "✓ held") : style.paint("error", "✗ missed");
  const line = `objective: ${sayObjectives(rehearsal.objectives)} · ${parts.join(", ")}`;
  return [
    ...paragraph(headlineOf(rehearsal).sentence, 0, Math.min(style.columns, 100), (text) =>
      style.paint("strong", text),
    ),
    ...paragraph(saySshAll(rehearsal), 0, Math.min(style.columns, 100), faint),
    ...paragraph(line, 0, style.columns - 12, faint).map((text, index) =>
      index === 0 ? `${verdict} · ${text}` : text,
    ),
  ];
}
