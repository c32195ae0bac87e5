import { join } from "node:path";
import { type ComparedRehearsal, renderComparison } from "../../report/comparison.ts";
import { redactRehearsal } from "../../report/redact-rehearsal.ts";
import { redaction } from "../../report/redaction.ts";
import { renderTerminal } from "../../report/terminal.ts";
import { paragraph } from "../../report/terminal-columns.ts";
import { sayMs } from "../../report/words.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printReport } from "../print-report.ts";
import { type RehearsalInput, readRehearsal } from "../rehearse/read-rehearsal.ts";
import { report, sayLabError } from "../rehearse/rehearse-command.ts";
import { pickScenarios, type Ran, runBoth } from "../rehearse/run-rehearsal.ts";
import { styleFor } from "../style.ts";
import type { Act } from "./acts.ts";
import { brokenPromises } from "./judge-act.ts";
import { serveReports } from "./serve-reports.ts";

interface Played {
  readonly act: Act;
  /** What stands in the table side by side: the kernel alone, and with the agent. */
  readonly compared: readonly ComparedRehearsal[];
  readonly broken: readonly string[];
}

/** `holdfast demo`: checks and rehearses each act, prints them side by side, writes a report of each below `directory`.
 *  Fails when a promise is broken, not when an article's file does what it is shown for. */
export async function demoCommand(
  cli: Cli,
  wish: { readonly directory: string; readonly afterwards: "end" | "keep"; readonly acts: readonly Act[] },
): Promise<Exit> {
  const began = performance.now();
  const { acts } = wish;
  const played: Played[] = [];
  for (const [index, act] of acts.entries()) {
    heading(cli, `${index + 1}/${acts.length}  ${act.title}`, act.intro);
    const one = await play(cli, act, wish.directory);
    if (typeof one === "string") return one;
    played.push(one);
  }
  heading(
    cli,
    "Side by side",
    "The kernel alone sees nothing but the carrier; Holdfast's agent sees the path behind it.",
  );
  cli.stdout.write(
    renderComparison(
      played.flatMap(({ compared }) => compared),
      styleFor(cli, cli.stdout),
    ),
  );
  const broken = played.flatMap((one) => one.broken);
  ending(cli, wish, broken, performance.now() - began);
  if (wish.afterwards === "keep") await serveReports(cli, wish.directory, acts);
  return broken.length === 0 ? "fine" : "findings";
}

async function play(cli: Cli, act: Act, directory: string): Promise<Played | Exit> {
  const reading = await readRehearsal({
    path: act.path,
    cwd: cli.home,
    maxBonds: act.maxBonds,
    ...(act.topology === undefined ? {} : { topology: act.topology }),
  });
  if ("refused" in reading) {
    await printReport(cli, { ...reading.refused, understood: [], unread: [act.path] }, "text");
    return "usage";
  }
  const { input } = reading;
  await printReport(cli, { ...input.findings, understood: [], unread: [] }, "text");
  const scenarios = wanted(input, act);
  const agent = act.promise === "held" ? "with" : "without";
  const ssh = act.ssh ? "with" : "without";
  const result = await runBoth(cli, input, { repeat: 1, scenarios, agent, ssh, radios: act.radios ?? "wires" });
  if (!result.ok) return sayLabError(cli, result.error);
  const { kernel, cured } = safely(result.value, redaction(input.config, input.files));
  const style = styleFor(cli, cli.stdout);
  const table = cured === undefined ? renderTerminal(kernel, style) : renderTerminal(cured, style, kernel);
  cli.stdout.write(`\n${table}`);
  const written = await report(cli, { input, ...result.value, scenarios, directory: join(directory, act.id) });
  if (written !== "fine") return written;
  const compared = [
    { title: act.title, rehearsal: kernel },
    ...(cured === undefined ? [] : [{ title: "… and the agent", rehearsal: cured }]),
  ];
  return {
    act,
    compared,
    broken: brokenPromises(act, { kernel, ...(cured === undefined ? {} : { cured }) }, scenarios),
  };
}

function safely({ kernel, cured }: Ran, redact: (text: string) => string): Ran {
  return {
    kernel: redactRehearsal(kernel, redact),
    ...(cured === undefined ? {} : { cured: redactRehearsal(cured, redact) }),
  };
}

function wanted(input: RehearsalInput, act: Act): readonly Scenario[] {
  const { scenarios } = pickScenarios(input, act.scenarios ?? []);
  return scenarios;
}

function heading(cli: Cli, title: string, intro: string): void {
  const style = styleFor(cli, cli.stdout);
  const faint = (text: string): string => style.paint("faint", text);
  const lines = [style.paint("strong", title), ...paragraph(intro, 0, style.columns, faint)];
  cli.stdout.write(`\n${lines.join("\n")}\n\n`);
}

function ending(
  cli: Cli,
  { directory, acts }: { readonly directory: string; readonly acts: readonly Act[] },
  broken: readonly string[],
  tookMs: number,
): void {
  const style = styleFor(cli, cli.stdout);
  cli.stdout.write(`\nReports: ${acts.map(({ id }) => `${directory}/${id}/report.html`).join("\n         ")}\n`);
  cli.stdout.write(`Took ${sayMs(Math.round(tookMs / 1000) * 1000)}.\n`);
  for (const promise of broken) cli.stdout.write(style.paint("error", `broken promise: ${promise}\n`));
}
