import type { Host, HostError } from "../host/ports.ts";
import { ok, type Result } from "../model/result.ts";
import type { Kept } from "../watch/chronicle.ts";
import type { Effect } from "../watch/effect.ts";
import type { Event } from "../watch/event.ts";
import { start } from "../watch/start.ts";
import type { State, WatchConfig } from "../watch/state.ts";
import { step } from "../watch/step.ts";
import { type BondView, changesBetween, hasCarrier } from "./bond-view.ts";
import type { AgentPlan } from "./plan.ts";
import type { Marks } from "./probe-frames.ts";
import { newProber, type Prober } from "./prober.ts";
import { announce, announceAtMs, putRouter, type RefreshTools, refreshTables } from "./refresh.ts";
import { type WatchedLinks, watchLinks } from "./watched-links.ts";

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
}

/** A running agent. */
export interface Agent {
  /** What the brain knows now; undefined: the bond hasn't appeared yet. */
  state(): State | undefined;
  view(): BondView;
  routerMac(port: string): string | undefined;
  /** An operator's order, or another configuration. */
  tell(event: Order): void;
  /** Gives the kernel its primary back and lets go of everything. */
  stop(): void;
}

export type Order = WithoutMoment<
  Extract<Event, { type: "pin" | "auto" | "drain" | "undrain" | "reselect-now" | "config" }>
>;
type WithoutMoment<E> = E extends unknown ? Omit<E, "at"> : never;

interface Running {
  readonly deps: AgentDeps;
  readonly prober: Prober;
  readonly tools: RefreshTools;
  links: WatchedLinks | undefined;
  state: State | undefined;
  /** Events that happened while another was being dealt with. */
  readonly queue: Event[];
  isBusy: boolean;
  isKnown: boolean;
  stopped: boolean;
  asleep: number;
  announcements: NodeJS.Timeout[];
}

/** Begins to watch a bond, which needn't exist yet. The error: this process may not, or this is no Linux with netlink. */
export function startAgent(deps: AgentDeps): Result<Agent, HostError> {
  const running = newRunning(deps);
  const { plan, host } = deps;
  const links = watchLinks(host, { bond: plan.watch.bond, holder: plan.holder }, (before, after) =>
    onLinks(running, before, after),
  );
  if (!links.ok) return links;
  running.links = links.value;
  begin(running, links.value.view());
  return ok({
    state: () => running.state,
    view: () => links.value.view(),
    routerMac: (port) => running.prober.routerMac(port),
    tell: (event) => dispatch(running, { ...event, at: host.time.now() } as Event),
    stop: () => stop(running),
  });
}

function newRunning(deps: AgentDeps): Running {
  const { host, plan } = deps;
  const at = (): number => host.time.now();
  const prober = newProber(
    host,
    {
      ports: plan.watch.ports,
      ownAddress: new Map(
        plan.uplinks.flatMap(({ port, address }) =>
          address === undefined ? [] : [[port, address.split("/")[0] ?? ""]],
        ),
      ),
      marks: deps.marks,
    },
    {
      onAnswer: (port, target, id, when) => dispatch(running, { type: "answer", at: when, port, target, id }),
      onHeard: (port) => dispatch(running, { type: "heard", at: at(), port }),
      onRouterMac: (port) => putRouter(tools, port),
      onShared: (one, other) => onShared(running, one, other),
    },
  );
  const tools: RefreshTools = {
    host,
    view: () => running.links?.view() ?? { bond: undefined, holder: undefined, ports: new Map(), active: "" },
    uplinks: plan.uplinks,
    routerOf: (port) => plan.watch.ports.find(({ name }) => name === port)?.router,
    routerMac: prober.routerMac,
    send: prober.send,
    onTrouble: deps.log,
  };
  const running: Running = {
    deps,
    prober,
    tools,
    links: undefined,
    state: undefined,
    queue: [],
    isBusy: false,
    isKnown: false,
    stopped: false,
    asleep: host.time.asleep(),
    announcements: [],
  };
  return running;
}

/** The kernel's links changed. The first time the bond is there, the brain begins. */
function onLinks(running: Running, before: BondView, after: BondView): void {
  if (running.stopped || running.links === undefined) return;
  if (running.state === undefined) return begin(running, after);
  follow(running, after);
  const at = running.deps.host.time.now();
  const watched = running.deps.plan.watch.ports.map(({ name }) => name);
  for (const change of changesBetween(before, after, watched)) dispatch(running, { ...change, at } as Event);
}

function begin(running: Running, view: BondView): void {
  if (view.bond === undefined || running.state !== undefined) return;
  const { plan, host, seed } = running.deps;
  follow(running, view);
  const withCarrier = [...view.ports].flatMap(([name, link]) => (hasCarrier(link) ? [name] : []));
  const at = host.time.now();
  running.state = start(withKernelsPrimary(plan.watch, view), { at, seed, active: view.active, withCarrier });
  for (const { name } of plan.watch.ports)
    if (!view.ports.has(name)) dispatch(running, { type: "port-gone", at, port: name });
  dispatch(running, { type: "tick", at });
}

/** A primary that is set on the live bond and declared nowhere is given back at the end too. */
function withKernelsPrimary(config: WatchConfig, view: BondView): WatchConfig {
  if (config.primary !== undefined) return config;
  const index = view.bond?.bond?.primary ?? 0;
  const found = [...view.ports].find(([, link]) => link.index === index);
  return found === undefined ? config : { ...config, primary: found[0] };
}

function follow(running: Running, view: BondView): void {
  const list = running.deps.host.tables.addresses();
  const index = view.holder?.index;
  const own = list.ok ? list.value.filter((one) => one.index === index) : [];
  // A link-local source is what neighbours of the same link are asked with.
  const sorted = own.toSorted((a, b) => Number(b.scope === "link") - Number(a.scope === "link"));
  running.prober.follow(
    view,
    sorted.map(({ ip }) => ip),
  );
}

/** Events are dealt with one after the other, also those that arise meanwhile. */
function dispatch(running: Running, event: Event): void {
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
  if (!running.isKnown && isAllKnown(state)) {
    running.isKnown = true;
    running.deps.onKnown();
  }
}

/** Is it known of every path that can be probed now whether it answers? */
function isAllKnown(state: State): boolean {
  const isOpen = state.paths.some((path) => {
    const port = state.ports.find(({ name }) => name === path.port);
    const isProbed = port?.carrier === true && (port.probes === "always" || port.name === state.active);
    return isProbed && path.health === "unknown";
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
      prober.probe(effect.port, effect.target, effect.id);
      break;
    case "wake":
      deps.host.time.wakeAt(effect.at, () => onWake(running));
      break;
    case "set-active":
      setActive(running, effect.port);
      break;
    case "refresh":
      refresh(running, effect.port);
      break;
    case "set-primary":
      setPrimary(running, effect.port);
  }
}

/** What lies unread is taken in before the clock is asked: an answer that waited for us is no loss. */
function onWake(running: Running): void {
  if (running.stopped) return;
  running.links?.drain();
  running.prober.drain();
  const { time } = running.deps.host;
  const asleep = time.asleep();
  const gapMs = asleep - running.asleep;
  running.asleep = asleep;
  if (gapMs > LONG_SLEEP_MS) dispatch(running, { type: "suspended", at: time.now(), gapMs: Math.round(gapMs) });
  dispatch(running, { type: "tick", at: time.now() });
}

/** The two clocks are read one after the other: less than this is no sleep. */
const LONG_SLEEP_MS = 1_000;

function setActive(running: Running, name: string): void {
  const { deps, links } = running;
  const view = links?.view();
  const port = view?.ports.get(name);
  const at = deps.host.time.now();
  if (view?.bond === undefined || port === undefined) {
    return dispatch(running, { type: "refused", at, port: name, active: view?.active ?? "" });
  }
  const done = deps.host.net.setActivePort(view.bond.index, port.index);
  // The kernel's own word, with the addresses as they are now: a bond may have taken another.
  links?.refresh();
  const active = links?.view().active ?? "";
  if (!done.ok) deps.log(`${deps.plan.watch.bond} stays on ${active}: ${done.error.message}`);
  dispatch(
    running,
    done.ok ? { type: "kernel-active", at, port: active } : { type: "refused", at, port: name, active },
  );
}

function setPrimary(running: Running, name: string | undefined): void {
  const { deps, links } = running;
  const view = links?.view();
  const port = name === undefined ? 0 : view?.ports.get(name)?.index;
  if (view?.bond === undefined || port === undefined || view.bond.bond?.primary === port) return;
  const done = deps.host.net.setPrimary(view.bond.index, port);
  if (!done.ok) deps.log(`the primary of ${deps.plan.watch.bond} stays as it is: ${done.error.message}`);
}

function refresh(running: Running, port: string): void {
  refreshTables(running.tools, port);
  for (const timer of running.announcements) clearTimeout(timer);
  announce(running.tools, port);
  running.announcements = announceAtMs
    .filter((ms) => ms > 0)
    .map((ms) => setTimeout(() => announce(running.tools, port), ms));
}

/** Two ports on one LAN: through the standby nothing beyond the router can be probed without misleading that LAN. */
function onShared(running: Running, one: string, other: string): void {
  const { state, deps } = running;
  const far = state?.config.ports.some((port) => port.far.length > 0) ?? false;
  if (state === undefined || !far) return;
  deps.log(`${one} and ${other} are on one LAN: only their router is probed`);
  const ports = state.config.ports.map((port) => ({ ...port, far: [] }));
  dispatch(running, { type: "config", at: deps.host.time.now(), config: { ...state.config, ports } });
}

function stop(running: Running): void {
  if (running.stopped) return;
  dispatch(running, { type: "stop", at: running.deps.host.time.now() });
  running.stopped = true;
  for (const timer of running.announcements) clearTimeout(timer);
  running.deps.host.time.rest();
  running.prober.close();
  running.links?.stop();
}
