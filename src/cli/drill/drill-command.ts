import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { agentPlaces } from "../../agent/places.ts";
import type { DrillDocument } from "../../api/types.ts";
import type { CutKind } from "../../drill/cut.ts";
import { foretoldBy } from "../../drill/foretold.ts";
import { type Drilled, drillHost } from "../../drill/live-drill.ts";
import type { Refusal } from "../../drill/look-before.ts";
import { rehearsalOf } from "../../drill/rehearsal-of.ts";
import { readConfig } from "../../host/linux/read-config.ts";
import { errnoOf } from "../../host/linux/read-problem.ts";
import { withForecasts } from "../../measure/forecast.ts";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import { type Config, emptyConfig } from "../../model/config.ts";
import { withDefaults } from "../../model/defaults.ts";
import { renderBefore } from "../../report/before.ts";
import { jsonShape } from "../../report/json.ts";
import { renderTerminal } from "../../report/terminal.ts";
import { drillsDirectory, keepDrill, proofOf, readDrills, recordOf } from "../../store/drills.ts";
import { explainConfig } from "../agent/explain-config.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { sayNotWritten } from "../print-rendered.ts";
import { progressOn } from "../progress.ts";
import { lastRehearsed } from "../rehearse/kept-rehearsals.ts";
import { openReport } from "../rehearse/write-report.ts";
import { printDocument, styleFor } from "../style.ts";
import { agentOf, tellDrilled } from "./agent-of.ts";
import { writeDrillReport } from "./write-drill-report.ts";

export interface DrillWish {
  readonly ports: readonly string[];
  readonly uplinks: readonly string[];
  readonly kinds: readonly string[];
  readonly format: "text" | "json";
  readonly bond?: string;
  readonly peer?: string;
  readonly config?: string;
  readonly report?: string;
  readonly captures?: string;
}

/** Where a reflector listens when nothing else is said. */
export const reflectPort = 7447;
const configPath = "/etc/holdfast/holdfast.yaml";
const kinds: readonly string[] = ["carrier", "silent", "uplink"];
/** An outage is watched for as long as three times the objective, and within these, ms: the host is cut off meanwhile. */
const leastLimitMs = 5_000;
const mostLimitMs = 15_000;

/** `holdfast drill`: looks, cuts, measures, restores, keeps, prints. */
export async function drillCommand(cli: Cli, wish: DrillWish): Promise<Exit> {
  const wrong = wish.kinds.find((kind) => !kinds.includes(kind));
  if (wrong !== undefined) return sayUsage(cli, `there is no kind "${wrong}"`, "Kinds are carrier, silent and uplink.");
  const declared = await declaredConfig(cli, wish);
  if (declared === undefined) return explainConfig(cli, wish.config ?? configPath);
  const config = withDefaults(declared);
  for (const [flag, directory] of [
    ["--report", wish.report],
    ["--captures", wish.captures],
  ] as const) {
    const blocked = directory === undefined ? undefined : await openReport(resolve(cli.cwd, directory));
    if (blocked !== undefined) return sayNotWritten(cli, blocked, flag);
  }
  const result = await run(cli, wish, config);
  if (!result.ok) return sayRefused(cli, result.error);
  const drilled = result.value;
  const kept = lastRehearsed(cli, declared);
  const rehearsal = withForecasts(rehearsalOf(drilled, config, hostname()), foretoldBy(kept, config, drilled.watcher));
  const before = readDrills(drillsDirectory);
  // Half a drill proves nothing, either way.
  if (!drilled.isStopped) await keep(cli, drilled, rehearsal);
  show(cli, drilled, rehearsal, before, wish.format);
  if (wish.report !== undefined) {
    const root = resolve(cli.cwd, wish.report);
    const written = await writeDrillReport({ root, rehearsal, config, drilled, version: cli.version });
    if (!written.ok) return sayNotWritten(cli, written.error, "--report");
    cli.stderr.write(`report: ${wish.report.replace(/\/$/, "")}/report.html\n`);
  }
  if (drilled.isStopped)
    cli.stderr.write("holdfast: stopped: everything is put back, and this drill counts for nothing\n");
  const isProven = rehearsal.verdict === "held" && drilled.unrestored.length === 0 && !drilled.isStopped;
  return isProven ? "fine" : "findings";
}

function run(cli: Cli, wish: DrillWish, config: Config): ReturnType<typeof drillHost> {
  const progress = progressOn(cli.stderr);
  const peer = wish.peer === undefined ? undefined : peerOf(wish.peer);
  return drillHost({
    ports: wish.ports,
    uplinks: wish.uplinks,
    kinds: wish.kinds as readonly CutKind[],
    config,
    agent: agentOf(agentPlaces.socket, cli.signal),
    places: { run: "/run/holdfast", transactions: "/var/lib/holdfast/tx" },
    limitMs: Math.min(mostLimitMs, Math.max(leastLimitMs, 3 * (config.objectives?.outageMs ?? 0))),
    signal: cli.signal,
    onProgress: (text) => progress.say(text),
    ...(wish.bond === undefined ? {} : { bond: wish.bond }),
    ...(peer === undefined ? {} : { peer }),
    ...(wish.captures === undefined
      ? {}
      : { captures: { directory: resolve(cli.cwd, wish.captures), version: cli.version } }),
  }).finally(() => progress.end());
}

/** On the disk, and where an agent runs in its history. */
async function keep(cli: Cli, { watcher }: Drilled, rehearsal: Rehearsal): Promise<void> {
  const proof = proofOf([recordOf(rehearsal, Date.now())]);
  if (watcher === "agent" && proof !== undefined) await tellDrilled(agentPlaces.socket, proof);
  try {
    keepDrill(drillsDirectory, rehearsal, Date.now());
  } catch (problem) {
    cli.stderr.write(`holdfast: this drill could not be kept in ${drillsDirectory}: ${errnoOf(problem)}\n`);
  }
}

function show(
  cli: Cli,
  drilled: Drilled,
  rehearsal: Rehearsal,
  before: ReturnType<typeof readDrills>,
  format: "text" | "json",
): void {
  if (format === "json") {
    const document: DrillDocument = { ...jsonShape(rehearsal), captures: drilled.captures, before };
    printDocument(cli, document);
  } else {
    const style = styleFor(cli, cli.stdout);
    cli.stdout.write(renderTerminal(rehearsal, style) + renderBefore(rehearsal, before, style, Date.now()));
    const { name, active } = drilled.found.bond;
    if (drilled.unrestored.length === 0) {
      cli.stdout.write(`\nEverything is as it was: ${name} sends through ${active}.\n`);
    }
  }
  for (const trouble of drilled.unrestored) cli.stderr.write(`holdfast: NOT AS IT WAS: ${trouble}\n`);
}

/** "backup.lan", "192.168.1.20:7447", "[fd00::20]:7447". */
export function peerOf(text: string): { readonly host: string; readonly port: number } {
  const found = /^\[(.+)\](?::(\d{1,5}))?$/.exec(text) ?? /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  return { host: found?.[1] ?? text, port: Number(found?.[2] ?? reflectPort) };
}

/** The declared configuration; nothing declared where there is no file; undefined: it can't be used. */
async function declaredConfig(cli: Cli, wish: DrillWish): Promise<Config | undefined> {
  const path = resolve(cli.cwd, wish.config ?? configPath);
  if (wish.config === undefined && !existsSync(path)) return emptyConfig;
  const read = await readConfig(path);
  return read.ok ? read.value : undefined;
}

function sayRefused(cli: Cli, { message, hint }: Refusal): Exit {
  cli.stderr.write(`holdfast: no drill: ${message}\n  ${hint}\n`);
  return "refused";
}
