import { availableParallelism } from "node:os";
import { agentPlan } from "../../agent/plan.ts";
import { plainStyle } from "../../diagnostic/text-style.ts";
import { runLab } from "../../lab/boot.ts";
import { chooseSsh } from "../../lab/choose-ssh.ts";
import { chooseEngineFor } from "../../lab/engines.ts";
import type { AgentJob } from "../../lab/guest/job.ts";
import type { Engine, EngineName, LabError } from "../../lab/lab.ts";
import { chooseRadioLinks, type RadioChoice, radioPackages } from "../../lab/radio-links.ts";
import { type RehearseRequest, rehearse } from "../../lab/rehearse.ts";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import { ok, type Result } from "../../model/result.ts";
import { renderProgress } from "../../report/progress.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import { allScenarios, defaultScenarios } from "../../topology/scenarios.ts";
import type { Cli } from "../command.ts";
import { type Progress, progressOn } from "../progress.ts";
import { managers, packagesWith } from "./managers.ts";
import type { RehearsalInput } from "./read-rehearsal.ts";

export interface RunOptions {
  readonly engine?: EngineName;
  readonly repeat: number;
  readonly scenarios: readonly Scenario[];
  /** How ports that join a network by radio are rehearsed: simulated where the lab can, or as plain wires. */
  readonly radios: RadioWish;
  /** with: a machine of the LAN keeps a real ssh session to the host through every fault. */
  readonly ssh: "with" | "without";
}

export const radioWishes = ["simulated", "wires"] as const;
export type RadioWish = (typeof radioWishes)[number];

/** The kernel alone, and the same with Holdfast's agent where it ran. */
export interface Ran {
  readonly kernel: Rehearsal;
  readonly cured?: Rehearsal;
}

/** Rehearses the kernel alone and, unless asked not to or without anything to watch, the same with the agent: after it, or beside it
 *  where a lab alone would leave processors idle. */
export async function runBoth(
  cli: Cli,
  input: RehearsalInput,
  { agent: wanted, ...options }: RunOptions & { readonly agent: "with" | "without" },
): Promise<Result<Ran, LabError>> {
  const engine = await chooseEngineFor(input.config, options.engine);
  if (!engine.ok) return engine;
  const progress = progressOn(cli.stderr);
  const run = (agent?: AgentJob) => runRehearsal({ cli, input, engine: engine.value, progress }, options, agent);
  try {
    const agent = wanted === "with" ? agentJobOf(input) : undefined;
    const isBeside = engine.value.clock === "virtual" && options.scenarios.length * 2 <= availableParallelism();
    const both = isBeside && agent !== undefined ? run(agent) : undefined;
    const [kernel, beside] = await Promise.all([run(), both]);
    if (!kernel.ok || agent === undefined) return kernel.ok ? ok({ kernel: kernel.value }) : kernel;
    const cured = beside ?? (await run(agent));
    return cured.ok ? ok({ kernel: kernel.value, cured: cured.value }) : cured;
  } finally {
    progress.end();
  }
}

interface Stage {
  readonly cli: Cli;
  readonly input: RehearsalInput;
  readonly engine: Engine;
  readonly progress: Progress;
}

async function runRehearsal(
  { cli, input, engine, progress }: Stage,
  options: Omit<RunOptions, "engine">,
  agent: AgentJob | undefined,
): Promise<Result<Rehearsal, LabError>> {
  // Without colours: the line is cut to the terminal's width as it stands.
  const style = plainStyle(cli.stderr.columns);
  const began = performance.now();
  const packages = packagesWith(managers[input.manager]);
  const radios =
    options.radios === "simulated"
      ? await chooseRadioLinks(engine, input.config, packages, cli.signal)
      : ({ links: "wires" } as const);
  const host = hostInLab(input, radios);
  const ssh = options.ssh === "with" ? await chooseSsh(host.packages ?? packages, cli.signal) : undefined;
  return rehearse(runLab, {
    ...host,
    radios,
    ...(ssh === undefined ? {} : { ssh, packages: ssh.packages }),
    ...(agent === undefined ? {} : { agent }),
    scenarios: options.scenarios,
    repeat: options.repeat,
    engine,
    labs: availableParallelism(),
    signal: cli.signal,
    onProgress: (now) => progress.say(renderProgress(now, performance.now() - began, style)),
  });
}

/** The host as the lab is to bring it up: its files, where its manager looks for them, and the manager. */
export function hostInLab(
  input: RehearsalInput,
  { links }: RadioChoice = { links: "wires" },
): Pick<RehearseRequest, "subject" | "config" | "files" | "modes" | "bringUp" | "packages" | "maxBonds"> {
  const manager = managers[input.manager];
  return {
    subject: input.subject,
    config: input.config,
    files: Object.fromEntries((links === "wires" ? manager.forWires?.(input.files) : undefined) ?? input.files),
    modes: Object.fromEntries([...input.secret].map((path) => [path, "0600"])),
    bringUp: manager.bringUp(input.files),
    packages: [...packagesWith(manager), ...(links === "radios" ? radioPackages(input.config) : [])],
    maxBonds: input.maxBonds,
  };
}

/** A lab has no minutes to wait for calm: there the way back is taken sooner. As long as spanning tree needs by default it still
 *  waits, and it is answers that count, not carrier. */
const labCalmMs = 10_000;

/** What the agent shall do in the lab; undefined where the configuration has nothing for it to look after. */
function agentJobOf(input: RehearsalInput): AgentJob | undefined {
  const plan = agentPlan(input.config, { calmMs: labCalmMs, longestCalmMs: labCalmMs, dwellMs: labCalmMs });
  return plan.ok ? { plan: JSON.stringify(plan.value), patienceMs: 15 * labCalmMs } : undefined;
}

/** The scenarios to run: the named ones, or the default set. Names that don't exist are returned apart. */
export function pickScenarios(
  input: RehearsalInput,
  named: readonly string[],
): { readonly scenarios: readonly Scenario[]; readonly unknown: readonly string[]; readonly all: readonly Scenario[] } {
  const all = allScenarios(input.config);
  if (named.length === 0) return { scenarios: defaultScenarios(input.config), unknown: [], all };
  const unknown = named.filter((id) => !all.some((scenario) => scenario.id === id));
  return { scenarios: all.filter(({ id }) => named.includes(id)), unknown, all };
}
