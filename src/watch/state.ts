import type { Cause, Recorded } from "./effect.ts";
import type { Path } from "./path.ts";
import type { Seed } from "./seed.ts";
import type { Tuning } from "./tuning.ts";

/** What the brain is told to look after. */
export interface WatchConfig {
  readonly bond: string;
  /** In order of preference. */
  readonly ports: readonly WatchedPort[];
  /** The kernel's `primary`, if one is configured: cleared while the brain runs, given back when it stops. */
  readonly primary: string | undefined;
  readonly reselect: "when-calm" | "never";
  readonly tuning: Tuning;
}

/** One port of the bond. */
export interface WatchedPort {
  readonly name: string;
  readonly medium: "wired" | "radio";
  /** Used after those that aren't, unless it stands first. */
  readonly metered: boolean;
  /** The router of this port, as the probes name it; undefined: none is declared. */
  readonly router: string | undefined;
  /** Targets beyond the router. */
  readonly far: readonly string[];
  readonly probes: Probing;
}

/** while-active: as a standby it can't be probed without harm (an access point answers only the address that associated): it is
 *  judged by its carrier and by what its radio has joined. unfit: traffic that is moved there would be lost, whatever its carrier
 *  says; it gets it only where there is nothing else. */
export type Probing = "always" | "while-active" | "unfit";

/** Everything the brain knows. Replaced, never changed; bounded by the number of ports and targets. */
export interface State {
  readonly config: WatchConfig;
  readonly seed: Seed;
  readonly now: number;
  readonly nextId: number;
  /** In order of preference. */
  readonly ports: readonly PortWatch[];
  readonly paths: readonly Path[];
  /** What carries traffic, by the kernel's word or by our latest move; "" none. */
  readonly active: string;
  readonly movedAt: number;
  readonly order: Order;
  /** Decisions rest until then: after a suspend everything is probed anew first. */
  readonly graceUntil: number;
  readonly learnUntil: number;
  /** undefined until enough is known to count. */
  readonly redundancy: number | undefined;
  readonly outage: Outage | undefined;
  readonly lossySince: number | undefined;
  /** The warning under way, so that it is given once. */
  readonly warned: string;
  readonly primaryClearedAt: number;
  readonly phase: "new" | "running" | "stopped";
  /** When it asked to be woken; being woken much later means that the clock or the process stood still. */
  readonly wakeAt: number;
  /** Until then no verdict can change unless something is lost or happens: signs of life need no thought. */
  readonly quietUntil: number;
  /** Ms between probes of each path, as of the latest thought. */
  readonly paced: readonly number[];
}

/** What the operator wants. `obeyed`: traffic went there once; from then on it returns only to a port that works. */
export type Order =
  | { readonly kind: "auto" }
  | { readonly kind: "reselect-now" }
  | { readonly kind: "pin"; readonly port: string; readonly obeyed: boolean };

/** Since when (the first lost probe, the loss of carrier), why, and whether any other port was left. */
export interface Outage {
  readonly since: number;
  readonly cause: Cause;
}

/** What is known of a port beside its paths. */
export interface PortWatch {
  readonly name: string;
  readonly metered: boolean;
  readonly medium: "wired" | "radio";
  readonly probes: Probing;
  readonly carrier: boolean;
  /** A radio that has joined its network, key and all. True also where nothing is known of that: then the carrier must do. */
  readonly joined: boolean;
  /** The LAN used to be heard through this standby, and no longer is. */
  readonly unheard: boolean;
  readonly gone: boolean;
  readonly drained: boolean;
  /** Counted as usable in the latest redundancy. */
  readonly counted: boolean;
  /** Since when answers have come without a gap, for the way back. */
  readonly calmSince: number;
  /** Incidents, half forgotten with time. */
  readonly penalty: number;
  readonly penaltyAt: number;
  readonly heardAt: number;
  /** Changes of carrier in a row, none of them followed by quiet. */
  readonly changes: number;
  readonly changedAt: number;
  /** Times traffic came here and the carrier went at once, forgotten with time. */
  readonly vainStays: number;
  readonly vainAt: number;
  readonly refusals: number;
  readonly shunnedUntil: number;
}

/** Writes something down. */
export type Note = (recorded: Recorded) => void;

/** The port of that name; undefined if the bond has none. */
export function portOf(state: State, name: string): PortWatch | undefined {
  for (const port of state.ports) if (port.name === name) return port;
  return undefined;
}

/** The state with one port changed. An unknown name changes nothing. */
export function withPort(state: State, name: string, change: (port: PortWatch) => PortWatch): State {
  return stateWith(state, { ports: state.ports.map((port) => (port.name === name ? change(port) : port)) });
}

/** The state with every path of a port changed. */
export function withPathsOf(state: State, port: string, change: (path: Path) => Path): State {
  return stateWith(state, { paths: state.paths.map((path) => (path.port === port ? change(path) : path)) });
}

/** The state with some of it changed. Every field by name: all states have one shape then, and what reads them is quick. */
export function stateWith(state: State, change: Partial<State>): State {
  return {
    config: change.config ?? state.config,
    seed: change.seed ?? state.seed,
    now: change.now ?? state.now,
    nextId: change.nextId ?? state.nextId,
    ports: change.ports ?? state.ports,
    paths: change.paths ?? state.paths,
    active: change.active ?? state.active,
    movedAt: change.movedAt ?? state.movedAt,
    order: change.order ?? state.order,
    graceUntil: change.graceUntil ?? state.graceUntil,
    learnUntil: change.learnUntil ?? state.learnUntil,
    redundancy: "redundancy" in change ? change.redundancy : state.redundancy,
    outage: "outage" in change ? change.outage : state.outage,
    lossySince: "lossySince" in change ? change.lossySince : state.lossySince,
    warned: change.warned ?? state.warned,
    primaryClearedAt: change.primaryClearedAt ?? state.primaryClearedAt,
    phase: change.phase ?? state.phase,
    wakeAt: change.wakeAt ?? state.wakeAt,
    quietUntil: change.quietUntil ?? state.quietUntil,
    paced: change.paced ?? state.paced,
  };
}

/** What changes with every probe and answer. */
export interface Pulse {
  readonly now: number;
  readonly paths: readonly Path[];
  readonly seed: Seed;
  readonly nextId: number;
  readonly wakeAt: number;
  readonly quietUntil: number;
  readonly paced: readonly number[];
}

/** The state with another pulse. Names every field, because spreading a state costs 25 times as much and this is done with
 *  every probe and every answer; a field that is forgotten here doesn't compile. */
export function withPulse(state: State, pulse: Pulse): State {
  return {
    config: state.config,
    seed: pulse.seed,
    now: pulse.now,
    nextId: pulse.nextId,
    ports: state.ports,
    paths: pulse.paths,
    active: state.active,
    movedAt: state.movedAt,
    order: state.order,
    graceUntil: state.graceUntil,
    learnUntil: state.learnUntil,
    redundancy: state.redundancy,
    outage: state.outage,
    lossySince: state.lossySince,
    warned: state.warned,
    primaryClearedAt: state.primaryClearedAt,
    phase: state.phase,
    wakeAt: pulse.wakeAt,
    quietUntil: pulse.quietUntil,
    paced: pulse.paced,
  };
}

/** The state with other verdicts on paths and ports. */
export function withJudged(
  state: State,
  paths: readonly Path[],
  ports: readonly PortWatch[],
  lossySince: number | undefined,
): State {
  return {
    config: state.config,
    seed: state.seed,
    now: state.now,
    nextId: state.nextId,
    ports,
    paths,
    active: state.active,
    movedAt: state.movedAt,
    order: state.order,
    graceUntil: state.graceUntil,
    learnUntil: state.learnUntil,
    redundancy: state.redundancy,
    outage: state.outage,
    lossySince,
    warned: state.warned,
    primaryClearedAt: state.primaryClearedAt,
    phase: state.phase,
    wakeAt: state.wakeAt,
    quietUntil: state.quietUntil,
    paced: state.paced,
  };
}

/** The port with some of it changed. Every field by name: all ports have one shape then, and what reads them is quick. */
export function portWith(port: PortWatch, change: Partial<PortWatch>): PortWatch {
  return {
    name: change.name ?? port.name,
    metered: change.metered ?? port.metered,
    medium: change.medium ?? port.medium,
    probes: change.probes ?? port.probes,
    carrier: change.carrier ?? port.carrier,
    joined: change.joined ?? port.joined,
    unheard: change.unheard ?? port.unheard,
    gone: change.gone ?? port.gone,
    drained: change.drained ?? port.drained,
    counted: change.counted ?? port.counted,
    calmSince: change.calmSince ?? port.calmSince,
    penalty: change.penalty ?? port.penalty,
    penaltyAt: change.penaltyAt ?? port.penaltyAt,
    heardAt: change.heardAt ?? port.heardAt,
    changes: change.changes ?? port.changes,
    changedAt: change.changedAt ?? port.changedAt,
    vainStays: change.vainStays ?? port.vainStays,
    vainAt: change.vainAt ?? port.vainAt,
    refusals: change.refusals ?? port.refusals,
    shunnedUntil: change.shunnedUntil ?? port.shunnedUntil,
  };
}
