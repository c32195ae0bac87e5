import type { Event } from "../event.ts";
import type { State } from "../state.ts";
import { fateOf } from "./fate.ts";
import { leap } from "./leap.ts";
import { begin, hasCarrier, type Net, newNet, type Observer, random, receive, tell } from "./net.ts";
import { type Change, goodWire, type Wire, type World } from "./world.ts";

/** leaping: times in which every probe is answered and nothing is to be decided are lived in one go: the same to the last bit,
 *  much sooner. stepwise: every probe is a step. */
export type Gait = "leaping" | "stepwise";

/** How a run went. */
export interface Ran {
  readonly steps: number;
  /** Answers that came in while it leapt. */
  readonly leapt: number;
  readonly last: State;
  /** The port the kernel uses at the end. */
  readonly active: string;
}

/** The kernel's own monitor looks at the carriers so often: the net below the brain. */
const MIIMON_MS = 100;
const HEARD_EVERY_MS = 50;

/** Lets the brain live through a world, to its end or until it has stopped. */
export function run(world: World, observe: Observer, gait: Gait): Ran {
  const net = newNet(world, observe);
  const isLeaping = gait === "leaping" && world.thinking !== "always";
  let passed = 0;
  while (true) {
    const changeAt = world.changes[passed]?.at ?? Number.POSITIVE_INFINITY;
    if (isLeaping && !net.isFresh) net.leapt += leap(net, Math.min(changeAt, net.miimonAt, net.heardAt, world.untilMs));
    const first = firstPacket(net);
    const packetAt = Math.max(net.packets[first]?.at ?? Number.POSITIVE_INFINITY, net.asleepUntil);
    const agentAt = Math.max(net.wakeAt, net.asleepUntil, net.now);
    const heardAt = Math.max(net.heardAt, net.asleepUntil);
    const at = Math.min(changeAt, packetAt, agentAt, net.miimonAt, heardAt);
    if (at >= world.untilMs) break;
    net.now = Math.max(net.now, at);
    if (net.missed && net.now >= net.asleepUntil) awake(net);
    else if (at === changeAt) pass(net, world.changes[passed++]);
    else if (at === net.miimonAt) miimon(net);
    else if (at === packetAt) for (const packet of net.packets.splice(first, 1)) receive(net, packet);
    else if (at === agentAt) tell(net, { type: "tick", at: net.now });
    else hear(net);
  }
  return { steps: net.steps, leapt: net.leapt, last: net.state, active: net.kernelActive };
}

function firstPacket(net: Net): number {
  let first = -1;
  let soonest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < net.packets.length; index++) {
    const at = net.packets[index]?.at ?? Number.POSITIVE_INFINITY;
    if (at >= soonest) continue;
    first = index;
    soonest = at;
  }
  return first;
}

/** After standing still: netlink says what was missed, or everything begins anew. */
function awake(net: Net): void {
  net.missed = false;
  if (net.now >= net.restartAt) {
    net.restartAt = Number.POSITIVE_INFINITY;
    begin(net);
    for (const port of net.gone) tell(net, { type: "port-gone", at: net.now, port });
    return;
  }
  for (const port of net.names) {
    tell(net, { type: net.gone.has(port) ? "port-gone" : "port-back", at: net.now, port });
    tell(net, { type: "carrier", at: net.now, port, up: hasCarrier(net, port) });
  }
  tell(net, { type: "kernel-active", at: net.now, port: net.kernelActive });
}

function pass(net: Net, change: Change | undefined): void {
  if (change === undefined) return;
  if (change.kind === "told" && change.event.type === "port-gone") net.gone.add(change.event.port);
  if (change.kind === "told" && change.event.type === "port-back") net.gone.delete(change.event.port);
  const sleeps = net.now < net.asleepUntil;
  if (!sleeps || change.kind === "wire") apply(net, change);
  net.missed ||= net.now < net.asleepUntil;
}

function apply(net: Net, change: Change): void {
  switch (change.kind) {
    case "wire":
      rewire(net, change.port, change.set);
      return;
    case "stall":
      net.asleepUntil = Math.max(net.asleepUntil, net.now + change.ms);
      return;
    case "restart":
      net.restartAt = net.now + change.ms;
      net.asleepUntil = Math.max(net.asleepUntil, net.restartAt);
      net.life++;
      return;
    case "forged":
      forge(net, change.port);
      return;
    case "kernel-moves":
      net.kernelActive = change.port;
      tell(net, { type: "kernel-active", at: net.now, port: change.port });
      return;
    case "refusal":
      net.refusals++;
      return;
    case "told":
      tell(net, { ...change.event, at: net.now } as Event);
      return;
  }
}

function forge(net: Net, port: string): void {
  const target = net.world.config.ports.find((one) => one.name === port)?.router ?? "";
  tell(net, { type: "answer", at: net.now, port, target, id: -1 - Math.floor(random(net) * 1e6) });
}

function rewire(net: Net, port: string, set: Partial<Wire>): void {
  const old = net.wires.get(port) ?? goodWire;
  const wire = { ...old, ...set };
  net.wires.set(port, wire);
  net.fates.set(
    port,
    fateOf(wire, () => random(net)),
  );
  net.isFresh = true;
  const isBusy = [...net.wires.values()].some((wire) => wire.heardEveryMs > 0);
  net.heardAt = isBusy ? net.now : Number.POSITIVE_INFINITY;
  if (set.carrier === undefined || set.carrier === old.carrier) return;
  net.miimonAt = Math.min(net.miimonAt, net.now + MIIMON_MS * random(net));
  if (net.now >= net.asleepUntil) tell(net, { type: "carrier", at: net.now, port, up: set.carrier });
}

/** The kernel leaves a port without carrier by itself. */
function miimon(net: Net): void {
  net.miimonAt = Number.POSITIVE_INFINITY;
  if (hasCarrier(net, net.kernelActive)) return;
  net.kernelActive = net.names.find((name) => hasCarrier(net, name)) ?? "";
  if (net.now >= net.asleepUntil) tell(net, { type: "kernel-active", at: net.now, port: net.kernelActive });
}

function hear(net: Net): void {
  net.heardAt = net.now + HEARD_EVERY_MS;
  for (const [port, wire] of net.wires) {
    if (wire.heardEveryMs > 0 && wire.carrier && wire.lossIn < 1) tell(net, { type: "heard", at: net.now, port });
  }
}
