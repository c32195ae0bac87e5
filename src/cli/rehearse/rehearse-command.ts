import { resolve } from "node:path";
import type { EngineName, LabError } from "../../lab/lab.ts";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import { jsonShape } from "../../report/json.ts";
import { redactRehearsal } from "../../report/redact-rehearsal.ts";
import { redaction } from "../../report/redaction.ts";
import { renderTerminal } from "../../report/terminal.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import type { Cli } from "../command.ts";
import { sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { sayDiagnostics, sayNotWritten } from "../print-rendered.ts";
import { printReport } from "../print-report.ts";
import { printDocument, styleFor } from "../style.ts";
import { keepRehearsed } from "./kept-rehearsals.ts";
import type { ManagerName } from "./managers.ts";
import { type RehearsalInput, readRehearsal } from "./read-rehearsal.ts";
import { pickScenarios, type RadioWish, type Ran, runBoth } from "./run-rehearsal.ts";
import { openReport, writeReport } from "./write-report.ts";

export interface RehearseWish {
  readonly path: string;
  readonly scenarios: readonly string[];
  readonly listOnly: "list" | "run";
  readonly repeat: number;
  readonly format: "text" | "json";
  /** without: the kernel alone. with: the kernel alone, and then Holdfast's agent on it. */
  readonly agent: "with" | "without";
  readonly radios: RadioWish;
  readonly ssh: "with" | "without";
  readonly engine?: EngineName;
  readonly dialect?: string;
  readonly topology?: string;
  readonly report?: string;
  readonly maxBonds?: number;
  readonly manager?: ManagerName;
}

/** `holdfast rehearse`: reads, runs, prints, writes the report. */
export async function rehearseCommand(cli: Cli, wish: RehearseWish): Promise<Exit> {
  const reading = await readRehearsal({ ...wish, cwd: cli.cwd });
  if ("refused" in reading) {
    await printReport(cli, { ...reading.refused, understood: [], unread: [wish.path] }, wish.format);
    return "usage";
  }
  const { input } = reading;
  const { scenarios, unknown, all } = pickScenarios(input, wish.scenarios);
  if (unknown.length > 0) return sayUnknown(cli, unknown, all);
  if (wish.listOnly === "list") return list(cli, input, all, wish.format);
  if (wish.repeat < 1 || wish.repeat > 1000) return sayUsage(cli, "--repeat takes 1 to 1000", "Try --repeat 20.");
  const blocked = wish.report === undefined ? undefined : await openReport(resolve(cli.cwd, wish.report));
  if (blocked !== undefined) return sayNotWritten(cli, blocked, "--report");
  if (wish.format === "text") await sayDiagnostics(cli, input.grave, input.findings.files);
  const result = await runBoth(cli, input, { ...wish, scenarios });
  if (!result.ok) {
    // It may name a command of the user's own files.
    const message = redaction(input.config, input.files)(result.error.message);
    return sayLabError(cli, { ...result.error, message });
  }
  const ran = result.value;
  keepRehearsed(cli, input.config, ran);
  print(cli, input, ran, wish.format);
  if (wish.report !== undefined) {
    const written = await report(cli, { input, ...ran, scenarios, directory: wish.report });
    if (written !== "fine") return written;
  }
  return (ran.cured ?? ran.kernel).verdict === "held" ? "fine" : "findings";
}

function print(cli: Cli, input: RehearsalInput, { kernel, cured }: Ran, format: "text" | "json"): void {
  const safe = (rehearsal: Rehearsal): Rehearsal => redactRehearsal(rehearsal, redaction(input.config, input.files));
  if (format === "json") {
    const beside = cured === undefined ? {} : { withAgent: jsonShape(safe(cured)) };
    printDocument(cli, { ...jsonShape(safe(kernel)), ...beside });
    return;
  }
  const style = styleFor(cli, cli.stdout);
  if (cured === undefined) cli.stdout.write(renderTerminal(safe(kernel), style));
  else cli.stdout.write(renderTerminal(safe(cured), style, safe(kernel)));
}

/** Writes the report files and says where. */
export async function report(
  cli: Cli,
  what: {
    readonly input: RehearsalInput;
    readonly kernel: Rehearsal;
    readonly cured?: Rehearsal;
    readonly scenarios: readonly Scenario[];
    readonly directory: string;
  },
): Promise<Exit> {
  const { input, kernel, cured, scenarios, directory } = what;
  const shown = cured === undefined ? { rehearsal: kernel } : { rehearsal: cured, alone: kernel };
  const root = resolve(cli.cwd, directory);
  const madeAt = `${new Date().toISOString().slice(0, 19)}Z`;
  const written = await writeReport({ root, input, ...shown, scenarios, version: cli.version, madeAt });
  if (!written.ok) return sayNotWritten(cli, written.error, "--report");
  cli.stderr.write(`report: ${directory.replace(/\/$/, "")}/report.html\n`);
  return "fine";
}

function list(cli: Cli, input: RehearsalInput, all: readonly Scenario[], format: "text" | "json"): Exit {
  if (format === "json") {
    printDocument(cli, { scenarios: all.map(({ id, kind, fault, expected }) => ({ id, kind, fault, expected })) });
    return "fine";
  }
  const width = Math.max(...all.map(({ id }) => id.length));
  const byDefault = new Set(pickScenarios(input, []).scenarios.map(({ id }) => id));
  for (const { id, fault } of all) {
    cli.stdout.write(`${byDefault.has(id) ? "●" : " "} ${id.padEnd(width)}  ${fault}\n`);
  }
  cli.stdout.write("\n● runs by default; name others with --scenario ID.\n");
  return "fine";
}

function sayUnknown(cli: Cli, unknown: readonly string[], all: readonly Scenario[]): Exit {
  const names = all.map(({ id }) => id).join(", ");
  return sayUsage(cli, `no scenario is called ${unknown.join(" or ")}`, `Here they are: ${names}.`);
}

/** Says why there is no result. Stopped on request is no error of anybody's. */
export function sayLabError(cli: Cli, error: LabError): Exit {
  const log = error.log === undefined ? "" : `\n  The guest's log: ${error.log}`;
  cli.stderr.write(`holdfast: ${error.message}\n  ${error.hint}${log}\n`);
  return error.code === "aborted" ? "findings" : "usage";
}
