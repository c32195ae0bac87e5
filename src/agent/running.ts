import type { Host } from "../host/ports.ts";
import type { Beyond } from "../watch/beyond.ts";
import type { Kept } from "../watch/chronicle.ts";
import type { Cause, Effect } from "../watch/effect.ts";
import type { Event } from "../watch/event.ts";
import { isQuietAt } from "../watch/quiet.ts";
import { pathKey } from "../watch/start.ts";
import type { State, WatchConfig } from "../watch/state.ts";
import { step } from "../watch/step.ts";
import { type BondView, hasCarrier } from "./bond-view.ts";
import { BOTH_HEARD_MS, type BothHeard, hearBoth } from "./hear-both.ts";
import type { LanHearing } from "./hear-lan.ts";
import { lookBeyond, upsetBeyond } from "./look-beyond.ts";
import type { AgentPlan } from "./plan.ts";
import type { Marks } from "./probe-frames.ts";
import type { Prober } from "./prober.ts";
import { announce, announceAtMs, type RefreshTools, refreshTables } from "./refresh.ts";
import { leaveOtherUplinks, useUplink } from "./use-uplink.ts";
import { thinkAhead } from "./warm-up.ts";
import type { RadioWatch } from "./watch-radios.ts";
import type { WatchedLinks } from "./watched-links.ts";

/** What an agent is given. */
export interface AgentDeps {
  readonly host: Host;
  readonly plan: AgentPlan;
  /** Keeps an event; when it returns, a kill doesn't lose it. */
  readonly record: (event: Kept) => void;
  /** One line for people. */
  readonly log: (line: string) => void;
  /** Randomness: 32 bits for the brain, and what makes our echoes ours. */
  readonly seed: number;
  readonly marks: Marks;
  /** Called once, when it is known of every path whether it answers. */
  readonly onKnown: () => void;
  /** What a killed agent leaves to the next one of the same boot: the paths that answer. Absent: nothing. */
  readonly memory?: Memory;
  /** Counts probes. */
  readonly tally: {
    readonly sent: (port: string, target: string, id: number, at: number) => void;
    readonly answered: (id: number, at: number) => void;
  };
}

export interface Memory {
  /** Paths that answer, by `pathKey`. */
  readonly answered: readonly string[];
  /** Which ports the bond was made to hear: both, for the moment after a move, or as it is configured. */
  readonly heard: "both" | "active";
  /** Fails in silence: it is only a quicker start. */
  readonly keep: (answered: readonly string[]) => void;
  readonly keepHeard: (heard: "both" | "active") => void;
}

/** An agent's inside: the brain's state, and the hands that do what it wants. */
export interface Running {
  readonly deps: AgentDeps;
  /** As declared, and as it is gone by: with the router found where none is declared. */
  declared: AgentPlan;
  plan: AgentPlan;
  readonly prober: Prober;
  readonly tools: RefreshTools;
  links: WatchedLinks | undefined;
  readonly radios: RadioWatch;
  readonly hearing: LanHearing;
  state: State | undefined;
  /** Events that happened while another was being dealt with. */
  readonly queue: Event[];
  isBusy: boolean;
  isKnown: boolean;
  stopped: boolean;
  /** The bond is being moved by us, this moment. */
  isMoving: boolean;
  /** What the kernel does with the active port is about to be taken back. */
  isTakenBack: boolean;
  /** The port that joined the bond last, and when; undefined: none since the agent began. */
  joined: { readonly port: string; readonly at: number } | undefined;
  /** The brain has asked to be woken, and hasn't been yet. */
  isWakeSet: boolean;
  /** What we made the bond's primary, by ifindex: not somebody else's doing. */
  ownPrimary: number | undefined;
  /** How long the machine had been suspended when last asked, ms. */
  asleep: number;
  announcements: NodeJS.Timeout[];
  /** Takes away what belongs to the uplinks that were left, once answers to it have come in. */
  leaving: NodeJS.Timeout | undefined;
  /** Looks at the routes, once they have come to rest. */
  routesLook: NodeJS.Timeout | undefined;
  /** Undefined: only the active port is heard. */
  bothHeard: BothHeard | undefined;
  /** What lies beyond the router where no port leads elsewhere, and the configuration its targets were taken from. */
  beyond: Beyond;
  beyondOf: WatchConfig | undefined;
}

/** The two clocks are read one after the other: less than this is no sleep. */
const LONG_SLEEP_MS = 1_000;

/** Tells the brain, and does what it wants. Events are dealt with one after the other, also those that arise meanwhile. */
export function dispatch(running: Running, event: Event): void {
  running.queue.push(event);
  if (running.isBusy) return;
  running.isBusy = true;
  try {
    for (let next = running.queue.shift(); next !== undefined; next = running.queue.shift()) decideOn(running, next);
  } finally {
    running.isBusy = false;
  }
}

function decideOn(running: Running, event: Event): void {
  if (running.state === undefined) return;
  const [state, effects] = step(running.state, event);
  running.state = state;
  for (const effect of effects) perform(running, effect);
  if (running.isKnown) {
    if (effects.some((effect) => effect.do === "record")) keepInMind(running);
  } else if (isAllKnown(state)) {
    running.isKnown = true;
    keepInMind(running);
    thinkAhead(state);
    running.deps.onKnown();
  }
}

function keepInMind({ deps, state }: Running): void {
  deps.memory?.keep(state?.paths.filter(({ health }) => health === "alive").map(pathKey) ?? []);
}

/** Is it known of every path that can be probed now whether it answers? */
function isAllKnown(state: State): boolean {
  const isOpen = state.paths.some((path) => {
    const port = state.ports.find(({ name }) => name === path.port);
    const isProbed = port?.carrier === true && (port.probes === "always" || port.name === state.active);
    // One that answered an earlier agent must answer this one.
    const isHearsay = path.health === "alive" && path.rtt.least === Number.POSITIVE_INFINITY;
    return isProbed && (path.health === "unknown" || isHearsay);
  });
  return state.redundancy !== undefined && !isOpen;
}

function perform(running: Running, effect: Effect): void {
  const { deps, prober } = running;
  switch (effect.do) {
    case "record":
      deps.record(effect.event);
      break;
    case "probe":
      deps.tally.sent(effect.port, effect.target, effect.id, deps.host.time.now());
      prober.probe(effect.port, effect.target, effect.id);
      break;
    case "wake":
      setWake(running, effect.at);
      break;
    case "set-active":
      setActive(running, effect.port, effect.cause);
      break;
    case "refresh":
      refresh(running, effect.port);
      break;
    case "set-primary":
      setPrimary(running, effect.port);
  }
}

function setWake(running: Running, at: number): void {
  running.isWakeSet = true;
  running.deps.host.time.wakeAt(at, () => onWake(running));
}

function onWake(running: Running): void {
  if (running.stopped) return;
  running.isWakeSet = false;
  const now = takeInUnread(running);
  const { time } = running.deps.host;
  const asleep = time.asleep();
  const gapMs = asleep - running.asleep;
  running.asleep = asleep;
  if (gapMs > LONG_SLEEP_MS) {
    upsetBeyond(running);
    dispatch(running, { type: "suspended", at: time.now(), gapMs: Math.round(gapMs) });
  }
  dispatch(running, { type: "tick", at: now });
  lookBeyond(running);
  lookAround(running);
  // It says so only when the time changes; without an alarm it would never be asked again.
  if (!running.isWakeSet && running.state !== undefined) setWake(running, running.state.wakeAt);
}

/** What lies unread is taken in before the clock is asked: an answer that waited for us is no loss. Nearly always there is nothing
 *  to decide yet, and the loop will bring it in a moment. Returns the moment that this is true of, monotonic ms: a later one might decide. */
function takeInUnread({ state, links, radios, prober, deps }: Running): number {
  const { time } = deps.host;
  const now = time.now();
  if (state !== undefined && isQuietAt(state, now)) {
    prober.listen();
    return now;
  }
  links?.drain();
  radios.drain();
  prober.drain();
  return time.now();
}

/** Listens through standbys that can't be probed. */
function lookAround({ state, links, hearing, deps }: Running): void {
  const view = links?.view();
  if (state !== undefined && view !== undefined) hearing.look({ state, view, at: deps.host.time.now() });
}

function setActive(running: Running, name: string, cause: Cause): void {
  const { deps, links } = running;
  const view = links?.view();
  const port = view?.ports.get(name);
  const at = deps.host.time.now();
  if (view?.bond === undefined || port === undefined) {
    dispatch(running, { type: "refused", at, port: name, active: view?.active ?? "" });
    return;
  }
  if (cause === "reselect" || cause === "operator" || cause === "drained" || cause === "lossy") hearBoth(running);
  const done = deps.host.net.setActivePort(view.bond.index, port.index);
  // The kernel's own word, with the addresses as they are now: the bond may have taken another. It was told within the call;
  // a list read anew would be overtaken by what still lies unread.
  running.isMoving = true;
  links?.drain();
  running.isMoving = false;
  if (done.ok && links?.view().active !== name) links?.refresh();
  const active = links?.view().active ?? "";
  if (!done.ok) deps.log(`${running.plan.watch.bond} stays on ${active}: ${done.error.message}`);
  dispatch(
    running,
    done.ok ? { type: "kernel-active", at, port: active } : { type: "refused", at, port: name, active },
  );
}

function setPrimary(running: Running, name: string | undefined): void {
  const { deps, links, plan } = running;
  // What is still unread was the kernel's own will.
  links?.drain();
  const view = links?.view();
  const port = name === undefined ? 0 : view?.ports.get(name)?.index;
  if (view?.bond === undefined || port === undefined || view.bond.bond?.primary === port) return;
  running.ownPrimary = port;
  const done = deps.host.net.setPrimary(view.bond.index, port);
  if (!done.ok) deps.log(`the primary of ${plan.watch.bond} stays as it is: ${done.error.message}`);
  else if (port === 0) stayWithoutPrimary(running, view);
}

/** Since Linux 6.0 a bond that has no primary any more, or has none when a port joins, goes to the first of its ports that is up
 *  (bond_choose_primary_or_current), and with that the traffic of a host to whichever joined first. It is sent back within the same moment
 *  to the port that is active in `view`, and nothing has happened. */
export function stayWithoutPrimary(running: Running, { bond, active, ports }: BondView): void {
  const { deps, links } = running;
  const port = ports.get(active);
  if (bond === undefined || port === undefined || !hasCarrier(port)) return;
  running.isTakenBack = true;
  links?.drain();
  const isElsewhere = links?.view().active !== active;
  if (isElsewhere) deps.host.net.setActivePort(bond.index, port.index);
  links?.drain();
  running.isTakenBack = false;
  const left = links?.view().active ?? "";
  if (left !== active) {
    if (left !== "") refresh(running, left);
    dispatch(running, { type: "kernel-active", at: deps.host.time.now(), port: left });
  } else if (isElsewhere) {
    // The kernel has announced the host through the other port, too: whoever hears that last is told better.
    announceRepeatedly(running, active);
  }
}

/** Puts right what a move leaves stale, and announces it. */
export function refresh(running: Running, port: string): void {
  const { tools } = running;
  refreshTables(tools, port);
  // Among what is announced is an address that has only just been put in.
  running.links?.forgetAddresses();
  announceRepeatedly(running, port);
  clearTimeout(running.leaving);
  running.leaving = setTimeout(() => leaveOtherUplinks(tools, tools.view().active), BOTH_HEARD_MS);
}

function announceRepeatedly(running: Running, port: string): void {
  const { tools } = running;
  for (const timer of running.announcements) clearTimeout(timer);
  announce(tools, port);
  running.announcements = announceAtMs.filter((ms) => ms > 0).map((ms) => setTimeout(() => announce(tools, port), ms));
}

/** What an earlier run that was killed has left half done: the host as its active port wants it. Its router may still have the
 *  MAC address of a probe for the host's. */
export function settleUplinks(running: Running): void {
  const { active } = running.tools.view();
  if (running.plan.uplinks.length === 0 || active === "") return;
  useUplink(running.tools, active);
  running.links?.forgetAddresses();
  leaveOtherUplinks(running.tools, active);
  running.links?.forgetAddresses();
  announceRepeatedly(running, active);
}
