import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { readBonds } from "../host/linux/read-bonds.ts";
import { drillSocket, requestDrill } from "../host/linux/request-drill.ts";
import { serviceManager, watchdogMs } from "../host/linux/service-manager.ts";
import type { Config } from "../model/config.ts";
import type { MqttSettings } from "../model/notify.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { StatusDocument, StatusProof } from "../report/status-input.ts";
import { proofReader } from "../store/drills.ts";
import type { Order } from "./agent.ts";
import { serveControl } from "./control.ts";
import { type Counts, counted, noCounts, type OutageMeter, outageMeter } from "./metrics/counts.ts";
import { renderMetrics } from "./metrics/metrics.ts";
import { serveMetrics } from "./metrics/serve-metrics.ts";
import { type Mqtt, type MqttDeps, startMqtt } from "./mqtt/mqtt.ts";
import { noOutages, type OutagesSeen, withEvent } from "./past-outage.ts";
import { agentPlan } from "./plan.ts";
import { type RunningAgent, type RunProblem, runAgent } from "./run.ts";
import { statusDocument } from "./status-document.ts";
import { createTelling, type Telling } from "./telling/telling.ts";
import { upsStatus } from "./ups/watch-ups.ts";

/** All that the agent needs as a service of a host. */
export interface ServiceOptions {
  readonly config: Config;
  readonly places: {
    readonly events: string;
    readonly spool: string;
    readonly socket: string;
    /** Where telling keeps how far it has come. */
    readonly telling: string;
    /** Relative paths of secrets start here. */
    readonly configuration: string;
    /** The bundled program that sends one mail. */
    readonly courier: string;
  };
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

/** The agent, with its socket, its metrics and whoever it tells. */
export interface Service {
  /** Goes by another configuration; the text says why it can't, and the old one stays. */
  reload(config: Config): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** What changes while it runs. */
interface Parts {
  readonly options: ServiceOptions;
  readonly running: RunningAgent;
  readonly startedAt: number;
  /** What the latest drill has shown. */
  readonly provenBy: () => StatusProof | undefined;
  readonly meter: OutageMeter;
  counts: Counts;
  outages: OutagesSeen;
  telling: Telling | undefined;
  mqtt: Mqtt | undefined;
  /** What `mqtt` was made of. */
  broker: MqttSettings | undefined;
  metrics: { readonly endpoint: string; readonly close: () => Promise<void> } | undefined;
}

/** Starts everything. What is not the agent itself (the socket, metrics, telling) may fail: it is said, and the agent runs. */
export async function startService(options: ServiceOptions): Promise<Result<Service, RunProblem>> {
  const { config, places, log, env } = options;
  const plan = agentPlan(config);
  if (!plan.ok) return failed(plan.error);
  const begun = await runAgent({ plan: plan.value, places, log });
  if (!begun.ok) return begun;
  const running = begun.value;
  const parts: Parts = {
    options,
    running,
    startedAt: Date.now(),
    provenBy: proofReader(join(dirname(places.events), "drills")),
    meter: outageMeter(),
    counts: noCounts,
    outages: await outagesBefore(running),
    telling: undefined,
    mqtt: undefined,
    broker: undefined,
    metrics: undefined,
  };
  running.store.follow((event) => {
    parts.counts = counted(parts.counts, event);
    parts.outages = withEvent(parts.outages, event);
    parts.telling?.onEvent(event);
    parts.mqtt?.onEvent(event);
  });
  const control = await serveControl(places.socket, {
    status: () => statusOf(parts),
    store: running.store,
    metrics: () => metricsOf(parts),
    order: (order) => give(parts, order),
    paths: (query) => running.paths.read(query, { wall: Date.now(), monotonic: running.now() }),
    note: (said) => void running.store.append(said),
  });
  if (!control.ok) log(`no socket at ${places.socket}: ${control.error}`);
  await arrange(parts, config);
  const tellManager = serviceManager(env["NOTIFY_SOCKET"]);
  tellManager("READY=1");
  const everyMs = watchdogMs(env, process.pid);
  const watchdog = everyMs === undefined ? undefined : setInterval(() => tellManager("WATCHDOG=1"), everyMs);
  return ok({
    async reload(next) {
      tellManager("RELOADING=1");
      const problem = await replan(parts, next);
      tellManager("READY=1");
      return problem;
    },
    async stop() {
      tellManager("STOPPING=1");
      clearInterval(watchdog);
      if (control.ok) await control.value.close();
      await parts.metrics?.close();
      await running.stop(() => stopTelling(parts));
    },
  });
}

/** The outages an earlier run has written down: of the latest events only, as many as are quickly read. */
async function outagesBefore(running: RunningAgent): Promise<OutagesSeen> {
  const { events } = await running.store.read({ order: "newest-first", limit: 500 });
  return events.toReversed().reduce(withEvent, noOutages);
}

/** Telling and metrics, as the configuration wants them. */
async function arrange(parts: Parts, config: Config): Promise<void> {
  const { options, running } = parts;
  const { places, log, version } = options;
  await parts.telling?.stop();
  await arrangeBroker(parts, config.sections?.notify?.mqtt);
  parts.telling = await createTelling(config, {
    host: hostname(),
    version,
    store: running.store,
    directory: places.telling,
    configDirectory: places.configuration,
    hooks: `${places.configuration}/hooks.d`,
    courier: places.courier,
    ...(parts.mqtt === undefined ? {} : { broker: parts.mqtt.deliver }),
    log: (severity, line) => log(severity === "info" ? line : `${severity}: ${line}`),
  });
  const endpoint = config.sections?.agent?.metrics;
  if (endpoint === parts.metrics?.endpoint) return;
  await parts.metrics?.close();
  parts.metrics = undefined;
  if (endpoint === undefined) return;
  const served = await serveMetrics(endpoint, () => metricsOf(parts));
  if (served.ok) parts.metrics = { endpoint, close: served.value.close };
  else log(`no metrics at ${endpoint}: ${served.error}`);
}

/** A connection that is wanted as it is stays: who listens there would take a new one for a host that was away. */
async function arrangeBroker(parts: Parts, broker: MqttSettings | undefined): Promise<void> {
  if (JSON.stringify(broker) === JSON.stringify(parts.broker)) {
    parts.mqtt?.hurry();
    return;
  }
  await parts.mqtt?.stop();
  parts.mqtt = broker === undefined ? undefined : tellBroker(parts, broker);
  parts.broker = broker;
}

/** What is on its way is told before the broker hears goodbye. */
async function stopTelling({ telling, mqtt }: Parts): Promise<void> {
  await telling?.stop();
  await mqtt?.stop();
}

function tellBroker(parts: Parts, settings: MqttSettings): Mqtt {
  const { options, running } = parts;
  const { places, log, version } = options;
  const deps: MqttDeps = {
    host: hostname(),
    version,
    configDirectory: places.configuration,
    store: running.store,
    status: () => statusOf(parts),
    order: (order) => give(parts, order),
    drill: () => requestDrill(drillSocket),
    log: (severity, line) => log(`${severity === "info" ? "" : `${severity}: `}mqtt: ${line}`),
  };
  return startMqtt(settings, deps, () => parts.telling?.reachable("mqtt"));
}

async function replan(parts: Parts, config: Config): Promise<string | undefined> {
  const plan = agentPlan(config);
  if (!plan.ok) return `${plan.error.message}. ${plan.error.hint}`;
  const { agent } = parts.running;
  const now = agent.plan();
  if (plan.value.watch.bond !== now.watch.bond || plan.value.holder !== now.holder) {
    return `it is about another bond than ${now.watch.bond}. Restart the agent for that.`;
  }
  agent.replan(plan.value);
  parts.running.ups.follow(plan.value.ups);
  await arrange(parts, config);
  return undefined;
}

function give({ running }: Parts, order: Order): string | undefined {
  const state = running.agent.state();
  if (state === undefined) return "the bond isn't there yet";
  if ("port" in order && !state.ports.some(({ name }) => name === order.port)) {
    return `${order.port === "" ? "no port is named" : `there is no port ${order.port}`}; ports are ${state.ports.map(({ name }) => name).join(", ")}`;
  }
  running.agent.tell(order);
  return undefined;
}

async function statusOf({ running, outages, options, startedAt, provenBy }: Parts): Promise<StatusDocument> {
  const { agent, store, now } = running;
  // Read without waiting on the loop that probes: a driver may take its time to say how fast it is.
  const bonds = await readBonds();
  const ports = bonds.find(({ name }) => name === agent.plan().watch.bond)?.ports ?? [];
  const speeds = ports.flatMap(({ name, speedMbps }) => (speedMbps === null ? [] : [[name, speedMbps] as const]));
  const { state, reason, pending, lost } = store.health();
  const document = statusDocument({
    state: agent.state(),
    view: agent.view(),
    addresses: agent.addresses(),
    now: { wall: Date.now(), monotonic: now() },
    outages,
    beyond: agent.beyond(),
    radioOf: agent.radio,
    speeds: new Map(speeds),
    agent: { version: options.version, pid: process.pid, startedAt, store: { state, reason, pending, lost } },
  });
  const proven = provenBy();
  const ups = running.ups.now();
  const lag = Date.now() - now();
  return {
    ...document,
    ...(ups === undefined ? {} : { ups: upsStatus(ups, (at) => Math.round(at + lag)) }),
    ...(proven === undefined ? {} : { proven }),
  };
}

function metricsOf({ running, counts, meter, telling, options, startedAt, provenBy }: Parts): string {
  const { user, system } = process.cpuUsage();
  const at = running.now();
  const drill = provenBy();
  const ups = running.ups.now();
  return renderMetrics({
    version: options.version,
    node: process.versions.node,
    state: running.agent.state(),
    beyond: running.agent.beyond(),
    radioOf: running.agent.radio,
    at,
    ...(drill === undefined ? {} : { drill }),
    ...(ups === undefined ? {} : { ups }),
    counts,
    meter,
    probes: running.probes.counts(at),
    store: running.store.health(),
    channels: telling?.channels() ?? [],
    process: {
      startedAt: startedAt / 1000,
      cpuSeconds: (user + system) / 1e6,
      residentBytes: process.memoryUsage.rss(),
    },
  });
}
