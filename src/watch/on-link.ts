import type { Event } from "./event.ts";
import { withIncident } from "./judge.ts";
import { cutOff, forgetUnderWay, newPath, type Path, pathWith } from "./path.ts";
import { vainStaysNow } from "./standing.ts";
import { type Note, type PortWatch, portOf, portWith, type State, stateWith, withPathsOf, withPort } from "./state.ts";

/** The carrier of a port came or went. What it carried must show itself anew: carrier alone says nothing of a path. */
export function onCarrier(state: State, name: string, up: boolean, note: Note): State {
  const port = portOf(state, name);
  if (port === undefined || port.gone || port.carrier === up) return state;
  const isSameTrouble = state.now - port.changedAt < state.config.tuning.reviveMs;
  const changes = isSameTrouble ? port.changes + 1 : 1;
  sayChange(state, port, up, changes, note);
  const punished = up || isSameTrouble ? port : withIncident(state, port);
  const changed = portWith(punished, { carrier: up, changes, changedAt: state.now, calmSince: state.now });
  const next = withPort(state, name, () => changed);
  return withPathsOf(next, name, (path) => (up ? forgetUnderWay(path, state.now) : cutOff(path, state.now)));
}

function sayChange(state: State, port: PortWatch, up: boolean, changes: number, note: Note): void {
  const { mostCarrierRecords } = state.config.tuning;
  if (changes <= mostCarrierRecords) note({ what: "carrier", port: port.name, up });
  else if (changes === mostCarrierRecords + 1) note({ what: "flapping", port: port.name });
}

/** A radio has joined its network or left it. Until its key is accepted it carries nothing, whatever its carrier says. */
export function onRadio(state: State, event: Extract<Event, { readonly type: "radio" }>, note: Note): State {
  const { port: name, joined, news, evidence } = event;
  const port = portOf(state, name);
  if (port === undefined || port.gone) return state;
  if (news !== "") note({ what: "radio", port: name, change: news, evidence });
  if (port.joined === joined) return state;
  const next = withPort(state, name, () => portWith(port, { joined, calmSince: state.now }));
  return withPathsOf(next, name, (path) => (joined ? forgetUnderWay(path, state.now) : cutOff(path, state.now)));
}

/** The LAN is no longer heard through a standby, or is again. */
export function onHearing(state: State, event: Extract<Event, { readonly type: "hearing" }>, note: Note): State {
  const { port: name, lost, evidence } = event;
  const port = portOf(state, name);
  if (port === undefined || port.unheard === lost) return state;
  note({ what: "radio", port: name, change: lost ? "unheard" : "heard", evidence });
  return withPort(state, name, () => portWith(port, { unheard: lost, calmSince: state.now }));
}

/** Says how a flapping ended, once the carrier has stayed as it is for a while. */
export function watchFlapping(state: State, note: Note): State {
  const { reviveMs, mostCarrierRecords } = state.config.tuning;
  const isOver = (port: PortWatch): boolean => port.changes > 0 && state.now - port.changedAt >= reviveMs;
  if (!state.ports.some(isOver)) return state;
  const ports = state.ports.map((port) => {
    if (!isOver(port)) return port;
    if (port.changes > mostCarrierRecords) {
      note({ what: "flapped", port: port.name, changes: port.changes, up: port.carrier });
    }
    return portWith(port, { changes: 0 });
  });
  return stateWith(state, { ports });
}

/** The port left the bond: it has no carrier for us until it is back. */
export function onGone(state: State, name: string, note: Note): State {
  const port = portOf(state, name);
  if (port === undefined || port.gone) return state;
  note({ what: "port-gone", port: name });
  const without = portWith(withIncident(state, port), { gone: true, carrier: false, calmSince: state.now });
  return withPathsOf(
    withPort(state, name, () => without),
    name,
    (path) => cutOff(path, state.now),
  );
}

/** The port is in the bond again; its carrier is told next. */
export function onBack(state: State, name: string, note: Note): State {
  if (portOf(state, name)?.gone !== true) return state;
  note({ what: "port-back", port: name });
  return withPort(state, name, (port) => portWith(port, { gone: false }));
}

/** The kernel (its own monitor, or somebody's hand) moved the bond: a fact to accept, not to fight. */
export function onKernelActive(state: State, name: string, note: Note): State {
  if (name === state.active)
    return withPort(state, name, (port) => (port.refusals === 0 ? port : portWith(port, { refusals: 0 })));
  note({ what: "kernel-moved", from: state.active, to: name });
  return moved(state, name);
}

/** The kernel kept its port: let the other be for a while. */
export function onRefused(state: State, name: string, active: string, note: Note): State {
  const { refusedMs, longestRefusedMs } = state.config.tuning;
  const port = portOf(state, name);
  if (port === undefined) return state;
  const retryMs = Math.min(longestRefusedMs, refusedMs * 2 ** port.refusals);
  note({ what: "refused", port: name, retryMs });
  const refusals = Math.min(port.refusals + 1, 16);
  const { order } = state;
  const shunned = portWith(port, { refusals, shunnedUntil: state.now + retryMs });
  const next = stateWith(
    withPort(state, name, () => shunned),
    { order: order.kind === "pin" && order.port === name ? { ...order, obeyed: false } : order },
  );
  return active === state.active ? next : moved(next, active);
}

/** Traffic goes elsewhere now. Probes that overlapped the change prove nothing; that a path has just failed is remembered, or
 *  its first answer would draw the traffic back. */
export function moved(state: State, to: string): State {
  const touched = [state.active, to];
  const paths = state.paths.map((path) => {
    if (!touched.includes(path.port)) return path;
    return portOf(state, path.port)?.probes !== "always"
      ? anew(state, path)
      : pathWith(forgetUnderWay(path, state.now), { heat: path.heat });
  });
  const { ports } = withPort(state, state.active, (port) => withStay(state, port));
  return stateWith(state, { active: to, movedAt: state.now, lossySince: undefined, paths, ports });
}

/** Where traffic stays for a moment, again and again, it is hardly better off than on a dead port: switches and neighbours learn each
 *  time where it is, and its sessions wait ever longer. */
function withStay(state: State, port: PortWatch): PortWatch {
  const isVain = !port.carrier && state.now - state.movedAt < state.config.tuning.reviveMs;
  return isVain ? portWith(port, { vainStays: vainStaysNow(port, state) + 1, vainAt: state.now }) : port;
}

function anew(state: State, path: Path): Path {
  return newPath(path.port, path.target, path.far, state.now);
}

/** The clock or the process stood still: what was under way means nothing, and nothing is decided for a while. */
export function onGap(state: State, gapMs: number, note: Note): State {
  note({ what: "suspended", gapMs });
  const paths = state.paths.map((path) => forgetUnderWay(path, state.now));
  const ports = state.ports.map((port) => portWith(port, { calmSince: state.now }));
  return stateWith(state, { paths, ports, lossySince: undefined, graceUntil: state.now + state.config.tuning.graceMs });
}
