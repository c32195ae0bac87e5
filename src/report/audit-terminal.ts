import type { TextStyle } from "../diagnostic/text-style.ts";
import type { Audit, AuditedGoal, AuditedPart } from "../topology/audit/audit.ts";
import { listedParts, sayGain, sayGoal, sayRates, sayShowing, saySighting, saySingles, sayUps } from "./audit-words.ts";
import { neededWidths, paragraph, shareWidth, type TableCell, type TableColumn, tableRow } from "./terminal-columns.ts";
import { sentence } from "./words.ts";

/** Pairs and triples beyond these fill a screen and change nobody's mind. */
const setsShown = 8;

/** An audit for a terminal: figures, single points, what breaks with what, what to change. Never wider than `style.columns` (80 and up). */
export function renderAuditText(audit: Audit, subject: string, style: TextStyle): string {
  const say = (text: string, indent = 0, tone?: Parameters<TextStyle["paint"]>[0]) =>
    paragraph(text, indent, style.columns, (line) => (tone === undefined ? line : style.paint(tone, line)));
  const lines = [
    ...say(`Audit of ${subject}`, 0, "strong"),
    ...audit.goals.flatMap((goal) => say(`To ${goal.label}: ${sayGoal(goal)}`)),
    ...say(sayRates(audit), 0, "faint"),
    ...audit.notes.flatMap((note) => say(sentence(note), 0, "faint")),
    "",
    ...table(audit, style),
    "",
    ...audit.goals.flatMap((goal) => say(saySingles(audit, goal), 0, isSafe(goal) ? "hint" : "error")),
    ...showing(audit, subject, style),
    ...together(audit, style),
    ...sayUps(audit).flatMap((text) => say(text)),
    ...sightings(audit, style),
    ...changes(audit, style),
  ];
  return `${lines.join("\n")}\n`;
}

function isSafe(goal: AuditedGoal): boolean {
  return goal.cutSets.every((set) => set.length > 1);
}

function table({ parts, goals }: Audit, style: TextStyle): readonly string[] {
  const head = ["", "what fails", ...goals.map((goal) => goal.label), "ways left", "share", "scenario"];
  const rows = [
    head.map((text): TableCell => ({ text, paint: (each) => style.paint("faint", each) })),
    ...parts.map((part) => row(part, goals, style)),
  ];
  const needs = neededWidths(rows, head.length);
  const [mark = 1, ...rest] = needs;
  const shares = shareWidth(rest, style.columns - mark - 2);
  const columns = [mark, ...shares].map(
    (width, index): TableColumn => ({
      width,
      align: index === head.length - 2 ? "right" : "left",
    }),
  );
  return rows.flatMap((cells) => tableRow(cells, columns));
}

function row(part: AuditedPart, goals: readonly AuditedGoal[], style: TextStyle): readonly TableCell[] {
  const isSingle = part.cuts.length > 0;
  const tone = isSingle ? "error" : "hint";
  const bad = (text: string) => style.paint("error", text);
  return [
    { text: isSingle ? "✗" : "✓", paint: (text) => style.paint(tone, text) },
    { text: part.label },
    ...goals.map(
      ({ name }): TableCell => (part.cuts.includes(name) ? { text: "lost", paint: bad } : { text: "stays" }),
    ),
    { text: part.portsLeft.length === 0 ? "none" : part.portsLeft.join(" ") },
    { text: `${Math.round((goals[0]?.share.get(part.id) ?? 0) * 100)} %` },
    { text: part.scenario ?? "–", paint: (text) => style.paint("faint", text) },
  ];
}

/** How to see each single point happen. */
function showing(audit: Audit, subject: string, style: TextStyle): readonly string[] {
  const [command, unshown] = sayShowing(audit, subject);
  return [
    ...(command === undefined ? [] : paragraph(`See it happen: ${command}`, 3, style.columns, (text) => text)),
    ...(unshown === undefined ? [] : paragraph(unshown, 3, style.columns, (text) => style.paint("faint", text))),
  ];
}

/** What the network itself says. */
function sightings(audit: Audit, style: TextStyle): readonly string[] {
  if (audit.sightings.length === 0) return [];
  return [
    "",
    style.paint("strong", "What the network says itself"),
    ...audit.sightings.flatMap((one) => {
      const tone = one.declared === "unlike" ? "error" : undefined;
      const lines = paragraph(saySighting(audit, one), 3, style.columns, (text) =>
        tone === undefined ? text : style.paint(tone, text),
      );
      const mark = one.certainty === "certain" ? "–" : "?";
      return lines.map((line, n) => (n === 0 ? `${mark}  ${line.trimStart()}` : line));
    }),
  ];
}

function together(audit: Audit, style: TextStyle): readonly string[] {
  const sets = audit.goals[0]?.cutSets.filter((set) => set.length > 1) ?? [];
  if (sets.length === 0) return [];
  const more = sets.length - setsShown;
  return [
    ...paragraph(`Together they would cut it off, though neither does alone:`, 0, style.columns, (text) => text),
    ...sets.slice(0, setsShown).flatMap((set) => paragraph(listedParts(audit, set), 3, style.columns, (text) => text)),
    ...(more > 0
      ? paragraph(`and ${more} more (--json lists them)`, 3, style.columns, (text) => style.paint("faint", text))
      : []),
  ];
}

function changes(audit: Audit, style: TextStyle): readonly string[] {
  if (audit.advice.length === 0) return [];
  return [
    "",
    style.paint("strong", "What to change, each tried by itself"),
    ...audit.advice.slice(0, 6).flatMap((advice, index) => {
      const lines = paragraph(`${advice.text}: ${sayGain(audit, advice)}`, 3, style.columns, (text) => text);
      return lines.map((line, n) => (n === 0 ? `${index + 1}. ${line.trimStart()}` : line));
    }),
  ];
}
