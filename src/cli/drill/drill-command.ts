import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { agentPlaces } from "../../agent/places.ts";
import type { CutKind } from "../../drill/cut.ts";
import { type Drilled, drillHost } from "../../drill/live-drill.ts";
import type { Refusal } from "../../drill/look-before.ts";
import { rehearsalOf } from "../../drill/rehearsal-of.ts";
import { type Config, emptyConfig } from "../../model/config.ts";
import { withDefaults } from "../../model/defaults.ts";
import { jsonShape } from "../../report/json.ts";
import { renderTerminal } from "../../report/terminal.ts";
import { explainConfig, readConfig } from "../agent/read-config.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { progressOn } from "../progress.ts";
import { printDocument, styleFor } from "../style.ts";
import { agentOf } from "./agent-of.ts";

export interface DrillWish {
  readonly ports: readonly string[];
  readonly uplinks: readonly string[];
  readonly kinds: readonly string[];
  readonly format: "text" | "json";
  readonly bond?: string;
  readonly peer?: string;
  readonly config?: string;
}

/** Where a reflector listens when nothing else is said. */
export const reflectPort = 7447;
const configPath = "/etc/holdfast/holdfast.yaml";
const kinds: readonly string[] = ["carrier", "silent", "uplink"];
/** An outage is watched for as long as three times the objective, and within these, ms: the host is cut off meanwhile. */
const leastLimitMs = 5_000;
const mostLimitMs = 15_000;

/** `holdfast drill`: looks, cuts, measures, restores, prints. */
export async function drillCommand(cli: Cli, wish: DrillWish): Promise<Exit> {
  const wrong = wish.kinds.find((kind) => !kinds.includes(kind));
  if (wrong !== undefined) return sayUsage(cli, `there is no kind "${wrong}"`, "Kinds are carrier, silent and uplink.");
  const declared = await declaredConfig(cli, wish);
  if (declared === undefined) return explainConfig(cli, wish.config ?? configPath);
  const config = withDefaults(declared);
  // The session may be cut off; the drill goes to its end, and its result is kept.
  process.on("SIGHUP", () => {});
  const progress = progressOn(cli.stderr);
  const agent = agentOf(agentPlaces.socket, cli.signal);
  const limitMs = Math.min(mostLimitMs, Math.max(leastLimitMs, 3 * (config.objectives?.outageMs ?? 0)));
  const peer = wish.peer === undefined ? undefined : peerOf(wish.peer);
  const result = await drillHost({
    ports: wish.ports,
    uplinks: wish.uplinks,
    kinds: wish.kinds as readonly CutKind[],
    config,
    agent,
    places: { run: "/run/holdfast", transactions: "/var/lib/holdfast/tx" },
    limitMs,
    signal: cli.signal,
    onProgress: (text) => progress.say(text),
    ...(wish.bond === undefined ? {} : { bond: wish.bond }),
    ...(peer === undefined ? {} : { peer }),
  }).finally(() => progress.end());
  if (!result.ok) return sayRefused(cli, result.error);
  return show(cli, result.value, config, wish.format);
}

function show(cli: Cli, drilled: Drilled, config: Config, format: "text" | "json"): Exit {
  const rehearsal = rehearsalOf(drilled, config, hostname());
  if (format === "json") printDocument(cli, jsonShape(rehearsal));
  else cli.stdout.write(renderTerminal(rehearsal, styleFor(cli, cli.stdout)));
  for (const trouble of drilled.unrestored) cli.stderr.write(`holdfast: NOT AS IT WAS: ${trouble}\n`);
  return rehearsal.verdict === "held" && drilled.unrestored.length === 0 ? "fine" : "findings";
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

export function sayRefused(cli: Cli, { message, hint }: Refusal): Exit {
  cli.stderr.write(`holdfast: no drill: ${message}\n  ${hint}\n`);
  return "refused";
}
