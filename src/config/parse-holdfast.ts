import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import { type Config, emptyConfig } from "../model/config.ts";
import { readTree } from "../syntax/yaml-tree.ts";
import { build } from "./build.ts";
import { checkBonds } from "./check-bonds.ts";
import { checkDashboard } from "./check-dashboard.ts";
import { checkNotify } from "./check-notify.ts";
import { checkTopology } from "./check-topology.ts";
import { decode } from "./decode.ts";
import type { Gathered } from "./decode-problems.ts";
import { holdfastShape } from "./holdfast-shape.ts";

/** What a holdfast.yaml says: the same shape as every dialect's answer. */
export interface ParsedHoldfast {
  readonly config: Config;
  readonly origins: Origins;
  readonly diagnostics: readonly Diagnostic[];
}

/** More than this helps nobody: one broken line can make a thousand. */
const maxDiagnostics = 100;

/** Reads a holdfast.yaml. Never throws, and answers in bounded time and memory whatever the text; every problem is a
 *  diagnostic with its place, and what could be read is in the config. Holdfast's defaults are not filled in
 *  (model/defaults.ts does it). A file may hold a topology alone. */
export function parseHoldfast(path: string, text: string): ParsedHoldfast {
  const { tree, problems, broken } = readTree(path, text);
  const isEmpty = tree === undefined || (tree.kind === "scalar" && tree.value === null);
  if (isEmpty) return nothing(problems.length > 0 ? problems : [empty(path)]);
  const gathered: Gathered = { places: new Map(), problems: [...problems] };
  const read = decode(holdfastShape, tree, gathered);
  if (read === undefined) return nothing(broken ? problems : gathered.problems);
  // Past a broken line keys seem to stand in wrong maps. Reporting them would send people to mend what is right.
  if (broken) return nothing([...problems, ...gathered.problems.filter((one) => one.code === "secret-in-clear")]);
  const { config, origins } = build(read, { ...gathered, origins: new Map() });
  if (read.bond === undefined && read.topology === undefined && gathered.problems.length === 0)
    gathered.problems.push(empty(path));
  return {
    config,
    origins,
    diagnostics: ordered([
      ...gathered.problems,
      ...checkBonds(config, origins),
      ...checkTopology(config, origins),
      ...checkNotify(config, origins),
      ...checkDashboard(config, origins),
    ]),
  };
}

function nothing(diagnostics: readonly Diagnostic[]): ParsedHoldfast {
  return { config: emptyConfig, origins: new Map(), diagnostics: ordered(diagnostics) };
}

function empty(file: string): Diagnostic {
  const hint = "Begin with bond: {ports: [eth0, wlan0], dhcp: true}, or run holdfast init.";
  return {
    code: "nothing-declared",
    severity: "error",
    message: "the file declares no bond",
    hint,
    at: { file, start: 0, end: 0 },
  };
}

function ordered(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const inOrder = [...problems].sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0));
  if (inOrder.length <= maxDiagnostics) return inOrder;
  const shown = inOrder.slice(0, maxDiagnostics);
  const last = shown.at(-1)?.at;
  const message = `${inOrder.length - maxDiagnostics} more problems are not shown`;
  const more: Diagnostic = {
    code: "too-many-problems",
    severity: "error",
    message,
    hint: "Mend these first.",
    ...(last === undefined ? {} : { at: last }),
  };
  return [...shown, more];
}
