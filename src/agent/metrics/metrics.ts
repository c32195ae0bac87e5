import type { StatusProof } from "../../report/status-input.ts";
import type { StoreHealth } from "../../store/events.ts";
import type { Beyond } from "../../watch/beyond.ts";
import type { Path } from "../../watch/path.ts";
import type { State } from "../../watch/state.ts";
import type { Ups } from "../../watch/ups.ts";
import type { Association } from "../association.ts";
import type { ChannelReport } from "../telling/telling.ts";
import type { Counts, OutageMeter } from "./counts.ts";
import { exposition, type Family, type Sample } from "./exposition.ts";
import type { ProbeCount } from "./probe-tally.ts";
import { aboutRadios } from "./radio-metrics.ts";
import { aboutUps } from "./ups-metrics.ts";

/** Everything the metrics are made of, at one moment. */
export interface MetricsSnapshot {
  readonly version: string;
  readonly node: string;
  /** undefined: the bond hasn't appeared yet. */
  readonly state: State | undefined;
  /** Monotonic ms, the clock of `state`. */
  readonly at: number;
  /** What lies beyond the only router. Absent: that isn't looked at. */
  readonly beyond?: Beyond;
  /** What a port's radio has joined; undefined: it is none. Absent: there are no radios. */
  readonly radioOf?: (port: string) => Association | undefined;
  /** What the latest drill has shown. Absent: there was none. */
  readonly drill?: StatusProof;
  /** Absent: none is declared that can be asked. */
  readonly ups?: Ups;
  readonly counts: Counts;
  /** Remembers what it has told. */
  readonly meter: OutageMeter;
  readonly probes: readonly ProbeCount[];
  readonly store: StoreHealth;
  readonly channels: readonly ChannelReport[];
  readonly process: ProcessUse;
}

/** What the agent costs. */
export interface ProcessUse {
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** The agent's metrics in Prometheus' text format. */
export function renderMetrics(snapshot: MetricsSnapshot): string {
  const { state } = snapshot;
  return exposition([
    ...aboutProcess(snapshot),
    ...(state === undefined
      ? []
      : [
          ...aboutPorts(state),
          ...aboutRadios(state, snapshot),
          ...aboutPaths(state),
          ...aboutBeyond(state, snapshot.beyond),
        ]),
    ...aboutDrill(snapshot.drill),
    ...aboutUps(snapshot.ups),
    ...aboutTrouble(snapshot),
    ...aboutTelling(snapshot),
  ]);
}

type Help = readonly [name: string, help: string];

function gauge([name, help]: Help, samples: readonly Sample[]): Family {
  return { name, help, type: "gauge", samples };
}

function counter([name, help]: Help, samples: readonly Sample[]): Family {
  return { name, help, type: "counter", samples };
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}

function aboutProcess({ version, node, process }: MetricsSnapshot): readonly Family[] {
  return [
    gauge(
      ["holdfast_build_info", "Version of Holdfast and of its runtime."],
      [{ labels: { version, node }, value: 1 }],
    ),
    gauge(
      ["process_start_time_seconds", "When the agent started, in seconds since 1970."],
      [{ value: process.startedAt }],
    ),
    counter(["process_cpu_seconds_total", "Processor time the agent has used."], [{ value: process.cpuSeconds }]),
    gauge(["process_resident_memory_bytes", "Memory the agent holds."], [{ value: process.residentBytes }]),
  ];
}

function aboutPorts(state: State): readonly Family[] {
  const { bond } = state.config;
  const perPort = (value: (port: State["ports"][number]) => boolean): readonly Sample[] =>
    state.ports.map((port) => ({ labels: { bond, port: port.name }, value: flag(value(port)) }));
  const usable = state.redundancy === undefined ? [] : [{ labels: { bond }, value: state.redundancy }];
  return [
    gauge(
      ["holdfast_bond_active_port", "1 for the port that carries traffic."],
      perPort(({ name }) => name === state.active),
    ),
    gauge(
      ["holdfast_port_preferred", "1 for the port that traffic shall go through; 0 for all where none is preferred."],
      perPort(({ name }) => name === state.config.primary),
    ),
    gauge(
      ["holdfast_port_carrier", "1 while the port has a carrier."],
      perPort(({ carrier }) => carrier),
    ),
    gauge(
      ["holdfast_port_in_bond", "1 while the port is in the bond."],
      perPort(({ gone }) => !gone),
    ),
    gauge(
      ["holdfast_port_drained", "1 while the operator keeps traffic off the port."],
      perPort(({ drained }) => drained),
    ),
    gauge(["holdfast_redundancy", "Ports that could carry traffic now."], usable),
    gauge(
      ["holdfast_ports_declared", "Ports the configuration names."],
      [{ labels: { bond }, value: state.ports.length }],
    ),
    gauge(
      ["holdfast_outage_active", "1 while nothing gets through the bond."],
      [{ labels: { bond }, value: flag(state.outage !== undefined) }],
    ),
  ];
}

function aboutPaths({ paths }: State): readonly Family[] {
  const labels = ({ port, target }: Path) => ({ port, target });
  const judged = paths.filter(({ health }) => health !== "unknown");
  const timed = paths.filter(({ rtt }) => Number.isFinite(rtt.least));
  return [
    gauge(
      ["holdfast_path_up", "1 while the target answers through the port; absent until that is known."],
      judged.map((path) => ({ labels: labels(path), value: flag(path.health === "alive") })),
    ),
    gauge(
      ["holdfast_path_rtt_seconds", "Smoothed round trip to the target through the port."],
      timed.map((path) => ({ labels: labels(path), value: path.rtt.smooth / 1_000 })),
    ),
    gauge(
      ["holdfast_path_loss_ratio", "Usual share of probes that are lost, 0 to 1."],
      judged.map((path) => ({ labels: labels(path), value: path.loss })),
    ),
  ];
}

function aboutBeyond({ config: { bond } }: State, beyond: Beyond | undefined): readonly Family[] {
  const isKnown = beyond !== undefined && beyond.targets.length > 0 && beyond.health !== "unknown";
  return [
    gauge(
      ["holdfast_beyond_up", "1 while anything beyond the only router answers, 0 once it is lost; absent until known."],
      isKnown ? [{ labels: { bond }, value: flag(beyond.health === "answers") }] : [],
    ),
  ];
}

function aboutDrill(drill: StatusProof | undefined): readonly Family[] {
  return [
    gauge(
      ["holdfast_last_drill_timestamp_seconds", "When the latest drill ended, in seconds since 1970; 0: never."],
      [{ value: drill === undefined ? 0 : drill.at / 1_000 }],
    ),
    gauge(
      ["holdfast_last_drill_held", "1 if the latest drill held its objectives; absent until there was one."],
      drill === undefined ? [] : [{ value: flag(drill.verdict === "held") }],
    ),
  ];
}

function aboutTrouble({ counts, meter, probes, state, at, store }: MetricsSnapshot): readonly Family[] {
  const { outages, ms } = meter(counts, state?.outage?.since, at);
  const perResult = probes.flatMap(({ port, target, answered, lost }) => [
    { labels: { port, target, result: "answered" }, value: answered },
    { labels: { port, target, result: "lost" }, value: lost },
  ]);
  const changes = Object.entries(counts.carrierChanges).map(([port, value]) => ({ labels: { port }, value }));
  const radioChanges = Object.entries(counts.radioChanges).flatMap(([port, per]) =>
    Object.entries(per).map(([change, value]) => ({ labels: { port, change }, value })),
  );
  const moves = Object.entries(counts.moves).map(([cause, value]) => ({ labels: { cause }, value }));
  return [
    counter(["holdfast_probes_total", "Probes by what became of them."], perResult),
    counter(["holdfast_moves_total", "Moves of the active port by cause; kernel: not by Holdfast's order."], moves),
    counter(["holdfast_carrier_changes_total", "Changes of carrier."], changes),
    counter(["holdfast_radio_changes_total", "What radios did: joined, left, roamed, refused."], radioChanges),
    counter(
      ["holdfast_outages_total", "Outages that began, those of drills apart unless they outlast the drill."],
      [{ value: outages }],
    ),
    counter(
      [
        "holdfast_outage_seconds_total",
        "Time in outages, the one under way included; of a drill's what outlasts the drill.",
      ],
      [{ value: ms / 1_000 }],
    ),
    gauge(
      ["holdfast_event_store_healthy", "1 while events come to the disk."],
      [{ value: flag(store.state === "fine") }],
    ),
    gauge(["holdfast_event_store_pending_events", "Events on their way to the disk."], [{ value: store.pending }]),
    counter(
      ["holdfast_event_store_lost_events_total", "Events dropped because the disk refused for too long."],
      [{ value: store.lost }],
    ),
  ];
}

function aboutTelling({ channels }: MetricsSnapshot): readonly Family[] {
  const per = (value: (channel: ChannelReport) => number): readonly Sample[] =>
    channels.map((channel) => ({ labels: { channel: channel.name }, value: value(channel) }));
  return [
    gauge(
      ["holdfast_notify_healthy", "1 unless the latest delivery failed."],
      per(({ problem }) => flag(problem === undefined)),
    ),
    gauge(
      ["holdfast_notify_pending_events", "Events not told yet."],
      per(({ pending }) => pending),
    ),
    counter(
      ["holdfast_notify_delivered_events_total", "Events told."],
      per(({ delivered }) => delivered),
    ),
    counter(
      ["holdfast_notify_failures_total", "Deliveries that failed and were, or will be, tried again."],
      per(({ failures }) => failures),
    ),
  ];
}
