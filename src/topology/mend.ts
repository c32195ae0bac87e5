import type { LabOperation, LabPlan, TimedOperation } from "./lab-plan.ts";

/** The operations that undo a fault, last done first undone, all at once. Each thing is mended once however often it was broken. */
export function mendOf(plan: LabPlan, inject: readonly TimedOperation[]): readonly TimedOperation[] {
  const mended = new Map<string, TimedOperation>();
  for (const { do: operation } of inject.toReversed()) {
    const undo = opposite(plan, operation);
    if (undo === undefined) continue;
    const key = JSON.stringify(undo);
    if (!mended.has(key)) mended.set(key, { atMs: 0, do: undo });
  }
  return [...mended.values()];
}

/** dBm: what the simulated radios hear of each other where nothing was set. */
const usualSignal = -30;

/** The operation that leaves things as they were before any of its kind was done; undefined where they mend themselves. */
function opposite(plan: LabPlan, operation: LabOperation): LabOperation | undefined {
  switch (operation.op) {
    case "wire-down":
    case "wire-up":
      return { op: "wire-up", wire: operation.wire };
    case "node-off":
    case "node-on":
      return { op: "node-on", node: operation.node };
    case "node-hang":
    case "node-resume":
      return { op: "node-resume", node: operation.node };
    case "wire-loss":
      return { ...operation, percent: 0 };
    case "unbridge":
    case "rebridge":
      return { op: "rebridge", wire: operation.wire, end: operation.end };
    case "throw-out":
      return undefined;
    case "change-key":
    case "restore-key":
      return { op: "restore-key", node: operation.node };
    case "refuse":
    case "admit":
      return { op: "admit", node: operation.node };
    case "ignore-joins":
    case "answer-joins":
      return { op: "answer-joins", node: operation.node };
    case "move-channel":
    case "restore-channel":
      return { op: "restore-channel", node: operation.node };
    case "set-signal":
      return { ...operation, dbm: usualSignal };
    case "change-mac":
      return { ...operation, mac: macBefore(plan, operation.node, operation.dev) ?? operation.mac };
  }
}

/** The MAC address a device's interface has by the plan. */
export function macBefore(plan: LabPlan, node: string, dev: string): string | undefined {
  const bridge = plan.nodes.find((one) => one.name === node)?.bridge;
  if (bridge?.name === dev) return bridge.mac;
  return plan.wires.flatMap((wire) => [wire.a, wire.b]).find((end) => end.node === node && end.dev === dev)?.mac;
}

/** How long a mended network needs before it forwards again, ms: twice the forward delay of every bridge whose port came back, and one second
 *  for the first hello; 0 without spanning tree. */
export function settleAfter(plan: LabPlan, inject: readonly TimedOperation[]): number {
  const nodes = new Set<string>();
  for (const { do: operation } of inject) {
    for (const wire of plan.wires) {
      const ends = [wire.a.node, wire.b.node];
      const plugged = operation.op === "wire-down" && operation.wire === wire.id;
      const powered = operation.op === "node-off" && ends.includes(operation.node);
      if (plugged || powered) for (const end of ends) nodes.add(end);
    }
  }
  const delays = plan.nodes.flatMap((node) => (nodes.has(node.name) ? (node.bridge?.stpForwardDelay ?? []) : []));
  return delays.length === 0 ? 0 : Math.max(...delays) * 2000 + 1000;
}
