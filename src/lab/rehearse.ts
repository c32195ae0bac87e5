import { judgeScenario } from "../measure/judge.ts";
import { notJoined, radiosSeen, sharedAir } from "../measure/radios-seen.ts";
import type { RadioSeen, Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import type { Trace } from "../measure/trace.ts";
import type { Config } from "../model/config.ts";
import { defaultObjectives } from "../model/defaults.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { compilePlan } from "../topology/compile-plan.ts";
import type { LabPlan, Scenario } from "../topology/lab-plan.ts";
import { meantBonds } from "../topology/meant-bonds.ts";
import { radioKeys } from "../topology/radios.ts";
import type { SshChoice } from "./choose-ssh.ts";
import type { AgentJob, BringUp, BroughtUp, Drill } from "./guest/job.ts";
import { kernelPeriodMs, phaseFor } from "./guest/phase.ts";
import type { Engine, LabError, RunLab } from "./lab.ts";
import type { RadioChoice } from "./radio-links.ts";
import { type Drilled, type DrillRequest, runDrills } from "./run-drills.ts";
import { splitWork } from "./split-work.ts";

/** What is to be proven: a host's own files on a topology, against a list of faults. */
export interface RehearseRequest {
  /** What the user named, for the report. */
  readonly subject: string;
  /** The network around the host, with the objectives. */
  readonly config: Config;
  /** Written into the guest: absolute path → text, and permissions (octal) where not 0644. */
  readonly files: Readonly<Record<string, string>>;
  readonly modes?: Readonly<Record<string, string>>;
  readonly bringUp: BringUp;
  /** Holdfast's agent on the host, going by a plan; absent: the kernel alone. */
  readonly agent?: AgentJob;
  readonly scenarios: readonly Scenario[];
  /** How often each scenario runs, its fault at another moment each time. */
  readonly repeat: number;
  readonly engine: Engine;
  readonly maxBonds: number;
  /** What `chooseRadioLinks` found. Absent: plain wires, as wished. */
  readonly radios?: RadioChoice;
  /** Whether a machine of the LAN keeps an ssh session to the host through every fault, where one was asked for. */
  readonly ssh?: Pick<SshChoice, "ssh" | "why">;
  /** Debian packages the host's manager needs; absent: as in BootOptions. */
  readonly packages?: readonly string[];
  /** Labs side by side; in real time one, so that none disturbs another. */
  readonly labs: number;
  /** How long an outage is watched before it counts as never ending, ms. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (progress: RehearseProgress) => void;
}

export type RehearseProgress =
  | { readonly phase: "boot"; readonly engine: string; readonly labs: number }
  | { readonly phase: "bring-up"; readonly manager: string }
  | { readonly phase: "drill"; readonly fault: string; readonly done: number; readonly total: number };

/** Real time one lab may take: boot and bring-up, and so much for each drill (a minute of outage takes a few seconds). */
const LAB_BASE_MS = 120_000;
const DRILL_MS = 60_000;
/** So many times that where every instruction is counted. */
const COUNTED = 6;

/** Boots as many labs as asked for, works through all drills, and judges what was measured. */
export async function rehearse(runLab: RunLab, request: RehearseRequest): Promise<Result<Rehearsal, LabError>> {
  const began = performance.now();
  const drills = drillsOf(request);
  const shares = splitWork(drills, request.engine.clock === "real" ? 1 : request.labs);
  request.onProgress({ phase: "boot", engine: request.engine.name, labs: shares.length });
  // One lab that fails ends the others: half a rehearsal proves nothing.
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  const listener = listen(request, drills.length);
  const results = await Promise.all(
    shares.map(async (share) => {
      const result = await runDrills(runLab, drillRequest(request, share, { ...listener, signal }));
      if (!result.ok) stop.abort();
      return result;
    }),
  );
  const first =
    results.find((result) => !result.ok && result.error.code !== "aborted") ?? results.find(({ ok }) => !ok);
  if (first !== undefined && !first.ok) return failed(first.error);
  const drilled = results.flatMap((result) => (result.ok ? [result.value] : []));
  return ok(assemble(request, drilled, performance.now() - began));
}

function drillsOf(request: RehearseRequest): readonly Drill[] {
  const periodMs = monitorPeriod(request.config);
  return request.scenarios
    .filter((scenario) => canHappen(request, scenario))
    .flatMap((scenario) =>
      Array.from({ length: request.repeat }, (_, repeat) => ({
        scenario,
        repeat,
        phaseMs: phaseFor(scenario.id, repeat, periodMs),
        periodMs,
        ...(request.limitMs === undefined ? {} : { limitMs: request.limitMs }),
      })),
    );
}

/** The kernel looks at the links this often: repeats are spread over it. */
function monitorPeriod(config: Config): number {
  const options = config.bonds[0]?.options;
  return kernelPeriodMs(options?.miimon || options?.arp_interval || 100);
}

function listen(request: RehearseRequest, total: number): Pick<DrillRequest, "onTrace" | "onUp"> {
  let done = 0;
  const faults = new Map(request.scenarios.map((scenario) => [scenario.id, scenario.fault]));
  return {
    onUp: () => request.onProgress({ phase: "bring-up", manager: request.bringUp.manager }),
    onTrace: (trace) => {
      done += 1;
      request.onProgress({ phase: "drill", fault: faults.get(trace.scenario) ?? "", done, total });
    },
  };
}

function drillRequest(
  request: RehearseRequest,
  drills: readonly Drill[],
  listener: Pick<DrillRequest, "onTrace" | "onUp"> & { readonly signal: AbortSignal },
): DrillRequest {
  const { signal, onTrace, onUp } = listener;
  return {
    job: {
      plan: planOf(request),
      ...(request.radios?.links === "radios" ? { radioKeys: radioKeys(request.config) } : {}),
      clock: request.engine.clock,
      ...(request.engine.name === "qemu" ? { isCounted: true } : {}),
      files: request.files,
      ...(request.modes === undefined ? {} : { modes: request.modes }),
      bringUp: request.bringUp,
      ...(request.agent === undefined ? {} : { agent: request.agent }),
      ...(request.ssh?.ssh === undefined ? {} : { ssh: true }),
    },
    drills,
    boot: {
      engine: request.engine,
      maxBonds: request.maxBonds,
      ...(request.packages === undefined ? {} : { packages: request.packages }),
      timeoutMs: (LAB_BASE_MS + drills.length * DRILL_MS) * (request.engine.name === "qemu" ? COUNTED : 1),
      signal,
    },
    onTrace,
    onUp,
  };
}

function assemble(request: RehearseRequest, drilled: readonly Drilled[], tookMs: number): Rehearsal {
  const traces = drilled.flatMap((share) => share.traces);
  const objectives = request.config.objectives ?? defaultObjectives;
  const up = drilled[0]?.up ?? nothingUp(request.bringUp.manager);
  const plan = planOf(request);
  const radios = radiosSeen(plan, up);
  const context = {
    clock: request.engine.clock,
    objectives,
    up,
    meant: meantBonds(request.config),
    air: sharedAir(plan),
  };
  const scenarios = request.scenarios.flatMap((scenario): readonly ScenarioResult[] => {
    const mine = traces
      .filter((trace: Trace) => trace.scenario === scenario.id)
      .toSorted((a, b) => a.repeat - b.repeat);
    return mine.length === 0 ? [] : [judgeScenario(scenario, mine, context)];
  });
  return {
    subject: request.subject,
    engine: request.engine.name,
    kernel: request.engine.kernel,
    clock: request.engine.clock,
    objectives,
    ...(request.agent === undefined ? {} : { agent: true }),
    bringUp: {
      manager: up.manager,
      exit: up.exit,
      output: up.output,
      ...(up.hung === undefined ? {} : { hung: up.hung }),
      bonds: up.bonds,
    },
    ...(radios.length === 0 ? {} : { radios }),
    scenarios,
    notes: notesOf(request, radios),
    verdict: scenarios.every(({ verdict }) => verdict === "held") ? "held" : "missed",
    tookMs,
  };
}

function planOf({ config, radios }: RehearseRequest): LabPlan {
  return compilePlan(config, radios?.links);
}

function notesOf(request: RehearseRequest, radios: readonly RadioSeen[]): readonly string[] {
  const plan = planOf(request);
  const missing = request.scenarios.filter((scenario) => !canHappen(request, scenario)).map(({ id }) => id);
  const left = radios.filter(({ joined }) => !joined);
  return [
    ...(plan.notes ?? []),
    ...(request.radios?.why === undefined ? [] : [`radio links are plain wires: ${request.radios.why}`]),
    ...(request.ssh?.why === undefined ? [] : [`no ssh session was kept: ${request.ssh.why}`]),
    ...left.map((radio) => notJoined(radio, request.config)),
    ...(missing.length === 0 ? [] : [`left out, since it takes a radio: ${missing.join(", ")}`]),
  ];
}

/** What happens to radios alone can't happen to plain wires. */
function canHappen({ radios }: RehearseRequest, scenario: Scenario): boolean {
  return radios?.links === "radios" || scenario.needsRadio !== true;
}

function nothingUp(manager: string): BroughtUp {
  return { manager, exit: 0, output: "", bonds: [], addresses: [], routes: [] };
}
