import type {
  StatusAgent,
  StatusDocument,
  StatusInternet,
  StatusPath,
  StatusPort,
  StatusRadio,
} from "../report/status-input.ts";
import type { Beyond } from "../watch/beyond.ts";
import type { Path } from "../watch/path.ts";
import { isUnprobed, standing, standingOf } from "../watch/standing.ts";
import type { PortWatch, State } from "../watch/state.ts";
import type { LinkAddress } from "../wire/address.ts";
import { channelOf } from "../wire/nl80211.ts";
import type { Association } from "./association.ts";
import { type BondView, hasCarrier } from "./bond-view.ts";
import { type OutagesSeen, openOutage } from "./past-outage.ts";

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
  /** What a port's radio has joined; undefined: it is none. */
  readonly radioOf: (port: string) => Association | undefined;
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
        : (openOutage(facts.outages, now.wall) ?? {
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

function portStatus(state: State, port: PortWatch, { view, speeds, radioOf, now }: StatusFacts): StatusPort {
  const link = view.ports.get(port.name);
  const stand = standingOf(state, port);
  const association = radioOf(port.name);
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
    ...(association === undefined ? {} : { radio: radioStatus(state, port, association, now.monotonic) }),
  };
}

function radioStatus(state: State, port: PortWatch, { joined, link }: Association, now: number): StatusRadio {
  const station = joined ? link?.station : undefined;
  const frequencyMhz = joined ? link?.interface.frequencyMhz : undefined;
  return {
    joined,
    ssid: link?.interface.ssid ?? "",
    bssid: station?.bssid ?? "",
    channel: (frequencyMhz === undefined ? undefined : channelOf(frequencyMhz)) ?? null,
    frequencyMhz: frequencyMhz ?? null,
    signalDbm: station?.signalDbm ?? null,
    sendsMbps: station?.sendsMbps ?? null,
    hearsMbps: station?.hearsMbps ?? null,
    provenBy: proofOf(state, port),
    heardAgoMs: Number.isFinite(port.heardAt) ? Math.max(0, Math.round(now - port.heardAt)) : null,
  };
}

function proofOf(state: State, port: PortWatch): StatusRadio["provenBy"] {
  if (!isUnprobed(state, port)) return "probes";
  if (port.probes === "unfit") return "nothing";
  return Number.isFinite(port.heardAt) ? "hearing" : "association";
}

function noteOf(state: State, port: PortWatch, stand: number): string {
  if (!port.carrier) return "no carrier";
  if (stand === standing.none) return "not let into its network";
  if (port.unheard && isUnprobed(state, port)) return "has joined, and the LAN isn't heard through it";
  if (port.probes === "unfit") return "fail_over_mac follow: nothing gets through a radio";
  const dead = state.paths.filter((path) => path.port === port.name && path.health === "dead");
  if (dead.length > 0) return deadNote(dead);
  if (stand === standing.assumed && port.probes === "while-active")
    return Number.isFinite(port.heardAt) ? "the LAN is heard by radio" : "judged by having joined: not probed";
  return stand === standing.unproven ? "not known yet" : "";
}

/** One that answers again is dead until it has done so for a while: said of it that it doesn't, nobody would know what is waited for. */
function deadNote(dead: readonly Path[]): string {
  const mute = dead.filter(({ answers }) => answers.count === 0);
  const named = (mute.length > 0 ? mute : dead).map(({ target }) => target);
  const [one, several] = mute.length > 0 ? ["doesn't answer", "don't answer"] : ["answers again", "answer again"];
  const rest = mute.length > 0 ? "" : ", not yet for long enough";
  return `${named.join(", ")} ${named.length === 1 ? one : several}${rest}`;
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
