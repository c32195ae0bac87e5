import type { Effect } from "../effect.ts";
import type { Event } from "../event.ts";
import { advance, draw, type Seed } from "../seed.ts";
import { pathKey, start } from "../start.ts";
import type { State } from "../state.ts";
import { step } from "../step.ts";
import { type Columns, newColumns } from "./columns.ts";
import { type Fate, fateOf, packetsUntilLoss } from "./fate.ts";
import { goodWire, type Wire, type World } from "./world.ts";

/** A network with a brain in it, as it is at one moment. Changed in place: it is a simulator's, and the brain it runs is
 *  the real one. */
export interface Net {
  readonly world: World;
  readonly names: readonly string[];
  readonly far: ReadonlySet<string>;
  readonly wires: Map<string, Wire>;
  readonly observe: Observer;
  /** Of the wires, by port. */
  readonly fates: Map<string, Fate>;
  packets: Packet[];
  seed: Seed;
  now: number;
  /** What the kernel uses, and when its own monitor looks at the carriers next. */
  kernelActive: string;
  miimonAt: number;
  heardAt: number;
  /** The agent stands still until then, has missed something, is started again, lives its nth life. */
  asleepUntil: number;
  /** Ports that aren't in the bond. */
  readonly gone: Set<string>;
  missed: boolean;
  restartAt: number;
  life: number;
  refusals: number;
  refused: string | undefined;
  state: State;
  wakeAt: number;
  steps: number;
  columns: Columns;
  /** Answers that were leapt over. */
  leapt: number;
  /** Something has just changed: the next probe is for all to see. */
  isFresh: boolean;
}

/** An answer on its way. */
export interface Packet {
  readonly at: number;
  readonly port: string;
  readonly target: string;
  readonly id: number;
  readonly life: number;
}

/** Sees every step of a run; `at` is the world's time. */
export type Observer = (seen: {
  readonly at: number;
  readonly before: State;
  readonly event: Event;
  readonly after: State;
  readonly effects: readonly Effect[];
  /** What is really so, whatever the brain believes. */
  readonly truth: Truth;
}) => void;

/** The world as nobody in it can see it. */
export interface Truth {
  readonly wires: ReadonlyMap<string, Wire>;
  readonly kernelActive: string;
  /** The kernel has just refused what the brain doesn't know yet. */
  readonly isRefusing: boolean;
}

/** A healthy network whose brain begins now. */
export function newNet(world: World, observe: Observer): Net {
  const names = world.config.ports.map((port) => port.name);
  const wires = new Map<string, Wire>(names.map((name) => [name, goodWire]));
  const kernelActive = names[0] ?? "";
  return {
    world,
    names,
    wires,
    observe,
    fates: new Map(names.map((name) => [name, fateOf(goodWire, () => 0)])),
    far: new Set(world.config.ports.flatMap((port) => port.far)),
    packets: [],
    seed: advance(world.seed ^ 0x5bd1e995),
    now: 0,
    kernelActive,
    miimonAt: Number.POSITIVE_INFINITY,
    heardAt: Number.POSITIVE_INFINITY,
    asleepUntil: 0,
    gone: new Set(),
    missed: false,
    restartAt: Number.POSITIVE_INFINITY,
    life: 0,
    refusals: 0,
    refused: undefined,
    state: start(world.config, { at: 0, seed: world.seed, active: kernelActive, withCarrier: names }),
    wakeAt: 0,
    steps: 0,
    columns: newColumns(0),
    leapt: 0,
    isFresh: false,
  };
}

/** The next random number in [0, 1). */
export function random(net: Net): number {
  net.seed = advance(net.seed);
  return draw(net.seed);
}

/** Has this port a carrier? */
export function hasCarrier(net: Net, port: string): boolean {
  return net.wires.get(port)?.carrier === true;
}

/** The agent begins anew, with what the kernel says and what the one before it left behind. */
export function begin(net: Net): void {
  const withCarrier = net.names.filter((name) => hasCarrier(net, name));
  const answered = net.state.paths.filter(({ health }) => health === "alive").map(pathKey);
  const seen = { at: net.now, seed: net.world.seed + net.life, active: net.kernelActive, withCarrier, answered };
  net.state = start(net.world.config, seen);
  net.wakeAt = net.now;
}

/** Tells the brain something, and does what it wants. */
export function tell(net: Net, event: Event): void {
  const before = net.world.thinking === "always" ? { ...net.state, quietUntil: Number.NEGATIVE_INFINITY } : net.state;
  const [after, effects] = step(before, event);
  net.state = after;
  net.steps++;
  for (const effect of effects) obey(net, effect);
  net.isFresh &&= !effects.some((effect) => effect.do !== "wake");
  if (after.phase === "stopped") net.wakeAt = Number.POSITIVE_INFINITY;
  const truth = { wires: net.wires, kernelActive: net.kernelActive, isRefusing: net.refused !== undefined };
  net.observe({ at: net.now, before, event, after, effects, truth });
  const port = net.refused;
  net.refused = undefined;
  if (port !== undefined) tell(net, { type: "refused", at: net.now, port, active: net.kernelActive });
}

function obey(net: Net, effect: Effect): void {
  if (effect.do === "wake") net.wakeAt = effect.at;
  else if (effect.do === "probe") send(net, effect.port, effect.target, effect.id);
  else if (effect.do === "set-active") move(net, effect.port);
}

function move(net: Net, port: string): void {
  if (net.refusals === 0 && hasCarrier(net, port)) net.kernelActive = port;
  else net.refused = port;
  net.refusals = Math.max(0, net.refusals - 1);
}

function send(net: Net, port: string, target: string, id: number): void {
  const wire = net.wires.get(port);
  const fate = net.fates.get(port);
  if (wire === undefined || fate === undefined || !wire.carrier) return;
  const draws = (): number => random(net);
  if (fate.out-- <= 0) {
    fate.out = packetsUntilLoss(wire.lossOut, draws);
    return;
  }
  if (net.far.has(target) && fate.beyond-- <= 0) {
    fate.beyond = packetsUntilLoss(wire.lossBeyond, draws);
    return;
  }
  const at = net.now + wire.delayMs + wire.jitterMs * random(net);
  net.packets.push({ at, port, target, id, life: net.life });
}

/** An answer arrives, unless it is lost on the way in. */
export function receive(net: Net, packet: Packet): void {
  const wire = net.wires.get(packet.port);
  const fate = net.fates.get(packet.port);
  if (packet.life !== net.life || wire === undefined || fate === undefined || !wire.carrier) return;
  if (fate.in-- <= 0) {
    fate.in = packetsUntilLoss(wire.lossIn, () => random(net));
    return;
  }
  tell(net, { type: "answer", at: net.now, port: packet.port, target: packet.target, id: packet.id });
}
