import type { LabOperation, Wire, WireEnd } from "../../topology/lab-plan.ts";
import { macBefore } from "../../topology/mend.ts";
import {
  type AccessPoint,
  accessPoints,
  announceChannel,
  isOffered,
  killAccessPoint,
  setAdmission,
  setAnswering,
  startAccessPoint,
  throwOut,
} from "./access-points.ts";
import { endsOf, restore } from "./build.ts";
import { ask, indexOf, type Network, namespaceOf, nodeOf, tell } from "./network.ts";
import { setReach, setSignal } from "./radios.ts";
import { encodeLoss, encodeLossEnd, encodeMac, encodeMaster, encodeUp } from "./requests.ts";

/** What keeps an interface down or lossy. Several faults may hold it at once; it is free when all have let go. */
interface Held {
  readonly down: Set<string>;
  /** Percent lost on the way out, and how late the rest comes (ms), by cause. */
  readonly loss: Map<string, Loss>;
}

interface Loss {
  readonly percent: number;
  readonly delayMs: number;
}

/** Does operations on a network, each in one or two system calls per interface, at the moment of the call. */
export interface Operator {
  readonly network: Network;
  readonly held: Map<string, Held>;
  /** MAC addresses that aren't the plan's. */
  readonly macs: Map<string, string>;
  /** Access points that aren't as the plan has them. */
  readonly points: Map<string, PointChanges>;
}

export function newOperator(network: Network): Operator {
  return { network, held: new Map(), macs: new Map(), points: new Map() };
}

/** Carries out one operation. Throws when the plan doesn't have what it names. */
export function operate(operator: Operator, operation: LabOperation): void {
  switch (operation.op) {
    case "wire-down":
    case "wire-up": {
      const wire = wireOf(operator, operation.wire);
      const state = operation.op === "wire-down" ? "down" : "up";
      // Nobody tells a radio that it is out of reach: it finds out by itself.
      if (wire.radio !== undefined) setReach(wire.a, state === "down" ? "away" : "near");
      else setDown(operator, farEnd(wire), `wire ${operation.wire}`, state);
      restore(operator.network, farEnd(wire).node);
      break;
    }
    case "node-off":
    case "node-on":
      for (const end of nodeEnds(operator, operation.node)) {
        setDown(operator, end, `node ${end.node}`, operation.op === "node-off" ? "down" : "up");
      }
      restore(operator.network, operation.node);
      break;
    case "node-hang":
    case "node-resume":
      for (const end of nodeEnds(operator, operation.node)) {
        setLoss(operator, end, `node ${end.node}`, { percent: operation.op === "node-hang" ? 100 : 0, delayMs: 0 });
      }
      break;
    case "wire-loss":
      setWireLoss(operator, operation);
      break;
    case "unbridge":
    case "rebridge":
      setBridged(operator, wireOf(operator, operation.wire)[operation.end], operation.op);
      break;
    case "change-mac":
      changeMac(operator, operation);
      break;
    case "set-signal": {
      const { a, b } = wireOf(operator, operation.wire);
      for (const end of [a, b]) setSignal(end, operation.dbm);
      break;
    }
    default:
      for (const point of pointsOf(operator, operation.node)) operatePoint(operator, point, operation);
  }
}

/** What an access point does to its stations. */
type PointOperation = Extract<
  LabOperation,
  {
    readonly op:
      | "throw-out"
      | "change-key"
      | "restore-key"
      | "refuse"
      | "admit"
      | "ignore-joins"
      | "answer-joins"
      | "move-channel"
      | "restore-channel";
  }
>;

function operatePoint(operator: Operator, point: AccessPoint, operation: PointOperation): void {
  switch (operation.op) {
    case "throw-out":
      throwOut(operator.network, point);
      break;
    case "change-key":
    case "restore-key":
      restart(operator, point, { otherKey: operation.op === "change-key" });
      break;
    case "refuse":
    case "admit":
      setAdmission(operator.network, point, operation.op);
      break;
    case "ignore-joins":
    case "answer-joins":
      setAnswering(point, operation.op);
      break;
    case "move-channel":
      moveChannel(operator, point, operation.channel, operation.how);
      break;
    case "restore-channel":
      moveChannel(operator, point, point.radio.channel, "announced");
  }
}

/** An operation in words, for the record. */
export function operationText(operation: LabOperation): string {
  const subject = "wire" in operation ? operation.wire : operation.node;
  if (operation.op === "wire-loss") {
    const late = operation.delayMs === undefined ? "" : `, ${operation.delayMs} ms late`;
    return `wire-loss ${subject} ${operation.direction} ${operation.percent} %${late}`;
  }
  if (operation.op === "move-channel") return `move-channel ${subject} ${operation.channel} ${operation.how}`;
  if (operation.op === "set-signal") return `set-signal ${subject} ${operation.dbm} dBm`;
  if (operation.op === "change-mac") return `change-mac ${subject} ${operation.dev} ${operation.mac}`;
  return `${operation.op} ${subject}`;
}

function wireOf(operator: Operator, id: string): Wire {
  const found = operator.network.plan.wires.find((wire) => wire.id === id);
  if (found === undefined) throw new Error(`the plan has no wire "${id}"`);
  return found;
}

/** The end that is set down so that both lose carrier: never the host's. */
function farEnd(wire: Wire): WireEnd {
  return wire.b.node === "host" ? wire.a : wire.b;
}

function nodeEnds(operator: Operator, node: string): readonly WireEnd[] {
  if (node === "host") throw new Error("the host itself is never switched off");
  nodeOf(operator.network, node);
  return endsOf(operator.network.plan, node);
}

function heldOf(operator: Operator, end: WireEnd): Held {
  const key = `${end.node} ${end.dev}`;
  const held = operator.held.get(key) ?? { down: new Set(), loss: new Map() };
  operator.held.set(key, held);
  return held;
}

function pointsOf(operator: Operator, node: string): readonly AccessPoint[] {
  return accessPoints(operator.network.plan).filter((point) => point.end.node === node && isOffered(point));
}

/** Nobody's key: whoever goes by the real one fails with it. */
const otherKey = "a key that was changed";

/** How an access point isn't as the plan has it. */
interface PointChanges {
  readonly otherKey: boolean;
  readonly channel: number;
}

function start(operator: Operator, point: AccessPoint): void {
  const changed = operator.points.get(nameOf(point));
  const { keys } = operator.network;
  startAccessPoint(operator.network, point, {
    key: changed?.otherKey ? otherKey : keys[point.radio.ssid],
    ...(changed === undefined ? {} : { channel: changed.channel }),
  });
}

function note(operator: Operator, point: AccessPoint, changes: Partial<PointChanges>): void {
  const before = operator.points.get(nameOf(point)) ?? { otherKey: false, channel: point.radio.channel };
  operator.points.set(nameOf(point), { ...before, ...changes });
}

/** As after a change in its settings: it is gone without a farewell, and back at once with an empty memory. */
function restart(operator: Operator, point: AccessPoint, changes: Partial<PointChanges>): void {
  note(operator, point, changes);
  killAccessPoint(point);
  start(operator, point);
}

function moveChannel(operator: Operator, point: AccessPoint, channel: number, how: "announced" | "silent"): void {
  if (how === "silent") {
    restart(operator, point, { channel });
    return;
  }
  note(operator, point, { channel });
  announceChannel(operator.network, point, channel);
}

function nameOf({ end }: AccessPoint): string {
  return `${end.node} ${end.dev}`;
}

function setDown(operator: Operator, end: WireEnd, cause: string, to: "down" | "up"): void {
  const { network } = operator;
  const { down: causes } = heldOf(operator, end);
  const wasUp = causes.size === 0;
  if (to === "down") causes.add(cause);
  else causes.delete(cause);
  const state = causes.size > 0 ? "down" : "up";
  const point = pointsOf(operator, end.node).find((one) => one.end.dev === end.dev);
  if (point !== undefined) {
    // Its program goes and comes back with it, and has forgotten who had joined. It brings its interface up itself.
    if (wasUp === (state === "up")) return;
    if (state === "up") {
      start(operator, point);
      return;
    }
    killAccessPoint(point);
  }
  ask(namespaceOf(network, end.node), encodeUp(indexOf(network, end.node, end.dev), state), `${end.dev} ${state}`);
}

function setLoss(operator: Operator, end: WireEnd, cause: string, wanted: Loss): void {
  const { network } = operator;
  const { loss } = heldOf(operator, end);
  if (wanted.percent > 0 || wanted.delayMs > 0) loss.set(cause, wanted);
  else loss.delete(cause);
  const namespace = namespaceOf(network, end.node);
  const index = indexOf(network, end.node, end.dev);
  const worst = {
    percent: Math.max(0, ...[...loss.values()].map(({ percent }) => percent)),
    delayMs: Math.max(0, ...[...loss.values()].map(({ delayMs }) => delayMs)),
  };
  // Ending what never began is refused with ENOENT, which is as good.
  if (loss.size === 0) tell(namespace, encodeLossEnd(index), `no loss on ${end.dev}`);
  else ask(namespace, encodeLoss(index, worst.percent, worst.delayMs), `loss on ${end.dev}`);
}

function setWireLoss(operator: Operator, operation: Extract<LabOperation, { op: "wire-loss" }>): void {
  const wire = wireOf(operator, operation.wire);
  const cause = `wire ${operation.wire}`;
  const loss = { percent: operation.percent, delayMs: operation.percent === 0 ? 0 : (operation.delayMs ?? 0) };
  if (operation.direction !== "b-to-a") setLoss(operator, wire.a, cause, loss);
  if (operation.direction !== "a-to-b") setLoss(operator, wire.b, cause, loss);
}

function setBridged(operator: Operator, end: WireEnd, op: "unbridge" | "rebridge"): void {
  const { network } = operator;
  const bridge = nodeOf(network, end.node).bridge;
  if (bridge === undefined) throw new Error(`${end.node} has no bridge`);
  const master = op === "unbridge" ? 0 : indexOf(network, end.node, bridge.name);
  ask(namespaceOf(network, end.node), encodeMaster(indexOf(network, end.node, end.dev), master), `${op} ${end.dev}`);
}

function changeMac(operator: Operator, operation: Extract<LabOperation, { op: "change-mac" }>): void {
  const { network } = operator;
  const { node, dev } = operation;
  const key = `${node} ${dev}`;
  // The same replacement once more must be one: then the first box is back.
  const isThere = operator.macs.get(key) === operation.mac;
  const mac = isThere ? (macBefore(network.plan, node, dev) ?? operation.mac) : operation.mac;
  operator.macs.set(key, mac);
  const namespace = namespaceOf(network, node);
  // The kernel forgets the neighbours of an interface whose MAC changes: the new box's cache is empty.
  ask(namespace, encodeMac(indexOf(network, node, dev), mac), `MAC of ${dev}`);
  const bridge = nodeOf(network, node).bridge;
  const isPort = endsOf(network.plan, node).some((end) => end.dev === dev && end.bridged);
  if (bridge === undefined || !isPort) return;
  ask(namespace, encodeMac(indexOf(network, node, bridge.name), mac), `MAC of ${bridge.name}`);
}
