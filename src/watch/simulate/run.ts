import type { Effect } from "../effect.ts";
import type { Event } from "../event.ts";
import { advance, draw } from "../seed.ts";
import { start } from "../start.ts";
import type { State } from "../state.ts";
import { step } from "../step.ts";
import { leap, mayLeap } from "./leap.ts";
import { type Change, goodWire, type Wire, type World } from "./world.ts";

/** Sees every step of a run; `at` is the world's time, `active` the port the kernel uses after the step. */
export type Observer = (seen: {
  readonly at: number;
  readonly before: State;
  readonly event: Event;
  readonly after: State;
  readonly effects: readonly Effect[];
}) => void;

/** leaping: quiet times without any loss are passed over (the same fate, much sooner). stepwise: every probe is lived. */
export type Gait = "leaping" | "stepwise";

/** How a run went. */
export interface Ran {
  readonly steps: number;
  readonly last: State;
  readonly active: string;
}

interface Packet {
  readonly at: number;
  readonly port: string;
  readonly target: string;
  readonly id: number;
  readonly life: number;
}

/** The kernel's own monitor looks at the carriers so often: the net below the brain. */
const MIIMON_MS = 100;

/** Lets the brain live through a world. The simulator changes things in place; the brain it runs is the real one. */
export function run(world: World, observe: Observer, gait: Gait): Ran {
  const wires = new Map<string, Wire>(world.config.ports.map((port) => [port.name, goodWire]));
  const names = world.config.ports.map((port) => port.name);
  const far = new Set(world.config.ports.flatMap((port) => port.far));
  let seed = advance(world.seed ^ 0x5bd1e995);
  const random = (): number => {
    seed = advance(seed);
    return draw(seed);
  };
  let packets: Packet[] = [];
  let kernelActive = names[0] ?? "";
  let miimonAt = Number.POSITIVE_INFINITY;
  let heardAt = Number.POSITIVE_INFINITY;
  let asleepUntil = 0;
  let restartAt = Number.POSITIVE_INFINITY;
  let refusals = 0;
  const refused: string[] = [];
  let life = 0;
  let now = 0;
  let steps = 0;
  let state = begin();
  let wakeAt = 0;

  function begin(): State {
    const withCarrier = names.filter((name) => wires.get(name)?.carrier === true);
    return start(world.config, { at: now, seed: world.seed + life, active: kernelActive, withCarrier });
  }

  function tell(event: Event): void {
    const before = state;
    const [after, effects] = step(before, event);
    state = after;
    steps++;
    for (const effect of effects) obey(effect);
    if (state.phase === "stopped") wakeAt = Number.POSITIVE_INFINITY;
    observe({ at: now, before, event, after, effects });
    const port = refused.pop();
    if (port !== undefined) tell({ type: "refused", at: now, port, active: kernelActive });
  }

  function obey(effect: Effect): void {
    if (effect.do === "wake") wakeAt = effect.at;
    else if (effect.do === "probe") send(effect.port, effect.target, effect.id);
    else if (effect.do === "set-active") move(effect.port);
  }

  function move(port: string): void {
    if (refusals === 0 && wires.get(port)?.carrier === true) kernelActive = port;
    else refused.push(port);
    refusals = Math.max(0, refusals - 1);
  }

  function send(port: string, target: string, id: number): void {
    const wire = wires.get(port);
    if (wire === undefined || !wire.carrier) return;
    if (wire.lossOut > 0 && random() < wire.lossOut) return;
    if (wire.lossBeyond > 0 && far.has(target) && random() < wire.lossBeyond) return;
    packets.push({ at: now + wire.delayMs + wire.jitterMs * random(), port, target, id, life });
  }

  function receive(packet: Packet): void {
    const wire = wires.get(packet.port);
    if (packet.life !== life || wire === undefined || !wire.carrier) return;
    if (wire.lossIn > 0 && random() < wire.lossIn) return;
    tell({ type: "answer", at: now, port: packet.port, target: packet.target, id: packet.id });
  }

  function change(one: Change): void {
    if (one.kind === "wire") rewire(one.port, one.set);
    else if (one.kind === "stall") asleepUntil = Math.max(asleepUntil, now + one.ms);
    else if (one.kind === "forged") forge(one.port);
    else if (one.kind === "told") tell({ ...one.event, at: now } as Event);
    else if (one.kind === "refusal") refusals++;
    else if (one.kind === "kernel-moves") {
      kernelActive = one.port;
      tell({ type: "kernel-active", at: now, port: one.port });
    } else {
      restartAt = now + one.ms;
      asleepUntil = Math.max(asleepUntil, restartAt);
      life++;
    }
  }

  function forge(port: string): void {
    const target = world.config.ports.find((one) => one.name === port)?.router ?? "";
    tell({ type: "answer", at: now, port, target, id: -1 - Math.floor(random() * 1e6) });
  }

  function rewire(port: string, set: Partial<Wire>): void {
    const old = wires.get(port) ?? goodWire;
    wires.set(port, { ...old, ...set });
    heardAt = [...wires.values()].some((wire) => wire.heardEveryMs > 0) ? now : Number.POSITIVE_INFINITY;
    if (set.carrier === undefined || set.carrier === old.carrier) return;
    miimonAt = Math.min(miimonAt, now + MIIMON_MS * random());
    if (now >= asleepUntil) tell({ type: "carrier", at: now, port, up: set.carrier });
  }

  /** The kernel leaves a port without carrier by itself. */
  function miimon(): void {
    miimonAt = Number.POSITIVE_INFINITY;
    if (wires.get(kernelActive)?.carrier === true) return;
    kernelActive = names.find((name) => wires.get(name)?.carrier === true) ?? "";
    if (now >= asleepUntil) tell({ type: "kernel-active", at: now, port: kernelActive });
  }

  function hear(): void {
    heardAt = now + 50;
    for (const [port, wire] of wires) {
      if (wire.heardEveryMs > 0 && wire.carrier && wire.lossIn < 1) tell({ type: "heard", at: now, port });
    }
  }

  /** What netlink has to say to one who slept. */
  function resync(): void {
    for (const name of names) tell({ type: "carrier", at: now, port: name, up: wires.get(name)?.carrier === true });
    tell({ type: "kernel-active", at: now, port: kernelActive });
  }

  /** Not quite to the change: what is under way then is real again. */
  function leapTo(at: number): void {
    const ms = Math.floor(at - now - 1_000);
    if (ms < 1_000 || !mayLeap(state, wires.values())) return;
    state = leap(state, ms);
    packets = packets.map((packet) => ({ ...packet, at: packet.at + ms }));
    wakeAt += ms;
    now += ms;
  }

  let nextChange = 0;
  let missed = false;
  while (true) {
    const changeAt = world.changes[nextChange]?.at ?? Number.POSITIVE_INFINITY;
    if (gait === "leaping") leapTo(Math.min(changeAt, miimonAt, world.untilMs));
    let packetIndex = -1;
    let packetAt = Number.POSITIVE_INFINITY;
    for (let index = 0; index < packets.length; index++) {
      const at = packets[index]?.at ?? Number.POSITIVE_INFINITY;
      if (at < packetAt) {
        packetAt = at;
        packetIndex = index;
      }
    }
    packetAt = Math.max(packetAt, asleepUntil);
    const agentAt = Math.max(wakeAt, asleepUntil, now);
    const at = Math.min(changeAt, packetAt, agentAt, miimonAt, Math.max(heardAt, asleepUntil));
    if (at >= world.untilMs) break;
    now = Math.max(now, at);
    if (missed && now >= asleepUntil) {
      missed = false;
      if (now >= restartAt) {
        restartAt = Number.POSITIVE_INFINITY;
        state = begin();
        wakeAt = now;
      } else resync();
      continue;
    }
    if (at === changeAt) {
      const one = world.changes[nextChange++];
      if (one !== undefined && (now >= asleepUntil || one.kind === "wire")) change(one);
      missed ||= now < asleepUntil;
    } else if (at === miimonAt) miimon();
    else if (at === packetAt) {
      const [packet] = packets.splice(packetIndex, 1);
      if (packet !== undefined) receive(packet);
    } else if (at === agentAt) tell({ type: "tick", at: now });
    else hear();
  }
  return { steps, last: state, active: kernelActive };
}
