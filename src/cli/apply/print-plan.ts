import type { PlanDocument, PlanFile } from "../../api/types.ts";
import { printJson } from "../../diagnostic/print-json.ts";
import { printText } from "../../diagnostic/print-text.ts";
import { maskText } from "../../diagnostic/secrets.ts";
import type { TextStyle } from "../../diagnostic/text-style.ts";
import { unifiedDiff } from "../../diagnostic/unified-diff.ts";
import { visible } from "../../diagnostic/visible.ts";
import { wrap } from "../../diagnostic/wrap.ts";
import type { Change, FileChange, Interruption, Step } from "../../plan/change.ts";
import { whatEnds } from "../../plan/what-ends.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { docsOf } from "../print-report.ts";
import { lastRehearsed } from "../rehearse/kept-rehearsals.ts";
import { printDocument, styleFor } from "../style.ts";
import { commandOf } from "./command-of.ts";
import type { PlanOutcome } from "./make-plan.ts";
import { rehearsedOf, sayRehearsed } from "./rehearsed.ts";
import { toBeProven } from "./to-be-proven.ts";

/** Prints what came of planning: a page that can be read at three in the morning, or one JSON document. */
export async function printPlan(cli: Cli, outcome: PlanOutcome, format: "text" | "json"): Promise<Exit> {
  if (format === "json") printDocument(cli, await planDocument(cli, outcome));
  else if (outcome.kind === "planned") await printPlanned(cli, outcome);
  else await printRefused(cli, outcome);
  if (outcome.kind === "unread") return outcome.isFound ? "findings" : "usage";
  return outcome.kind === "refused" ? "refused" : "fine";
}

async function printRefused(cli: Cli, outcome: Exclude<PlanOutcome, { kind: "planned" }>): Promise<void> {
  const { diagnostics, files } = outcome.shown;
  cli.stderr.write(printText(diagnostics, files, styleFor(cli, cli.stderr), await docsOf(cli)));
  if (outcome.kind === "refused") cli.stderr.write("Refused: nothing was changed, and nothing would be.\n");
}

async function printPlanned(cli: Cli, outcome: Extract<PlanOutcome, { kind: "planned" }>): Promise<void> {
  const style = styleFor(cli, cli.stdout);
  const { plan, by, shown } = outcome;
  const write = (text: string) => cli.stdout.write(text);
  if (shown.diagnostics.length > 0)
    cli.stderr.write(printText(shown.diagnostics, shown.files, styleFor(cli, cli.stderr), await docsOf(cli)));
  if (plan.isNothing) {
    write(`Nothing to do: files and running network are as declared (${by.because}).\n`);
    return;
  }
  write(`${style.paint("strong", visible(plan.summary))}\n`);
  write(paragraph(sayBy(outcome), style));
  if (plan.unasked.length > 0)
    write(heading("Not asked for", style) + plan.unasked.map((line) => item(line, style)).join(""));
  write(filesText(plan.change.files, style));
  write(stepsText(plan.change, style));
  const ends = whatEnds(plan.merged.before, plan.merged.after);
  if (ends.length > 0) write(heading("What ends", style) + ends.map((line) => item(line, style)).join(""));
  write(heading("Interruption", style) + paragraph(sayInterruption(plan.change.interruption), style));
  const rehearsed = rehearsedBy(cli, outcome);
  if (rehearsed !== undefined) write(paragraph(sayRehearsed(rehearsed), style));
  write(heading("What is proven before it counts", style));
  for (const line of toBeProven(outcome)) write(item(line, style));
  write(heading("The way back", style) + paragraph(wayBack(plan.change), style));
  const last = "Nothing has been touched. holdfast apply does it, and takes it back unless you confirm it.";
  write(
    `\n${wrap(last, style.columns)
      .map((line) => `${style.paint("faint", line)}\n`)
      .join("")}`,
  );
}

function rehearsedBy(cli: Cli, { written, state }: Extract<PlanOutcome, { kind: "planned" }>) {
  return rehearsedOf(lastRehearsed(cli, written), state.hasAgent === true ? "agent" : "kernel");
}

function sayBy({ plan, by }: Extract<PlanOutcome, { kind: "planned" }>): string {
  if (plan.change.backend === "netlink") return `${by.because}: only what runs is changed, until the next boot.`;
  return `${by.because}: what its files say of ${[...plan.merged.names].join(", ")} is replaced, and nothing else.`;
}

function heading(text: string, style: TextStyle): string {
  return `\n${style.paint("strong", text)}\n`;
}

function paragraph(text: string, style: TextStyle): string {
  return `${wrap(text, style.columns - 2)
    .map((line) => `  ${line}\n`)
    .join("")}`;
}

function item(text: string, style: TextStyle): string {
  const [first = "", ...rest] = wrap(text, style.columns - 4);
  return `  - ${first}\n${rest.map((line) => `    ${line}\n`).join("")}`;
}

function filesText(files: readonly FileChange[], style: TextStyle): string {
  if (files.length === 0) return heading("Files", style) + paragraph("None changes.", style);
  const parts = files.map((file) => `  ${sayFile(file)}\n${diffOf(file)}`);
  return heading("Files", style) + parts.join("\n");
}

function sayFile({ path, before, after, isSecret }: FileChange): string {
  const mode = (image: { readonly mode: number }) => image.mode.toString(8).padStart(4, "0");
  const kind =
    before === null
      ? `new, mode ${after === null ? "" : mode(after)}`
      : after === null
        ? "removed"
        : before.mode === after.mode
          ? "changed"
          : `changed, mode ${mode(before)} → ${mode(after)}`;
  return `${visible(path)} (${kind}${isSecret ? "; its keys are shown as ********" : ""})`;
}

/** The change of a file with its keys masked; a change of nothing but a key has no lines to show. */
export function diffOf({ path, before, after }: FileChange): string {
  const text = (image: { readonly bytes: Uint8Array } | null) =>
    image === null ? "" : maskText(new TextDecoder().decode(image.bytes));
  const diff = unifiedDiff(path, text(before), text(after));
  const shown = diff === "" && before !== null && after !== null ? "  only a key differs\n" : diff;
  return shown.replace(/[^\n\t]+/g, visible);
}

function stepsText({ quiesce, converge, files }: Change, style: TextStyle): string {
  const lines: string[] = [heading("Steps", style)];
  let number = 0;
  const add = (text: string, why: string) => {
    number += 1;
    lines.push(`  ${String(number).padStart(2)}  ${text}\n`);
    lines.push(...wrap(why, style.columns - 6).map((line) => `      ${style.paint("faint", line)}\n`));
  };
  for (const step of quiesce) add(commandOf(step), step.why);
  if (files.length > 0) add("(files)", `Puts the ${files.length === 1 ? "file" : "files"} in place, all or none`);
  for (const step of converge) add(commandOf(step), step.why);
  if (quiesce.length + converge.length === 0)
    lines.push(paragraph("The running network is as declared already.", style));
  return lines.join("");
}

function sayInterruption(interruption: Interruption | undefined): string {
  if (interruption === undefined) return "Nothing is known of it.";
  const { ms, why } = interruption;
  const length = ms === 0 ? "No packet is lost" : `Up to ${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`} without traffic`;
  return `${length}: ${why}.`;
}

function wayBack({ restore, files }: Change): string {
  const parts = [
    ...(files.length === 0 ? [] : ["the old files are put back"]),
    ...(restore.length === 0
      ? []
      : [
          `${restore.length === 1 ? "one step makes" : `${restore.length} steps make`} the running network what it was`,
        ]),
  ];
  return `Unless it is confirmed in time, ${parts.join(", and ")}; nobody has to be there. By hand: holdfast rollback.`;
}

async function planDocument(cli: Cli, outcome: PlanOutcome): Promise<PlanDocument> {
  const { diagnostics, files } = outcome.shown;
  const printed = printJson(diagnostics, files, await docsOf(cli)).diagnostics;
  const none = { transaction: null, deadline: null, files: [], quiesce: [], converge: [], restore: [] };
  if (outcome.kind !== "planned")
    return {
      ...none,
      state: outcome.kind === "unread" ? "unread" : "refused",
      verdict: "refused",
      diagnostics: printed,
    };
  const { change, summary, isNothing } = outcome.plan;
  const rehearsed = rehearsedBy(cli, outcome);
  return {
    transaction: null,
    state: "planned",
    deadline: null,
    verdict: isNothing ? "nothing-to-do" : "ready",
    summary,
    backend: change.backend,
    because: outcome.by.because,
    ...(outcome.plan.unasked.length === 0 ? {} : { unasked: outcome.plan.unasked }),
    files: change.files.map(fileDocument),
    quiesce: change.quiesce.map(stepDocument),
    converge: change.converge.map(stepDocument),
    restore: change.restore.map(stepDocument),
    ...(change.interruption === undefined ? {} : { interruption: change.interruption }),
    ...(rehearsed === undefined ? {} : { rehearsed }),
    ends: whatEnds(outcome.plan.merged.before, outcome.plan.merged.after),
    proofs: toBeProven(outcome),
    diagnostics: printed,
  };
}

function fileDocument(file: FileChange): PlanFile {
  const { path, before, after, isSecret } = file;
  const kind = before === null ? "new" : after === null ? "removed" : "changed";
  const mode = (after ?? before)?.mode ?? 0;
  return { path, kind, mode: mode.toString(8).padStart(4, "0"), isSecret, diff: diffOf(file) };
}

function stepDocument({ argv, stdin, why, limitSeconds, onFailure }: Step): PlanDocument["quiesce"][number] {
  return { argv, ...(stdin === undefined ? {} : { stdin: maskText(stdin) }), why, limitSeconds, onFailure };
}
