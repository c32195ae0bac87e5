import { monotonicNs } from "../../host/linux/libc.ts";
import type { BondSeen } from "../../measure/rehearsal.ts";
import type { Sight } from "../../measure/sight.ts";
import type { Trace } from "../../measure/trace.ts";
import type { FlowSpec } from "../../topology/lab-plan.ts";
import type { AgentProcess } from "./agent-process.ts";
import { putActivePort, readActivePort, readUpdelayMs, returnsToPrimary } from "./bond-state.ts";
import { type Direction, type FlowSockets, newDirections, toFlowTrace } from "./flows.ts";
import type { Drill } from "./job.ts";
import { hasJoined } from "./joined.ts";
import type { KernelLog } from "./kernel-log.ts";
import type { Operator } from "./operate.ts";
import { type Timing, timings } from "./pace.ts";
import { type TimedSight, takeSight } from "./sights.ts";
import { closeSsh, isSshAlive, openSsh, toSshTrace } from "./ssh-session.ts";
import { closeSession, isAlive, isEstablished, openSession, type TcpSession, toTcpTrace } from "./tcp-session.ts";
import { endWatch, isCalm, runUntil, schedule, soonNs, startWatch, type Watch, type WatchSettings } from "./watch.ts";

/** What stands while drills come and go. */
export interface Lab {
  readonly operator: Operator;
  readonly log: KernelLog;
  readonly clock: "virtual" | "real";
  /** Its virtual clock goes on while something is computed. */
  readonly isCounted: boolean;
  readonly sockets: readonly FlowSockets[];
  /** The bond drills are about, as it was once the network had calmed down; undefined: the host has none. */
  readonly bond: BondSeen | undefined;
  /** The host's radios that had joined their networks before the drills: they must have again after each. */
  readonly radios: readonly string[];
  /** Holdfast's own, where it runs; another one for each drill. */
  agent: AgentProcess | undefined;
  /** The flow whose peer keeps an ssh session during drills; undefined: none. */
  readonly ssh: FlowSpec | undefined;
  /** Counts watches, so that their packets differ. */
  watches: number;
}

const MS = 1_000_000n;
/** Faults are placed on this grid plus the drill's phase, whatever happened before. */
const GRID_MS = 100;

/** Waits until every flow has been healthy for a while. False: it didn't happen within `limitMs`. */
export function waitForCalm(lab: Lab, limitMs: number): boolean {
  const directions = newDirections(lab.sockets, () => true);
  const watch = newWatch(lab, { directions, sessions: [], ssh: undefined, startNs: soonNs() });
  return runUntil(watch, watch.startNs + BigInt(limitMs) * MS, () => isCalm(watch, watch.directions) && isWhole(lab));
}

/** Runs one drill: a healthy lead, the fault, the watch, the mending, the watch, and back to where it began. */
export function runDrill(lab: Lab, drill: Drill, calmBefore: boolean): Trace {
  const { scenario } = drill;
  const isPromised = (flow: string): boolean => scenario.expected[flow] !== "no-path";
  const directions = newDirections(lab.sockets, isPromised);
  const { network } = lab.operator;
  const sessions = network.plan.flows.flatMap((spec, index) =>
    spec.tcp ? [openSession(network, spec, index, isPromised(spec.id))] : [],
  );
  const ssh = lab.ssh === undefined ? undefined : openSsh(network, lab.ssh);
  const look = (when: TimedSight["when"]) => sightsOf(lab, drill, when);
  const before = look("before");
  const { leadNs } = timings[lab.clock];
  const faultNs = faultMoment(soonNs() + leadNs, drill);
  // Counted back from the fault, so that every repeat sends the same packets before it.
  const watch = newWatch(lab, { directions, sessions, ssh, startNs: (faultNs / MS) * MS - leadNs });
  runUntil(watch, faultNs, () => false);
  const wereHealthy = new Set(directions.filter((direction) => isHealthy(direction)));
  watchFault(watch, { drill, faultNs, wereHealthy });
  const lookedNs = monotonicNs();
  const during = look("during");
  const backNs = monotonicNs();
  const mendNs = watch.nowNs;
  watchMending(lab, watch, { drill, mendNs, wereHealthy });
  endWatch(watch);
  const trace = record(watch, drill, { faultNs, mendNs });
  const sights = [...before, ...during, ...look("after")].map((each) => sightFrom(each, watch.startNs));
  for (const session of sessions) closeSession(session);
  if (ssh !== undefined) closeSsh(ssh);
  const said = lab.agent?.eventsSince(watch.startNs);
  const agent = said?.map(({ atNs, text }) => ({ atMs: Number(atNs - watch.startNs) / 1e6, text }));
  return {
    ...trace,
    ...(agent === undefined ? {} : { agent }),
    ...(ssh === undefined ? {} : { ssh: toSshTrace(ssh, watch.startNs) }),
    ...(sights.length === 0 ? {} : { sights }),
    // Where processor time is counted, looking took a tenth of a second in which nobody's heart beat.
    ...(during.length === 0 || !lab.isCounted ? {} : { pauses: [pause(watch, lookedNs, backNs)] }),
    calmBefore: calmBefore && wereHealthy.size === directions.length,
    settled: goHome(lab),
  };
}

function pause({ startNs }: Watch, fromNs: bigint, toNs: bigint): NonNullable<Trace["pauses"]>[number] {
  return { fromMs: Number(fromNs - startNs) / 1e6, toMs: Number(toNs - startNs) / 1e6 };
}

/** Only where they are told of: each costs a handful of processes. */
function sightsOf(lab: Lab, { repeat }: Drill, when: TimedSight["when"]): readonly TimedSight[] {
  if (repeat > 0) return [];
  const sight = takeSight(lab.operator.network, lab.bond, { when, atNs: monotonicNs() });
  return sight === undefined ? [] : [sight];
}

function sightFrom({ atNs, ...sight }: TimedSight, startNs: bigint): Sight {
  return { ...sight, atMs: Number(atNs - startNs) / 1e6 };
}

interface Phase {
  readonly drill: Drill;
  readonly wereHealthy: ReadonlySet<Direction>;
}

function watchFault(watch: Watch, phase: Phase & { readonly faultNs: bigint }): void {
  const { drill, faultNs, wereHealthy } = phase;
  const { scenario } = drill;
  const timing = watch.timing;
  schedule(watch, scenario.inject, faultNs);
  const lastNs = faultNs + lastMoment(scenario.inject);
  watch.awaited = watch.directions.filter((direction) => direction.promised && wereHealthy.has(direction));
  // Random loss never calms down, and neither does a network that was ill before: those are sampled.
  const leastNs = scenario.lastsMs === undefined ? timing.leastNs : BigInt(scenario.lastsMs) * MS;
  const sample = scenario.kind === "loss" ? timing.lossNs : leastNs + timing.leastNs;
  if (scenario.kind === "loss" || watch.awaited.length === 0) {
    runUntil(watch, lastNs + sample, () => false);
    return;
  }
  const limitNs = drill.limitMs === undefined ? timing.limitNs : BigInt(drill.limitMs) * MS;
  const hasRecovered = (): boolean =>
    watch.nowNs - lastNs >= leastNs && isCalm(watch, watch.awaited) && isSteady(watch);
  // One interval more, so that "watched for 60 s" is not a packet short of it.
  const recovered = runUntil(watch, lastNs + limitNs + timing.sparsestNs, hasRecovered);
  const promised = watch.sessions.filter((session) => session.promised);
  if (recovered) runUntil(watch, watch.nowNs + timing.tcpExtraNs, () => areAlive(watch, promised));
}

function watchMending(lab: Lab, watch: Watch, phase: Phase & { readonly mendNs: bigint }): void {
  const { drill, mendNs, wereHealthy } = phase;
  const timing = watch.timing;
  schedule(watch, drill.scenario.mend, mendNs);
  const lastNs = mendNs + lastMoment(drill.scenario.mend);
  watch.awaited = watch.directions.filter((direction) => wereHealthy.has(direction));
  const { bond } = lab;
  const updelayMs = bond === undefined ? 0 : readUpdelayMs(bond.name);
  const patience = updelayMs + (drill.scenario.settleMs ?? 0) + (lab.agent?.patienceMs ?? 0);
  const hasRecovered = (): boolean =>
    watch.nowNs - lastNs >= timing.leastNs && isCalm(watch, watch.awaited) && isWhole(lab) && isSteady(watch);
  const recovered = runUntil(watch, lastNs + timing.limitNs + BigInt(patience) * MS, hasRecovered);
  if (recovered) runUntil(watch, watch.nowNs + timing.tcpExtraNs, () => areAlive(watch, watch.sessions));
}

/** Is everything of the host's as it was before the drills? */
function isWhole(lab: Lab): boolean {
  return isHome(lab) && lab.radios.every(hasJoined);
}

/** Is the bond back on the port it started with, or none that comes back by itself? */
function isHome(lab: Lab): boolean {
  const { bond } = lab;
  // The agent takes the kernel's place in coming back, and clears its primary for it.
  return (
    bond === undefined ||
    !(lab.agent !== undefined || returnsToPrimary(bond)) ||
    readActivePort(bond.name) === bond.activePort
  );
}

/** Has the kernel kept its choice for as long as calm takes? */
function isSteady(watch: Watch): boolean {
  const last = watch.active.at(-1);
  return last === undefined || watch.nowNs - last.atNs >= watch.timing.calmNs;
}

/** Has every session that stood before said something lately, or broken for good? */
function areAlive(watch: Watch, sessions: readonly TcpSession[]): boolean {
  const recently = 5n * watch.timing.beatNs + 2n * watch.timing.sparsestNs;
  if (watch.ssh !== undefined && !isSshAlive(watch.ssh, watch.nowNs, recently)) return false;
  return sessions.every(
    (session) => !isEstablished(session) || session.brokeAtNs !== undefined || isAlive(session, watch.nowNs, recently),
  );
}

/** A bond that doesn't come back by itself is put back, so that the next drill starts where this one did. */
function goHome(lab: Lab): boolean {
  const { bond } = lab;
  if (bond !== undefined && bond.activePort !== "" && readActivePort(bond.name) !== bond.activePort) {
    putActivePort(bond.name, bond.activePort);
    if (readActivePort(bond.name) !== bond.activePort) return false;
  }
  return lab.radios.every(hasJoined);
}

function newWatch(lab: Lab, settings: Pick<WatchSettings, "directions" | "sessions" | "ssh" | "startNs">): Watch {
  lab.watches += 1;
  const { operator, log, clock, bond, isCounted } = lab;
  const timing: Timing = timings[clock];
  const activePort = bond === undefined ? "" : readActivePort(bond.name);
  const bonds = bond === undefined ? [] : [bond.name];
  return startWatch({
    operator,
    log,
    timing,
    leaps: clock === "virtual" && !isCounted,
    number: lab.watches,
    bonds,
    activePort,
    ...settings,
  });
}

function faultMoment(earliest: bigint, { phaseMs, periodMs = GRID_MS }: Drill): bigint {
  const gridNs = BigInt(Math.round(periodMs * 1e6));
  const onGrid = (earliest / gridNs + 1n) * gridNs;
  return onGrid + BigInt(Math.round(phaseMs * 1e6));
}

function lastMoment(operations: readonly { readonly atMs: number }[]): bigint {
  return BigInt(Math.round(Math.max(0, ...operations.map(({ atMs }) => atMs)) * 1e6));
}

/** Before the fault the lead is as long as calm takes, so a single loss in it is enough to call a flow ill. */
function isHealthy(direction: Direction): boolean {
  return direction.checked > 0 && direction.lastBadNs === undefined;
}

function record(watch: Watch, drill: Drill, moments: { readonly faultNs: bigint; readonly mendNs: bigint }): Trace {
  const ms = (at: bigint): number => Number(at - watch.startNs) / 1e6;
  const mended = watch.done.filter(({ atNs }) => atNs >= moments.mendNs);
  const lastMended = mended.at(-1)?.atNs ?? moments.mendNs;
  return {
    scenario: drill.scenario.id,
    repeat: drill.repeat,
    flows: watch.directions.map((direction) => toFlowTrace(direction, watch.startNs)),
    tcp: watch.sessions.map((session) => toTcpTrace(session, watch.startNs)),
    faultAtMs: ms(watch.done.find(({ atNs }) => atNs < moments.mendNs)?.atNs ?? moments.faultNs),
    mendFromMs: ms(mended[0]?.atNs ?? moments.mendNs),
    mendedAtMs: ms(lastMended),
    endAtMs: ms(watch.nowNs),
    operations: watch.done.map(({ atNs, text }) => ({ atMs: ms(atNs), text })),
    kernel: watch.kernel.map(({ atNs, text }) => ({ atMs: ms(atNs), text })),
    activePort: watch.active.map(({ atNs, port }) => ({ atMs: ms(atNs), port })),
  };
}
