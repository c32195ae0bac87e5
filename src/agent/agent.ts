import type { HostError } from "../host/ports.ts";
import { ok, type Result } from "../model/result.ts";
import { BEYOND_IDS, type Beyond, newBeyond } from "../watch/beyond.ts";
import type { Event } from "../watch/event.ts";
import { start } from "../watch/start.ts";
import type { State, WatchConfig } from "../watch/state.ts";
import type { LinkAddress } from "../wire/address.ts";
import type { Association } from "./association.ts";
import { type BondView, changesBetween, hasCarrier, nothingSeen } from "./bond-view.ts";
import { withFoundRouter } from "./find-router.ts";
import { hearActive, hearActiveAgain } from "./hear-both.ts";
import { hearLan } from "./hear-lan.ts";
import { heardBeyond, upsetBeyond } from "./look-beyond.ts";
import { policyBesideMain } from "./other-tables.ts";
import { type AgentPlan, underPolicy } from "./plan.ts";
import type { Marks } from "./probe-frames.ts";
import type { ProberSettings } from "./probed-port.ts";
import { newProber } from "./prober.ts";
import { announce, meetAgain, type RefreshTools, refreshTables } from "./refresh.ts";
import { type AgentDeps, dispatch, type Running, refresh, settleUplinks, stayWithoutPrimary } from "./running.ts";
import { leaveOtherUplinks } from "./use-uplink.ts";
import { watchRadios } from "./watch-radios.ts";
import { watchLinks } from "./watched-links.ts";

export type { AgentDeps } from "./running.ts";

/** A running agent. */
export interface Agent {
  /** What the brain knows now; undefined: the bond hasn't appeared yet. */
  state(): State | undefined;
  /** Whether anything beyond the router answers, where no port probes that. */
  beyond(): Beyond;
  view(): BondView;
  /** The host's own, as the bond (or what stands on it) bears them. */
  addresses(): readonly LinkAddress[];
  /** What a port's radio has joined, and how well it hears it; undefined: it is none. */
  radio(port: string): Association | undefined;
  plan(): AgentPlan;
  /** An operator's order. */
  tell(order: Order): void;
  /** Goes by another plan from now on, without forgetting what is known. The bond must be the same. */
  replan(plan: AgentPlan): void;
  /** Gives the kernel its primary back and lets go of everything. */
  stop(): void;
}

export type Order = WithoutMoment<Extract<Event, { type: "pin" | "auto" | "drain" | "undrain" | "reselect-now" }>>;
type WithoutMoment<E> = E extends unknown ? Omit<E, "at"> : never;

/** Begins to watch a bond, which needn't exist yet. The error: this process may not, or this is no Linux with netlink. */
export function startAgent(deps: AgentDeps): Result<Agent, HostError> {
  const running = newRunning(deps);
  const { plan, host } = deps;
  const links = watchLinks(
    host,
    { bond: plan.watch.bond, holder: plan.holder },
    (before, after) => onLinks(running, before, after),
    () => onRoutes(running),
  );
  if (!links.ok) return links;
  running.links = links.value;
  begin(running, links.value.view());
  return ok({
    state: () => running.state,
    beyond: () => running.beyond,
    view: links.value.view,
    addresses: links.value.addresses,
    radio: running.radios.of,
    plan: () => running.plan,
    tell: (order) => dispatch(running, { ...order, at: host.time.now() }),
    replan(next) {
      running.declared = next;
      replan(running, complete(running, links.value.view()));
    },
    stop: () => stop(running),
  });
}

function newRunning(deps: AgentDeps): Running {
  const { host, plan } = deps;
  const now = (): number => host.time.now();
  const prober = newProber(host, proberSettings(plan, deps.marks), {
    onAnswer(port, target, id, at) {
      deps.tally.answered(id, at);
      if (id >= BEYOND_IDS) {
        heardBeyond(running, { port, id, at });
        return;
      }
      dispatch(running, { type: "answer", at, port, target, id });
    },
    onUnsent: (port, target, id) => {
      if (id < BEYOND_IDS) dispatch(running, { type: "unsent", at: now(), port, target, id });
    },
    onHeard: (port) => dispatch(running, { type: "heard", at: now(), port }),
    onRouterSeen: (port) => meetAgain(tools, port),
    onTrouble: (port, what) => deps.log(`${port} can't be probed: ${what}`),
    onShared: (one, other) => onShared(running, one, other),
  });
  const tools: RefreshTools = {
    host,
    view: () => running.links?.view() ?? nothingSeen,
    addresses: () => running.links?.addresses() ?? [],
    uplinks: () => running.plan.uplinks,
    routerOf: (port) => running.plan.watch.ports.find(({ name }) => name === port)?.router,
    routerMac: prober.routerMac,
    areShared: prober.areShared,
    send: prober.send,
    onTrouble: deps.log,
  };
  const running: Running = {
    deps,
    declared: plan,
    plan,
    prober,
    tools,
    links: undefined,
    hearing: hearLan(host, prober, (event) => dispatch(running, event)),
    radios: watchRadios(host.radios, (port, told) => dispatch(running, { type: "radio", at: now(), port, ...told })),
    state: undefined,
    queue: [],
    isBusy: false,
    isKnown: false,
    stopped: false,
    isMoving: false,
    isTakenBack: false,
    joined: undefined,
    isWakeSet: false,
    ownPrimary: undefined,
    asleep: host.time.asleep(),
    announcements: [],
    leaving: undefined,
    routesLook: undefined,
    bothHeard: undefined,
    beyond: newBeyond([], deps.seed),
    beyondOf: undefined,
  };
  return running;
}

function proberSettings(plan: AgentPlan, marks: Marks): ProberSettings {
  const own = plan.uplinks.flatMap(({ port, address }) =>
    address === undefined ? [] : ([[port, address.split("/")[0] ?? ""]] as const),
  );
  const { vlan, beyond } = plan;
  return { ports: plan.watch.ports, ownAddress: new Map(own), marks, beyond, ...(vlan === undefined ? {} : { vlan }) };
}

/** The kernel's links changed. The first time the bond is there, the brain begins. */
function onLinks(running: Running, before: BondView, after: BondView): void {
  if (running.stopped || running.links === undefined) return;
  if (running.state === undefined) {
    begin(running, after);
    return;
  }
  follow(running, after);
  if (before.bond?.bond?.failOverMac !== after.bond?.bond?.failOverMac) replan(running, complete(running, after));
  // Moved by the kernel itself or by somebody's hand: what it left stale is as stale as after a move of ours.
  const isMoved = after.active !== "" && after.active !== before.active;
  const at = running.deps.host.time.now();
  for (const port of after.ports.keys()) if (!before.ports.has(port)) running.joined = { port, at };
  const isOfJoining = isMoved && isWhatAJoinDoes(running, before, after);
  if (isOfJoining) stayWithoutPrimary(running, { ...after, active: before.active });
  const isTakenBack = running.isTakenBack || isOfJoining;
  if (isMoved && !running.isMoving && !isTakenBack) refresh(running, after.active);
  const watched = running.plan.watch.ports.map(({ name }) => name);
  for (const change of changesBetween(before, after, watched)) {
    const isOurs = change.type === "drift" && change.option === "primary";
    if (isOurs && after.bond?.bond?.primary === running.ownPrimary) continue;
    if (change.type === "kernel-active" && isTakenBack) continue;
    if (change.type === "carrier" && change.port === after.active) upsetBeyond(running);
    dispatch(running, { ...change, at });
  }
}

/** A port has just joined, and the bond has left one that works, for one that was there before: the kernel's own doing, which is nobody's
 *  will. */
function isWhatAJoinDoes({ isMoving, isTakenBack, joined, deps }: Running, before: BondView, after: BondView): boolean {
  if (isMoving || isTakenBack || joined === undefined || joined.port === after.active) return false;
  const isNow = deps.host.time.now() - joined.at < JOINING_MS;
  return isNow && after.bond?.bond?.primary === 0 && hasCarrier(after.ports.get(before.active));
}

/** What a kernel tells of one port's joining it tells within this. */
const JOINING_MS = 50;

function begin(running: Running, view: BondView): void {
  if (view.bond === undefined || running.state !== undefined) return;
  const plan = complete(running, view);
  running.plan = plan;
  running.prober.configure(proberSettings(plan, running.deps.marks));
  const { host, seed } = running.deps;
  follow(running, view);
  const withCarrier = [...view.ports].flatMap(([name, link]) => (hasCarrier(link) ? [name] : []));
  const at = host.time.now();
  const answered = running.deps.memory?.answered ?? [];
  const seen = { at, seed, active: view.active, withCarrier, answered };
  running.state = start(withKernelsPrimary(plan.watch, view), seen);
  for (const { name } of plan.watch.ports) {
    if (!view.ports.has(name)) dispatch(running, { type: "port-gone", at, port: name });
  }
  hearActiveAgain(running);
  settleUplinks(running);
  dispatch(running, { type: "tick", at });
  if (plan.uplinks.length > 0) tellPolicy(running);
}

function tellPolicy({ deps }: Running): void {
  const rules = deps.host.tables.rules();
  for (const line of policyBesideMain(rules.ok ? rules.value : [])) deps.log(line);
}

/** A primary that is set on the live bond and declared nowhere is given back at the end too. */
function withKernelsPrimary(config: WatchConfig, view: BondView): WatchConfig {
  if (config.primary !== undefined) return config;
  const index = view.bond?.bond?.primary ?? 0;
  const found = [...view.ports].find(([, link]) => link.index === index);
  return found === undefined ? config : { ...config, primary: found[0] };
}

function follow(running: Running, view: BondView): void {
  const own = running.links?.addresses() ?? [];
  // A link-local source is what neighbours of the same link are asked with.
  running.radios.follow(view);
  const sorted = own.toSorted((a, b) => Number(b.scope === "link") - Number(a.scope === "link"));
  running.prober.follow(
    view,
    sorted.map(({ ip }) => ip),
  );
}

/** The declared plan, under the bond's own policy and with the router that the host was given where none is declared. */
function complete(running: Running, view: BondView): AgentPlan {
  const { deps } = running;
  const declared = underPolicy(running.declared, view.bond?.bond?.failOverMac);
  if (declared.watch.ports.every(({ router }) => router !== undefined)) return declared;
  const routes = deps.host.tables.routes();
  return routes.ok ? withFoundRouter(declared, routes.value, view.holder?.index) : declared;
}

/** A lease is several changes: one look, when they are over. A router that is only gone for now is kept. */
function onRoutes(running: Running): void {
  if (running.routesLook !== undefined || running.stopped) return;
  running.routesLook = setTimeout(() => {
    running.routesLook = undefined;
    const next = complete(running, running.links?.view() ?? nothingSeen);
    const isFound = next.watch.ports.every(({ router }) => router !== undefined);
    const isOther = next.watch.ports.some(({ router }, index) => router !== running.plan.watch.ports[index]?.router);
    if (isFound && isOther) replan(running, next);
  }, ROUTES_REST_MS);
}

const ROUTES_REST_MS = 200;

function replan(running: Running, plan: AgentPlan): void {
  const view = running.links?.view();
  running.plan = plan;
  running.prober.configure(proberSettings(plan, running.deps.marks));
  if (view === undefined || running.state === undefined) return;
  follow(running, view);
  const at = running.deps.host.time.now();
  const { primary } = running.state.config;
  const config = plan.watch.primary === undefined && primary !== undefined ? { ...plan.watch, primary } : plan.watch;
  dispatch(running, { type: "config", at, config });
  // A port that is new to the brain has no carrier until it is told.
  for (const { name } of plan.watch.ports) {
    const link = view.ports.get(name);
    if (link === undefined) dispatch(running, { type: "port-gone", at, port: name });
    else dispatch(running, { type: "carrier", at, port: name, up: hasCarrier(link) });
  }
}

/** Two ports on one LAN: through the standby nothing beyond the router can be probed without misleading that LAN. */
function onShared(running: Running, one: string, other: string): void {
  const { state, deps } = running;
  const far = state?.config.ports.some((port) => port.far.length > 0) ?? false;
  if (state === undefined || !far) return;
  deps.log(`${one} and ${other} are on one LAN: only their routers are probed`);
  const ports = state.config.ports.map((port) => ({ ...port, far: [] }));
  dispatch(running, { type: "config", at: deps.host.time.now(), config: { ...state.config, ports } });
}

function stop(running: Running): void {
  if (running.stopped) return;
  hearActive(running);
  dispatch(running, { type: "stop", at: running.deps.host.time.now() });
  running.stopped = true;
  for (const timer of [...running.announcements, running.routesLook, running.leaving]) clearTimeout(timer);
  leaveInOrder(running);
  running.deps.host.time.rest();
  running.prober.close();
  running.radios.stop();
  running.hearing.close();
  running.links?.stop();
}

/** The primary that was given back may have moved the bond this moment: it is left so that the kernel can go on alone. */
function leaveInOrder(running: Running): void {
  const { links, state, tools } = running;
  links?.drain();
  const { active } = tools.view();
  if (active === "") return;
  if (active !== state?.active) {
    refreshTables(tools, active);
    links?.forgetAddresses();
    announce(tools, active);
  }
  leaveOtherUplinks(tools, active);
}
