import type { TextStyle } from "../diagnostic/text-style.ts";
import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { neededWidths, shareWidth, type TableCell, type TableColumn, tableRow } from "./terminal-columns.ts";
import {
  isLossy,
  longer,
  outcomeMarks,
  outcomeOf,
  sayGap,
  sayLoss,
  sayMonitor,
  sayObjectives,
  worstOutage,
} from "./words.ts";

/** One rehearsal of a side-by-side table, under the name a reader knows it by. */
export interface ComparedRehearsal {
  readonly title: string;
  readonly rehearsal: Rehearsal;
}

/** Kinds of fault in the order a reader asks for them, each in words. A kind not listed here comes last under its own name. */
const kinds: readonly (readonly [string, string])[] = [
  ["healthy", "nothing broken"],
  ["carrier", "cable pulled, device off"],
  ["silent", "dead, but carrier stays"],
  ["one-way", "one direction dead"],
  ["loss", "packets lost at random"],
  ["flap", "link flapping"],
  ["power", "mains gone"],
  ["uplink", "uplink gone"],
  ["replaced", "router replaced"],
];

/** Rehearsals side by side for a terminal: a column each, a row for each kind of fault any of them met; a cell holds the
 *  worst outage of that kind. Ends with a line break. */
export function renderComparison(compared: readonly ComparedRehearsal[], style: TextStyle): string {
  const rows = [
    titles(compared, style),
    cameUp(compared, style),
    ...kindRows(compared, style),
    backRow(compared, style),
  ];
  const last = [...objectiveRows(compared), verdictRow(compared, style)];
  const columns = layOut(neededWidths([...rows, ...last], compared.length + 1), style.columns);
  const rule = style.paint("faint", "─".repeat(columns.reduce((sum, each) => sum + each.width + 2, -2)));
  const [head, ...body] = rows.map((row) => tableRow(row, columns));
  const lines = [
    ...(head ?? []),
    rule,
    ...body.flat(),
    rule,
    ...last.flatMap((row) => tableRow(row, columns)),
    style.paint("faint", footer(compared)),
  ];
  return `${lines.join("\n")}\n`;
}

/** What is promised, once for all where it is the same for all. */
function footer(compared: readonly ComparedRehearsal[]): string {
  const [only, ...others] = objectivesOf(compared);
  const shared = only === undefined || others.length > 0 ? "" : `; objective: ${only}`;
  return `Longest outage of each kind${shared}.`;
}

function objectivesOf(compared: readonly ComparedRehearsal[]): readonly string[] {
  return [...new Set(compared.map(({ rehearsal }) => sayObjectives(rehearsal.objectives)))];
}

/** A row of its own where the rehearsals promise different things. */
function objectiveRows(compared: readonly ComparedRehearsal[]): readonly (readonly TableCell[])[] {
  if (objectivesOf(compared).length < 2) return [];
  const cells = compared.map(({ rehearsal }): TableCell => ({ text: sayObjectives(rehearsal.objectives) }));
  return [[{ text: "objective" }, ...cells]];
}

function layOut(widths: readonly number[], columns: number): readonly TableColumn[] {
  return shareWidth(widths, columns).map((width) => ({ align: "left" as const, width }));
}

function titles(compared: readonly ComparedRehearsal[], style: TextStyle): readonly TableCell[] {
  return [
    { text: "" },
    ...compared.map(({ title }) => ({ text: title, paint: (text: string) => style.paint("strong", text) })),
  ];
}

function cameUp(compared: readonly ComparedRehearsal[], style: TextStyle): readonly TableCell[] {
  const cells = compared.map(({ rehearsal }): TableCell => {
    const [bond] = rehearsal.bringUp.bonds;
    if (bond === undefined) return { text: "no bond", paint: red(style) };
    const text = `${bond.mode}, ${sayMonitor(bond)}`;
    return bond.mode === "active-backup" ? { text } : { text, paint: red(style) };
  });
  return [{ text: "what came up" }, ...cells];
}

const red = (style: TextStyle) => (text: string) => style.paint("error", text);

function kindRows(compared: readonly ComparedRehearsal[], style: TextStyle): readonly (readonly TableCell[])[] {
  const met = new Set(compared.flatMap(({ rehearsal }) => rehearsal.scenarios.map((each) => each.kind)));
  const known = kinds.filter(([kind]) => met.has(kind));
  const others = [...met].filter((kind) => !kinds.some(([each]) => each === kind)).map((kind) => [kind, kind] as const);
  return [...known, ...others].map(([kind, words]) => [
    { text: words },
    ...compared.map(({ rehearsal }) => kindCell(rehearsal, kind, style)),
  ]);
}

function kindCell(rehearsal: Rehearsal, kind: string, style: TextStyle): TableCell {
  const results = rehearsal.scenarios.filter((each) => each.kind === kind);
  const faint = (text: string): string => style.paint("faint", text);
  if (results.length === 0) return { text: "·", paint: faint };
  const promised = results.filter((each) => each.expected === "survives");
  if (promised.length === 0 && results.every((each) => outcomeOf(each) === "no-path")) {
    return { text: `${outcomeMarks["no-path"]} no path`, paint: faint };
  }
  const judged = promised.length > 0 ? promised : results;
  const missed = judged.filter((each) => outcomeOf(each) === "missed");
  if (missed.length === 0) return { text: `${outcomeMarks.held} ${sayGap(worst(judged))}` };
  const share = judged.length > 1 ? ` (${missed.length} of ${judged.length})` : "";
  return { text: `${outcomeMarks.missed} ${sayMissed(missed, rehearsal)}${share}`, paint: red(style) };
}

function worst(results: readonly ScenarioResult[]): number | null {
  return results.map(worstOutage).reduce<number | null>(longer, 0);
}

/** What was missed, in two words: the outage, the loss, the way back, or the session. */
function sayMissed(missed: readonly ScenarioResult[], { objectives }: Rehearsal): string {
  const outage = worst(missed);
  if (outage === null || outage > objectives.outageMs) return sayGap(outage);
  const lossy = missed.find((each) => isLossy(each, objectives));
  if (lossy !== undefined) return sayLoss(lossy);
  const back = worstBack(missed);
  if (back === null || back > objectives.outageMs) return `${sayGap(back)} going back`;
  return missed.some((each) => !each.tcp.survived) ? "TCP broke" : sayGap(outage);
}

function worstBack(results: readonly ScenarioResult[]): number | null {
  return results
    .map((each) => longer(each.reselectMs.toHost, each.reselectMs.fromHost))
    .reduce<number | null>(longer, 0);
}

function backRow(compared: readonly ComparedRehearsal[], style: TextStyle): readonly TableCell[] {
  const cells = compared.map(({ rehearsal }): TableCell => {
    const results = rehearsal.scenarios.filter((each) => each.kind !== "healthy" && worstOutage(each) !== null);
    if (results.length === 0) return { text: "·", paint: (text) => style.paint("faint", text) };
    const back = worstBack(results);
    const isOver = back === null || back > rehearsal.objectives.outageMs;
    const text = `${isOver ? outcomeMarks.missed : outcomeMarks.held} ${sayGap(back)}`;
    return isOver ? { text, paint: red(style) } : { text };
  });
  return [{ text: "mended, back again" }, ...cells];
}

function verdictRow(compared: readonly ComparedRehearsal[], style: TextStyle): readonly TableCell[] {
  const cells = compared.map(({ rehearsal }): TableCell => {
    const missed = rehearsal.scenarios.filter((each) => outcomeOf(each) === "missed").length;
    return rehearsal.verdict === "held"
      ? { text: `${outcomeMarks.held} held`, paint: (text) => style.paint("hint", text) }
      : { text: `${outcomeMarks.missed} ${missed} of ${rehearsal.scenarios.length} missed`, paint: red(style) };
  });
  return [{ text: "verdict" }, ...cells];
}
