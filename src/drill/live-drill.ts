import { join } from "node:path";
import { drillsName, lockDirectory } from "../host/linux/file-lock.ts";
import { openLinuxHost } from "../host/linux/host.ts";
import { monotonicMs } from "../host/linux/libc.ts";
import { makeDirectory } from "../host/linux/make-directory.ts";
import { readBonds } from "../host/linux/read-bonds.ts";
import type { Host } from "../host/ports.ts";
import type { Trace } from "../measure/trace.ts";
import type { Config } from "../model/config.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { StatusDocument } from "../report/status-input.ts";
import type { Scenario } from "../topology/lab-plan.ts";
import { watchBond } from "./bond-watch.ts";
import { type Captures, type Moment, startCaptures } from "./captures.ts";
import type { Cut } from "./cut.ts";
import { armDeadMan, type DeadMan } from "./dead-man.ts";
import { type Found, lookBefore, type Refusal } from "./look-before.ts";
import { type Meter, startMeter } from "./meter.ts";
import { gatewayFlow, type OpenFlows, openFlows } from "./open-flows.ts";
import { type CutWish, isReachable, planCuts, scenarioOf } from "./plan-cuts.ts";
import { provePorts } from "./prove-ports.ts";
import { type Around, type CutRecord, runCut, sayCommands } from "./run-cut.ts";
import { graceMs, isHealthy } from "./stream.ts";
import { type ToldOfDrills, withAgentTold } from "./tell-agent.ts";
import { traceOf } from "./trace-of.ts";

/** The agent of this host, where one runs. */
export interface AgentPort extends ToldOfDrills {
  /** undefined: none answers. */
  status(): Promise<StatusDocument | undefined>;
  /** Has it go back to the first port now. False: it could not be asked. */
  goBack(): Promise<boolean>;
}

export interface DrillOptions extends CutWish {
  readonly bond?: string;
  readonly peer?: { readonly host: string; readonly port: number };
  /** What is declared of the host. Absent: nothing, the kernel alone is asked. */
  readonly config?: Config;
  readonly agent: AgentPort;
  readonly places: { readonly run: string; readonly transactions: string };
  /** How long an outage is watched before the cut is ended, ms. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  /** Where each port's packets are kept, as pcapng; absent: nowhere. */
  readonly captures?: { readonly directory: string; readonly version: string };
}

/** What a drill brought home. */
export interface Drilled {
  readonly found: Found;
  readonly watcher: "agent" | "kernel";
  readonly scenarios: readonly Scenario[];
  /** One for each scenario, in the same order. */
  readonly traces: readonly Trace[];
  readonly records: readonly CutRecord[];
  readonly active: readonly { readonly atMs: number; readonly port: string }[];
  readonly notes: readonly string[];
  /** Names of files in the directory of captures. */
  readonly captures: readonly string[];
  readonly tookMs: number;
  /** Something is not as it was. Loudest of all. */
  readonly unrestored: readonly string[];
  /** Somebody stopped it before its last cut was over: it proves nothing. */
  readonly isStopped: boolean;
}

/** Flows are looked at for so long before anything is cut, ms. */
const BASELINE_MS = 1_500;
/** What a flow must hold before a cut, and how long that is waited for, ms. */
const CALM_MS = 500;
const CALM_LIMIT_MS = 30_000;

/** Drills this host: looks whether it may, measures, cuts one thing after the other, and leaves everything as it was. */
export async function drillHost(options: DrillOptions): Promise<Result<Drilled, Refusal>> {
  // Whoever has it while a change begins finds the change, or the change finds the drill.
  const locked = await lockDrill(options.places.run);
  if (!locked.ok) return locked;
  const opened = openLinuxHost();
  try {
    if (opened.ok) return await drillWith(opened.value, options);
    return failed({
      message: `the network can't be looked at: ${opened.error.message}`,
      hint: "Run the drill as root.",
    });
  } finally {
    if (opened.ok) opened.value.close();
    locked.value();
  }
}

async function drillWith(host: Host, options: DrillOptions): Promise<Result<Drilled, Refusal>> {
  const { places, agent, bond, onProgress } = options;
  const began = monotonicMs();
  const status = await agent.status();
  const looked = await lookBefore({ host, bond, agent: status, transactions: places.transactions });
  if (!looked.ok) return looked;
  const found = looked.value;
  const watcher = status?.source === "agent" && status.bond?.name === found.bond.name ? "agent" : "kernel";
  const plan = await planCuts(found, options.config, options, watcher);
  if (plan.unknown.length > 0) return failed(unknownNames(plan.unknown, found, options.config));
  if (plan.cuts.length === 0) return failed(nothingToCut(plan.notes));
  onProgress("asking through every port whether it works");
  const prove = (): ReturnType<typeof provePorts> => provePorts(host, found, options.config?.uplinks ?? []);
  // An agent has asked all along, and what it found wrong was a refusal above.
  const proven = watcher === "agent" ? ok([]) : await prove();
  if (!proven.ok) return proven;
  const opened = await openFlows(found, {
    targets: options.config?.targets ?? [],
    ...(options.peer === undefined ? {} : { peer: options.peer }),
  });
  if (!opened.ok) return opened;
  const flows = opened.value;
  const armed = await armDeadMan({
    directory: join(places.run, "drill", "cut"),
    limitSeconds: Math.ceil(options.limitMs / 1000) + 15,
  });
  if (armed.ok) {
    const notes = [...proven.value, ...plan.notes];
    const deadMan = armed.value;
    return withFlows({ options, found, watcher, flows, deadMan, plan: { ...plan, notes }, prove, began });
  }
  flows.close();
  return failed({ message: `nobody could put things back: ${armed.error}`, hint: "Nothing was cut." });
}

function nothingToCut(notes: readonly string[]): Refusal {
  return { message: "there is nothing to cut here", hint: notes.join("; ") || "Name a port with --port." };
}

interface Running {
  readonly options: DrillOptions;
  readonly found: Found;
  readonly watcher: "agent" | "kernel";
  readonly flows: OpenFlows;
  readonly deadMan: DeadMan;
  readonly plan: Awaited<ReturnType<typeof planCuts>>;
  /** Asks through each port once more. */
  readonly prove: () => ReturnType<typeof provePorts>;
  readonly began: number;
}

async function withFlows(running: Running): Promise<Result<Drilled, Refusal>> {
  const { options, found, flows, deadMan, plan } = running;
  const watch = watchBond(found.bond.name);
  const meter = startMeter(
    () => flows.flows(),
    (now) => {
      watch.look();
      flows.stock(now);
    },
  );
  const records: CutRecord[] = [];
  const notes = [...plan.notes];
  try {
    options.onProgress("looking at the flows before anything is cut");
    await meter.until(() => options.signal.aborted, monotonicMs() + BASELINE_MS);
    const left = flows.keepHealthy();
    notes.push(...left.notes);
    if (left.kept === 0) {
      return failed({
        message: `nothing answers over ${found.bond.name}, so no outage could be measured`,
        hint: "Start holdfast reflect on a machine beyond the ports and name it with --peer.",
      });
    }
    const captures = await beginCaptures(running);
    if (typeof captures === "string") notes.push(captures);
    const going = { meter, watch, records, notes };
    const drill = (): ReturnType<typeof cutAndFetch> => cutAndFetch(running, going, captures);
    if (running.watcher === "kernel") return await drill();
    return await withAgentTold(
      options.agent,
      { cuts: plan.cuts.length, signal: options.signal },
      drill,
      (drilled) => drilled.ok && !drilled.value.isStopped,
    );
  } finally {
    meter.stop();
    watch.close();
    flows.close();
    await deadMan.disarm();
  }
}

interface Going {
  readonly meter: Meter;
  readonly watch: Around["watch"];
  readonly records: CutRecord[];
  readonly notes: string[];
}

/** Makes the cuts and brings home what was seen of them. */
async function cutAndFetch(
  running: Running,
  going: Going,
  captures: Awaited<ReturnType<typeof beginCaptures>>,
): Promise<Result<Drilled, Refusal>> {
  const { options, flows } = running;
  const { meter, watch, records } = going;
  const refusal = await cutAll(running, going);
  const isStopped = options.signal.aborted;
  if (refusal !== undefined) return failed(refusal);
  options.onProgress("fetching what the peer has seen");
  // What was sent last may still be under way.
  await meter.until(() => false, monotonicMs() + graceMs);
  await flows.fetchPeer();
  const files = typeof captures === "object" ? await captures.end(momentsOf(records, watch)) : [];
  return ok({ ...finish(running, going, files), isStopped });
}

/** One cut after the other, until something speaks against the next. A refusal: nothing was measured. */
async function cutAll(running: Running, { meter, watch, records, notes }: Going): Promise<Refusal | undefined> {
  const { options, flows, plan } = running;
  for (const [index, cut] of plan.cuts.entries()) {
    if (options.signal.aborted) return undefined;
    const around = aroundOf(running, meter, watch);
    await flows.beforeCut();
    options.onProgress(`${index + 1} of ${plan.cuts.length}: ${cut.fault}`);
    const isReady = (await waitForCalm(around)) && (index === 0 || (await isProven(running)));
    if (!isReady && index === 0) return neverReady;
    if (!isReady) {
      notes.push(`stopped before "${cut.fault}": redundancy or calm did not come back within 30 s`);
      return undefined;
    }
    const record = await runCut(around, cut);
    if (record.uncut === undefined) records.push(record);
    else if (!options.signal.aborted) notes.push(`"${cut.fault}" could not be made: ${record.uncut}`);
    if (record.trouble !== undefined) return record.uncut === undefined ? undefined : stuck(record);
  }
  return undefined;
}

/** What the last cut has left must carry traffic, if the next is to be made. */
async function isProven({ watcher, prove }: Running): Promise<boolean> {
  return watcher === "agent" || (await prove()).ok;
}

function aroundOf({ options, found, flows, deadMan, watcher }: Running, meter: Meter, watch: Around["watch"]): Around {
  return {
    bond: found.bond.name,
    home: found.bond.active,
    meter,
    watch,
    deadMan,
    streams: flows.streams,
    isPromised: (flow, cut) => isPromised(options, found, flow, cut),
    isTalking: flows.isTalking,
    isWhole: () => isWhole(found.bond.name, watcher, options.agent),
    askBack: watcher === "agent" ? options.agent.goBack : async () => false,
    limitMs: options.limitMs,
    signal: options.signal,
  };
}

async function isWhole(bond: string, watcher: "agent" | "kernel", agent: AgentPort): Promise<boolean> {
  const kernel = (await readBonds()).find(({ name }) => name === bond);
  if (kernel === undefined || kernel.ports.some(({ state }) => state !== "up")) return false;
  if (watcher === "kernel") return true;
  const redundancy = (await agent.status())?.redundancy;
  return redundancy !== null && redundancy !== undefined && redundancy.usable >= redundancy.declared;
}

async function waitForCalm(around: Around): Promise<boolean> {
  const limit = monotonicMs() + CALM_LIMIT_MS;
  for (;;) {
    const isCalm = (now: number): boolean =>
      around.signal.aborted || around.streams().every((stream) => isHealthy(stream, now, CALM_MS));
    if (!(await around.meter.until(isCalm, limit))) return false;
    if (around.signal.aborted || (await around.isWhole())) return true;
    if (monotonicMs() >= limit) return false;
    await around.meter.until(() => around.signal.aborted, monotonicMs() + 250);
  }
}

function isPromised({ config }: DrillOptions, { router }: Found, flow: string, cut: Cut): boolean {
  return isReachable(flow === gatewayFlow ? (router?.address ?? "") : flow, cut, config?.uplinks ?? []);
}

/** What is to be seen in the captures: cuts, their ends, and the kernel's moves. */
function momentsOf(records: readonly CutRecord[], watch: Around["watch"]): readonly Moment[] {
  const cuts = records.flatMap(({ cut, faultAtMs, mendFromMs }): readonly Moment[] => [
    { atMs: faultAtMs, text: `cut: ${cut.fault}` },
    { atMs: mendFromMs, text: `mended: ${sayCommands(cut.restore)}` },
  ]);
  const [, ...moves] = watch.active;
  const switches = moves.map(({ atMs, port }) => ({
    atMs,
    text: port === "" ? "switch: no active port" : `switch: ${port} is the active port`,
  }));
  return [...cuts, ...switches].toSorted((one, other) => one.atMs - other.atMs);
}

async function beginCaptures({ options, found, flows }: Running): Promise<Captures | string | undefined> {
  if (options.captures === undefined) return undefined;
  const ports = found.bond.ports.map(({ name }) => name);
  return await startCaptures({ ...options.captures, ports, peerPort: flows.peer?.port });
}

function finish(
  { options, found, watcher, flows, began }: Running,
  { records, watch, notes }: Going,
  captures: readonly string[],
): Omit<Drilled, "isStopped"> {
  const several = (options.config?.uplinks.length ?? 0) > 1 ? "several" : "one router";
  const promises = (cut: Cut): Scenario["expected"] =>
    Object.fromEntries(
      flows.names().map((name) => [name, isPromised(options, found, name, cut) ? "survives" : "no-path"]),
    );
  const unrestored = records.flatMap(({ trouble, settled, cut }) => {
    if (trouble !== undefined) return [`${cut.id}: ${trouble}`];
    return settled ? [] : [`after ${cut.id}, ${found.bond.name} was not back on ${found.bond.active} in time`];
  });
  return {
    found,
    watcher,
    scenarios: records.map(({ cut }) => scenarioOf(cut, promises(cut), several)),
    traces: records.map((record) => traceOf(record, flows, watch)),
    records,
    active: watch.active,
    notes: [...notes, ...flows.notes()],
    captures,
    tookMs: monotonicMs() - began,
    unrestored,
  };
}

/** Loud, and with the very commands: nothing of it was measured, and something stayed. */
function stuck({ cut, trouble }: CutRecord): Refusal {
  return { message: `NOT AS IT WAS: ${cut.id}: ${trouble}`, hint: `Do by hand: ${sayCommands(cut.restore)}` };
}

const neverReady: Refusal = {
  message: "redundancy or calm did not come within 30 s",
  hint: "holdfast status shows what is wrong.",
};

function unknownNames(unknown: readonly string[], found: Found, config: Config | undefined): Refusal {
  const names = [...found.bond.ports.map(({ name }) => name), ...(config?.uplinks ?? []).map(({ name }) => name)];
  return { message: `there is no ${unknown.join(" or ")}`, hint: `Here they are: ${names.join(", ")}.` };
}

/** One drill at a time: the kernel frees the lock however this process ends. */
async function lockDrill(run: string): Promise<Result<() => void, Refusal>> {
  const place = join(run, drillsName);
  try {
    await makeDirectory(place);
  } catch {
    return failed({ message: `${place} can't be made`, hint: "Run the drill as root." });
  }
  const locked = lockDirectory(place);
  if (locked.ok) return locked;
  const who = locked.error.code === "held" && locked.error.by !== undefined ? ` (process ${locked.error.by})` : "";
  return locked.error.code === "held"
    ? failed({ message: `another drill is under way, or a change of the network${who}`, hint: "Wait for its end." })
    : failed({ message: `${place} can't be locked: ${locked.error.errno}`, hint: "Run the drill as root." });
}
