import type { StatusAgent, StatusDocument, StatusInternet, StatusPath, StatusPort } from "../report/status-input.ts";
import type { Beyond } from "../watch/beyond.ts";
import type { Path } from "../watch/path.ts";
import { standing, standingOf } from "../watch/standing.ts";
import type { PortWatch, State } from "../watch/state.ts";
import type { LinkAddress } from "../wire/address.ts";
import { type BondView, hasCarrier } from "./bond-view.ts";
import type { OutagesSeen } from "./past-outage.ts";

/** All that a status is made of. */
export interface StatusFacts {
  readonly state: State | undefined;
  readonly view: BondView;
  readonly addresses: readonly LinkAddress[];
  /** The same moment on both clocks, ms. */
  readonly now: { readonly wall: number; readonly monotonic: number };
  readonly outages: OutagesSeen;
  /** Mbit/s by port, where the kernel knows. */
  readonly speeds: ReadonlyMap<string, number>;
  readonly agent: StatusAgent;
  readonly beyond: Beyond;
}

const modes = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

/** What `holdfast status` shows, from what the agent knows. */
export function statusDocument(facts: StatusFacts): StatusDocument {
  const { state, agent, now } = facts;
  const wallOf = (monotonic: number): number => Math.round(now.wall - (now.monotonic - monotonic));
  const missing = state?.ports.filter(({ counted }) => !counted).map(({ name }) => name) ?? [];
  const isMoved = state !== undefined && Number.isFinite(state.movedAt);
  return {
    source: "agent",
    at: Math.round(now.wall),
    bond: bondOf(facts),
    ports: state?.ports.map((port) => portStatus(state, port, facts)) ?? [],
    paths: state?.paths.map((path) => pathStatus(path, now.monotonic)) ?? [],
    redundancy:
      state?.redundancy === undefined ? null : { usable: state.redundancy, declared: state.ports.length, missing },
    since: isMoved ? wallOf(state.movedAt) : null,
    lastOutage:
      state?.outage === undefined
        ? facts.outages.past
        : (facts.outages.open ?? {
            at: wallOf(state.outage.since),
            lastedMs: null,
            cause: state.outage.cause,
            port: state.active,
          }),
    order: state?.order.kind === "pin" ? { pinned: state.order.port } : "auto",
    agent,
    otherBonds: [],
    ...(facts.beyond.targets.length === 0 ? {} : { internet: internetOf(facts.beyond, wallOf) }),
  };
}

function internetOf({ health, since, targets }: Beyond, wallOf: (monotonic: number) => number): StatusInternet {
  return {
    state: health,
    since: health === "unknown" ? null : wallOf(since),
    targets: targets.map(({ target }) => target),
  };
}

function bondOf({ state, view, addresses }: StatusFacts): StatusDocument["bond"] {
  const { bond } = view;
  if (bond === undefined) return null;
  const kernels = [...view.ports].find(([, link]) => link.index === bond.bond?.primary)?.[0] ?? "";
  return {
    name: bond.name,
    mode: modes[bond.bond?.mode ?? -1] ?? "",
    carrier: bond.hasCarrier,
    active: view.active,
    primary: state?.config.primary ?? kernels,
    miimon: bond.bond?.miimon ?? 0,
    arpInterval: bond.bond?.arpInterval ?? 0,
    addresses: addresses.filter(({ scope }) => scope !== "link").map(({ ip, prefix }) => `${ip}/${prefix}`),
  };
}

function portStatus(state: State, port: PortWatch, { view, speeds }: StatusFacts): StatusPort {
  const link = view.ports.get(port.name);
  const stand = standingOf(state, port);
  return {
    name: port.name,
    medium: port.medium,
    carrier: hasCarrier(link),
    present: link !== undefined,
    active: port.name === view.active,
    drained: port.drained,
    metered: port.metered,
    usable: port.counted,
    note: link === undefined ? "not in the bond" : noteOf(state, port, stand),
    speedMbps: speeds.get(port.name) ?? null,
    failures: link?.port?.linkFailures ?? null,
  };
}

function noteOf(state: State, port: PortWatch, stand: number): string {
  if (stand === standing.none) return "no carrier";
  const dead = state.paths
    .filter((path) => path.port === port.name && path.health === "dead")
    .map(({ target }) => target);
  if (dead.length > 0) return `${dead.join(", ")} ${dead.length === 1 ? "doesn't" : "don't"} answer`;
  if (stand === standing.assumed && port.probes === "while-active")
    return "judged by its carrier: a standby radio isn't probed";
  return stand === standing.unproven ? "not known yet" : "";
}

const states = { alive: "alive", dead: "dead", silent: "silent", unknown: "untried" } as const;

function pathStatus(path: Path, now: number): StatusPath {
  const isTimed = Number.isFinite(path.rtt.least);
  return {
    port: path.port,
    target: path.target,
    state: states[path.health],
    rttMs: isTimed ? Math.round(path.rtt.smooth * 1000) / 1000 : null,
    loss: lossOf(path),
    answeredAgoMs: Number.isFinite(path.aliveAsOf) ? Math.max(0, Math.round(now - path.aliveAsOf)) : null,
  };
}

/** A dead path loses everything now, whatever it usually does. */
function lossOf({ health, loss }: Path): number | null {
  if (health === "unknown" || health === "silent") return null;
  return health === "dead" ? 1 : Math.round(loss * 10_000) / 10_000;
}
