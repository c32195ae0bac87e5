import { visible } from "../../diagnostic/visible.ts";
import type { Change, Step } from "../../plan/change.ts";
import { type MarkerName, markers, type ProbeResult } from "../../plan/protocol.ts";
import type { Applied, Progress } from "../../transact/apply.ts";
import type { Refusal } from "../../transact/refusal.ts";
import type { Ran } from "../../transact/run-steps.ts";
import type { Cli } from "../command.ts";
import { documentLine, styleFor } from "../style.ts";
import { commandOf } from "./command-of.ts";

/** Tells what a transaction does, a line each, as it does it. */
export interface Narrator {
  progress(progress: Progress): void;
  /** Shown until the next line, on terminals alone. */
  passing(words: string): void;
  line(text: string): void;
}

const said: Partial<Record<MarkerName, string>> = {
  swapped: "the new files are in place",
  applied: "proving it",
};

/** "lines": one JSON document each, for programs that follow. "silent": nothing; a document is printed in the end. */
export type Manner = "text" | "lines" | "silent";

type Changing = Pick<Change, "backend" | "files">;

/** Of a change that goes back by itself after `seconds`. A guarded command writes its files itself, and later. */
export function narrator(
  cli: Cli,
  { manner, seconds, change }: { readonly manner: Manner; readonly seconds: number; readonly change: Changing },
): Narrator {
  const hasNewFiles = change.backend !== "guard" && change.files.length > 0;
  const style = styleFor(cli, cli.stdout);
  let isPassing = false;
  const line = (text: string): void => {
    if (manner !== "text") return;
    // What passes is often longer than what follows it.
    if (isPassing) cli.stderr.write("\u001b[K");
    isPassing = false;
    cli.stdout.write(`${text}\n`);
  };
  const passing = (words: string): void => {
    if (manner !== "text" || !cli.stderr.isTerminal) return;
    isPassing = true;
    cli.stderr.write(`\r\u001b[K  ${visible(words)}\r`);
  };
  return {
    line,
    passing,
    progress(progress) {
      if (manner === "lines") cli.stdout.write(`${documentLine(forPrograms(progress))}\n`);
      if (progress.what === "promised") {
        line(`Goes back by itself in ${seconds} s, unless it is confirmed from a new session with:`);
        line(`\n    ${style.paint("strong", `holdfast confirm ${progress.token}`)}\n`);
      } else if (progress.what === "step") line(`  ${shortly(progress.step, style.columns - 2)}`);
      else if (progress.what === "going-back") line(style.paint("warning", `Going back: ${visible(progress.why)}`));
      else if (progress.state === "swapped" && !hasNewFiles) return;
      else if (said[progress.state] !== undefined) line(`  ${style.paint("faint", said[progress.state] ?? "")}`);
    },
  };
}

/** The command where it says what it does at a glance; else what it is for. The plan shows every command whole. */
function shortly(step: Step, columns: number): string {
  const isPlain = step.stdin === undefined && step.argv.every((word) => !/\s/.test(word));
  const command = commandOf(step);
  return isPlain && command.length <= columns ? command : visible(step.why);
}

function forPrograms(progress: Progress): object {
  if (progress.what === "step") return { what: "step", argv: progress.step.argv };
  return progress.what === "reached" ? { ...progress, state: markers[progress.state] } : progress;
}

/** What stops it before anything is changed. */
export function sayRefusal(cli: Cli, { code, message, hint }: Pick<Refusal, "code" | "message" | "hint">): void {
  const { paint } = styleFor(cli, cli.stderr);
  // Where there is nothing to decide, nothing was refused either.
  const first = code === "no-transaction" || code === "too-late" ? "" : `${paint("error", "refused:")} `;
  cli.stderr.write(`holdfast: ${first}${visible(message)}\n  ${visible(hint)}\n`);
}

/** What failed and what became of it. */
export function sayWentBack(cli: Cli, applied: Extract<Applied, { outcome: "went-back" }>): void {
  const { paint } = styleFor(cli, cli.stdout);
  const { why, lost, ran, back } = applied;
  const write = (text: string): void => cli.stdout.write(`${text}\n`);
  for (const probe of lost) write(`  ${paint("error", "✗")} ${probeLine(probe)}`);
  for (const line of failureLines(ran)) write(`    ${line}`);
  if (back.outcome === "rolled-back") {
    write(`Rolled back: ${visible(why)}. Files and network are what they were.`);
  } else {
    write(paint("error", `NOT rolled back completely: ${back.files.problems.map(visible).join("; ")}`));
    write(`Look at it now: /var/lib/holdfast/tx/${applied.id}/rollback.sh can be run again at any time.`);
  }
  for (const probe of back.lost) write(`  ${paint("warning", "!")} still not as before: ${probeLine(probe)}`);
  for (const { path, savedAs } of back.files.conflicts) {
    write(
      `  ${paint("warning", "!")} ${visible(path)} had been changed by somebody else; their text is ${visible(savedAs)}`,
    );
  }
}

/** The end of what a failed program said. */
function failureLines(ran: readonly Ran[]): readonly string[] {
  const failing = ran.find(({ outcome }) => outcome.status !== 0);
  return (failing?.outcome.output ?? "").trimEnd().split("\n").slice(-8).filter(Boolean).map(visible);
}

export function probeLine({ name, detail }: ProbeResult): string {
  return `${visible(name)}: ${visible(detail)}`;
}

/** The proofs, in two lines or so; what only warns is told apart. */
export function proofLines(cli: Cli, probes: readonly ProbeResult[]): readonly string[] {
  const { paint } = styleFor(cli, cli.stdout);
  return probes.map((probe) => {
    const mark = probe.passed
      ? paint("hint", "✓")
      : probe.weight === "warn"
        ? paint("warning", "!")
        : paint("warning", "·");
    return `  ${mark} ${probeLine(probe)}`;
  });
}
