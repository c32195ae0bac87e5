import type { Effect } from "./effect.ts";
import { standing, standingOf } from "./standing.ts";
import { newPort, pathsOf, preferred } from "./start.ts";
import {
  type Note,
  type Order,
  type PortWatch,
  portOf,
  portWith,
  type State,
  stateWith,
  type WatchConfig,
  withPort,
} from "./state.ts";

/** The operator wants traffic on one port, or the brain's own judgement again, or to go back now. */
export function onOrder(state: State, order: Order, note: Note): State {
  const port = order.kind === "pin" ? order.port : "";
  if (order.kind === "pin" && portOf(state, port) === undefined) return unknown(state, port, note);
  note({ what: "order", order: order.kind, port });
  return stateWith(state, { order });
}

/** A drained port carries traffic only while there is no other. */
export function onDrain(state: State, name: string, order: "drain" | "undrain", note: Note): State {
  if (portOf(state, name) === undefined) return unknown(state, name, note);
  note({ what: "order", order, port: name });
  return withPort(state, name, (port) => portWith(port, { drained: order === "drain" }));
}

function unknown(state: State, port: string, note: Note): State {
  note({ what: "warning", port, evidence: `the bond has no port ${port}; its ports are ${names(state)}` });
  return state;
}

function names(state: State): string {
  return state.ports.map((port) => port.name).join(", ");
}

/** What an order has come to: a pin that was obeyed once, a way back that was taken or not. */
export function afterOrder(state: State, note: Note): State {
  const { order } = state;
  if (order.kind === "pin" && !order.obeyed && state.active === order.port) {
    return stateWith(state, { order: { ...order, obeyed: true } });
  }
  if (order.kind !== "reselect-now" || state.now < state.graceUntil) return state;
  const first = state.ports.find((port) => !port.drained);
  if (first !== undefined && first.name !== state.active) {
    note({ what: "warning", port: first.name, evidence: `no way back now: ${plight(state, first)}` });
  }
  return stateWith(state, { order: { kind: "auto" } });
}

/** Says once what is wrong with what the operator ordered. */
export function warn(state: State, note: Note): State {
  const [port, evidence] = complaint(state);
  if (evidence === state.warned) return state;
  if (evidence !== "") note({ what: "warning", port, evidence });
  return stateWith(state, { warned: evidence });
}

function complaint(state: State): readonly [string, string] {
  if (state.order.kind === "pin") {
    const pinned = portOf(state, state.order.port);
    if (pinned === undefined) return ["", ""];
    if (standingOf(state, pinned) <= standing.dead) return [pinned.name, `pinned, but ${plight(state, pinned)}`];
  }
  const active = portOf(state, state.active);
  if (active?.drained === true) return [active.name, "drained, but no other port works: it keeps the traffic"];
  return ["", ""];
}

function plight(state: State, port: PortWatch): string {
  if (port.gone) return `${port.name} isn't in the bond`;
  if (!port.carrier) return `${port.name} has no carrier`;
  if (!port.joined) return `${port.name} isn't let into its network`;
  if (port.probes === "unfit" && port.name !== state.active) return `nothing can be sent through ${port.name}`;
  return standingOf(state, port) === standing.dead
    ? `nothing answers through ${port.name}`
    : `${port.name} isn't proven`;
}

/** A new configuration: what is known of ports and targets that stay is kept. */
export function onConfig(state: State, config: WatchConfig, note: Note): State {
  note({ what: "configured" });
  const declared = preferred(config.ports);
  const ports = declared.map((port) => {
    const { metered, medium, probes } = port;
    return portWith(portOf(state, port.name) ?? newPort(port, false, state.now), { metered, medium, probes });
  });
  const paths = declared
    .flatMap((port) => pathsOf(port, state.now))
    .map((path) => {
      const known = state.paths.find(
        (one) => one.port === path.port && one.target === path.target && one.far === path.far,
      );
      return known ?? path;
    });
  const { order } = state;
  const isLost = order.kind === "pin" && !ports.some((port) => port.name === order.port);
  const learnUntil = state.now + config.tuning.learnMs;
  return stateWith(state, {
    config,
    ports,
    paths,
    learnUntil,
    redundancy: undefined,
    order: isLost ? { kind: "auto" } : order,
  });
}

/** Somebody changed the bond. A primary that came back is cleared again, but not more often than the dwell: no quarrel. */
export function onDrift(state: State, option: string, value: string, note: Note, effects: Effect[]): State {
  note({ what: "drift", option, value });
  const isPrimary = option === "primary" && value !== "" && value !== "none";
  if (!isPrimary || state.now - state.primaryClearedAt < state.config.tuning.dwellMs) return state;
  effects.push({ do: "set-primary", port: undefined });
  return stateWith(state, { primaryClearedAt: state.now });
}

/** On a clean end the kernel gets its primary back and goes on alone; unless that would send it to a port that doesn't work. */
export function farewell(state: State, note: Note): readonly Effect[] {
  const { primary } = state.config;
  const port = primary === undefined ? undefined : portOf(state, primary);
  if (port === undefined) {
    note({ what: "stopped", primary: "none" });
    return [];
  }
  const works = port.name === state.active || standingOf(state, port) >= standing.assumed;
  note({ what: "stopped", primary: works ? "restored" : "left-out" });
  return works ? [{ do: "set-primary", port: port.name }] : [];
}
