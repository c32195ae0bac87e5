import { decide, lessLossy, penaltyNow } from "./decide.ts";
import { gradeOf } from "./grade.ts";
import { answered, expired, forgetUnderWay, isConvicted, isSaturated, type Path, sent } from "./path.ts";
import type { Effect, Event, PortWatch, Recorded, State } from "./state.ts";

/** The brain: what happened goes in, what to do comes out, in the order in which to do it. Records come before the
 *  acts they announce, so that a crash always leaves evidence. Total: an event about an unknown port changes nothing. */
export function step(before: State, event: Event): readonly [State, readonly Effect[]] {
  if (before.stopped) return [before, []];
  const effects: Effect[] = [];
  const note = (recorded: Recorded): void => void effects.push({ do: "record", event: recorded });
  let state = afterGap({ ...before, now: Math.max(before.now, event.at) }, before.now, note);
  state = takeIn(state, event, note);
  noteRevived(before, state, note);
  if (state.stopped) return [state, [...effects, ...farewell(state)]];
  // Most steps are signs of life while all is well: nothing follows from them.
  if (effects.length === 0 && (event.type === "answer" || event.type === "heard") && isQuiet(state)) return [state, []];
  state = withExpired(state);
  if (effects.length > 0 || !isQuiet(state)) state = act(judge(state, note), note, effects);
  state = probe(state, effects);
  state = { ...state, wakeAt: wakeAt(state) };
  effects.push({ do: "wake", at: state.wakeAt });
  return [state, effects];
}

/** All is well and as preferred: no verdict can change before something is lost. */
function isQuiet(state: State): boolean {
  const { ports, paths, config } = state;
  if (state.active !== config.ports[0]?.name || state.order.kind !== "auto" || state.drained.length > 0) return false;
  if (state.redundancy !== ports.length || state.outage !== undefined || state.lossySince !== undefined) return false;
  const isWell = (path: Path): boolean => path.health === "alive" && path.run.losses === 0;
  return (
    ports.every((port) => port.carrier) &&
    paths.every(isWell) &&
    !paths.some((path) => path.loss >= config.tuning.lossyAt)
  );
}

function withExpired(state: State): State {
  const paths = state.paths.map((path) => expired(path, state.now, state.config.tuning));
  return paths.every((path, index) => path === state.paths[index]) ? state : { ...state, paths };
}

type Note = (recorded: Recorded) => void;

/** A clock gap (suspend, stopped process): what was under way means nothing, and nothing is decided for a while. */
function afterGap(state: State, last: number, note: Note): State {
  const { gapMs: longest, graceMs } = state.config.tuning;
  if (state.now - state.wakeAt < longest) return state;
  const gapMs = state.now - last;
  note({ what: "suspended", gapMs });
  const paths = state.paths.map((path) => forgetUnderWay(path, state.now));
  return { ...state, paths, graceUntil: state.now + graceMs };
}

function takeIn(state: State, event: Event, note: Note): State {
  switch (event.type) {
    case "tick":
      return state;
    case "carrier":
      return onCarrier(state, event.port, event.up, note);
    case "kernel-active":
      return onKernelActive(state, event.port, note);
    case "answer":
      return withPath(state, event.port, event.target, (path) =>
        answered(path, event.id, state.now, state.config.tuning),
      );
    case "heard":
      return withPort(state, event.port, (port) => ({ ...port, heardAt: state.now }));
    case "pin":
      return { ...state, order: { kind: "pin", port: event.port } };
    case "auto":
      return { ...state, order: { kind: "auto" } };
    case "drain":
      return { ...state, drained: [...state.drained.filter((name) => name !== event.port), event.port] };
    case "undrain":
      return { ...state, drained: state.drained.filter((name) => name !== event.port) };
    case "stop":
      note({ what: "stopped" });
      return { ...state, stopped: true };
  }
}

/** Paths that live again, or answered for the first time after having been given up. */
function noteRevived(before: State, after: State, note: Note): void {
  if (before.paths === after.paths) return;
  after.paths.forEach((path, index) => {
    if (before.paths[index]?.health !== "dead" || path.health !== "alive") return;
    const evidence = `${path.answers.count} answers in a row`;
    note({ what: "path-alive", port: path.port, target: path.target, evidence });
  });
}

function onCarrier(state: State, name: string, up: boolean, note: Note): State {
  const port = state.ports.find((one) => one.name === name);
  if (port === undefined || port.carrier === up) return state;
  note({ what: "carrier", port: name, up });
  const punished = up ? port : { ...port, penalty: penaltyNow(port, state) + 1, penaltyAt: state.now };
  const next = withPort(state, name, () => ({ ...punished, carrier: up, calmSince: state.now }));
  return { ...next, paths: next.paths.map((path) => (path.port === name ? forgetUnderWay(path, state.now) : path)) };
}

/** The kernel (its own monitor, or somebody's hand) moved the bond: a fact to accept, not to fight. */
function onKernelActive(state: State, port: string, note: Note): State {
  if (port === state.active) return state;
  note({ what: "kernel-moved", from: state.active, to: port });
  return settled({ ...state, active: port, movedAt: state.now }, [state.active, port]);
}

/** Probes that overlapped a move prove nothing. */
function settled(state: State, ports: readonly string[]): State {
  const paths = state.paths.map((path) => (ports.includes(path.port) ? forgetUnderWay(path, state.now) : path));
  return { ...state, paths };
}

/** Verdicts on paths, calm, redundancy, outage: everything that follows from the evidence without an act. */
function judge(state: State, note: Note): State {
  const paths = state.paths.map((path) => verdict(state, path, note));
  const ports = state.ports.map((port) => unsettledCalm(state, port, paths));
  const next = { ...state, paths, ports };
  const active = ports.find((port) => port.name === state.active);
  const lossy = active !== undefined && lessLossy(next, active) !== undefined;
  const lossySince = lossy ? (state.lossySince ?? state.now) : undefined;
  return watchOutage(watchRedundancy({ ...next, lossySince }, note), active, note);
}

function verdict(state: State, path: Path, note: Note): Path {
  const watched = state.config.ports.find((port) => port.name === path.port);
  if (path.health === "alive" && isConvicted(path, state.now, state.config.tuning, watched?.medium ?? "wired")) {
    if (isExcused(state, path)) return path;
    const evidence = `${path.run.losses} probes in a row without an answer, usual loss ${(path.loss * 100).toFixed(1)} %`;
    note({ what: "path-dead", port: path.port, target: path.target, evidence });
    return { ...path, health: "dead", answers: { count: 0, since: state.now } };
  }
  return path;
}

/** A full line is not a dead line: answers came ever later, and the router is still heard. */
function isExcused(state: State, path: Path): boolean {
  const heardAt = state.ports.find((port) => port.name === path.port)?.heardAt ?? Number.NEGATIVE_INFINITY;
  const grace = state.config.tuning.saturationGraceMs;
  return isSaturated(path) && heardAt >= path.run.since && state.now - path.run.since < grace;
}

/** Calm begins anew with every death or lack of carrier. */
function unsettledCalm(state: State, port: PortWatch, paths: readonly Path[]): PortWatch {
  const mine = paths.filter((path) => path.port === port.name);
  const died = mine.some(
    (path) =>
      path.health === "dead" &&
      state.paths.some((old) => old.port === path.port && old.target === path.target && old.health === "alive"),
  );
  if (died) return { ...port, penalty: penaltyNow(port, state) + 1, penaltyAt: state.now, calmSince: state.now };
  return port.carrier && !mine.some((path) => path.health === "dead") ? port : { ...port, calmSince: state.now };
}

function watchRedundancy(state: State, note: Note): State {
  const best = Math.max(...state.ports.map((port) => gradeOf(state, port)));
  const usable = best < 2 ? 0 : state.ports.filter((port) => gradeOf(state, port) === best).length;
  if (usable === state.redundancy) return state;
  note({ what: "redundancy", usable, declared: state.ports.length });
  return { ...state, redundancy: usable };
}

function watchOutage(state: State, active: PortWatch | undefined, note: Note): State {
  const grade = active === undefined ? 0 : gradeOf(state, active);
  if (state.outage === undefined && grade < 2 && hasEverWorked(state)) {
    const cause = grade === 0 ? "carrier-lost" : "path-dead";
    const nobody = state.ports.every((port) => gradeOf(state, port) < 2);
    note({
      what: "outage-begins",
      cause,
      evidence: nobody ? "no port reaches anything: a group failure" : "the active port reaches nothing",
    });
    return { ...state, outage: { since: state.now, cause } };
  }
  if (state.outage !== undefined && grade >= 2) {
    note({ what: "outage-ends", lastedMs: state.now - state.outage.since, cause: state.outage.cause });
    return { ...state, outage: undefined };
  }
  return state;
}

function hasEverWorked(state: State): boolean {
  return state.paths.length === 0 || state.paths.some((path) => path.health !== "unknown");
}

function act(state: State, note: Note, effects: Effect[]): State {
  const move = decide(state);
  if (move === undefined) return state;
  const { to, cause, evidence } = move;
  note({ what: "moved", from: state.active, to, cause, noticedAfterMs: state.now - move.since, evidence });
  effects.push({ do: "set-active", port: to, cause }, { do: "refresh", port: to });
  const moved = settled({ ...state, active: to, movedAt: state.now, lossySince: undefined }, [state.active, to]);
  return watchOutage(
    moved,
    moved.ports.find((port) => port.name === to),
    note,
  );
}

/** Sends what is due. A path with losses under way is probed in a burst, and so is every rival, to compare. */
function probe(state: State, effects: Effect[]): State {
  const trouble = state.paths.some((path) => path.run.losses > 0 && path.health === "alive");
  let { seed, nextId } = state;
  const paths = state.paths.map((path) => {
    const carrier = state.ports.find((port) => port.name === path.port)?.carrier ?? false;
    const due = isHurried(state, path, trouble)
      ? Math.min(path.nextProbeAt, lastSent(path) + state.config.tuning.burstEveryMs)
      : path.nextProbeAt;
    if (!carrier || due > state.now) return path;
    const id = nextId++;
    effects.push({ do: "probe", port: path.port, target: path.target, id });
    const [after, seedAfter] = sent(path, id, state.now, interval(state, path), seed, state.config.tuning);
    seed = seedAfter;
    return after;
  });
  return { ...state, paths, seed, nextId };
}

function isHurried(state: State, path: Path, trouble: boolean): boolean {
  if (path.health === "unknown") return false;
  if (path.run.losses > 0 && path.health === "alive") return true;
  const activeInTrouble = state.paths.some(
    (one) => one.port === state.active && one.run.losses > 0 && one.health === "alive",
  );
  return trouble && activeInTrouble && (path.port === state.active) === path.far;
}

function lastSent(path: Path): number {
  return path.outstanding.at(-1)?.sentAt ?? Number.NEGATIVE_INFINITY;
}

function interval(state: State, path: Path): number {
  const { tuning } = state.config;
  const isActive = path.port === state.active;
  if (path.far) return isActive ? tuning.farActiveEveryMs : tuning.farStandbyEveryMs;
  return isActive ? tuning.activeEveryMs : tuning.standbyEveryMs;
}

/** The next moment at which something may be due. */
function wakeAt(state: State): number {
  let at = state.now + 1_000;
  const trouble = state.paths.some((path) => path.run.losses > 0 && path.health === "alive");
  for (const path of state.paths) {
    const carrier = state.ports.find((port) => port.name === path.port)?.carrier ?? false;
    for (const one of path.outstanding) if (!one.expired) at = Math.min(at, one.expiresAt);
    if (!carrier) continue;
    const burst = isHurried(state, path, trouble)
      ? lastSent(path) + state.config.tuning.burstEveryMs
      : Number.POSITIVE_INFINITY;
    at = Math.min(at, path.nextProbeAt, burst);
  }
  return Math.max(at, state.now + 1);
}

/** On a clean end the kernel gets its primary back and goes on alone. */
function farewell(state: State): readonly Effect[] {
  const [first] = state.config.ports;
  return first === undefined ? [] : [{ do: "set-primary", port: first.name }];
}

function withPath(state: State, port: string, target: string, change: (path: Path) => Path): State {
  return {
    ...state,
    paths: state.paths.map((path) => (path.port === port && path.target === target ? change(path) : path)),
  };
}

function withPort(state: State, name: string, change: (port: PortWatch) => PortWatch): State {
  return { ...state, ports: state.ports.map((port) => (port.name === name ? change(port) : port)) };
}
