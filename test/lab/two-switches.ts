import type { BringUp, Drill, Job } from "../../src/lab/guest/job.ts";
import { kernelPeriodMs, phaseFor } from "../../src/lab/guest/phase.ts";
import type { LabPlan, Scenario, Wire } from "../../src/topology/lab-plan.ts";

/** The shape the reference figures were taken with: a host behind two switches, one router behind both. */
export function twoSwitches(settings: { readonly stpForwardDelay?: number } = {}): LabPlan {
  const stp = settings.stpForwardDelay;
  const bridge = (mac: string, delay?: number) => ({
    name: "br0",
    mac,
    ...(delay === undefined ? {} : { stpForwardDelay: delay }),
  });
  const plain = { routes: [], forwards: false, masquerade: [] };
  return {
    nodes: [
      { name: "host", addresses: [], ...plain },
      { name: "switch-a", bridge: bridge("02:00:00:00:0a:00", stp), addresses: [], ...plain },
      { name: "switch-b", bridge: bridge("02:00:00:00:0b:00"), addresses: [], ...plain },
      {
        name: "router",
        bridge: bridge("02:00:00:00:0c:00"),
        ...plain,
        addresses: [{ dev: "br0", cidr: "192.168.1.254/24" }],
      },
    ],
    wires: [
      wire("em1-switch-a", ["host", "em1", 1], ["switch-a", "p1", 2]),
      wire("em2-switch-b", ["host", "em2", 3], ["switch-b", "p1", 4]),
      wire("switch-a-router", ["switch-a", "p2", 5], ["router", "lan1", 6]),
      wire("switch-b-router", ["switch-b", "p2", 7], ["router", "lan2", 8]),
    ],
    flows: [{ id: "lan", peer: "router", peerAddress: "192.168.1.254", hostAddress: "192.168.1.105", tcp: true }],
  };
}

/** A bond over em1 and em2 made by plain commands, with the options given. */
export function bondByHand(options: Readonly<Record<string, string | number>>): BringUp {
  const settings = Object.entries({ mode: "active-backup", ...options }).flatMap(([name, value]) => [
    name,
    String(value),
  ]);
  return {
    manager: "ip",
    commands: [
      ["ip", "link", "add", "bond0", "type", "bond", ...settings],
      ["ip", "link", "set", "em1", "master", "bond0"],
      ["ip", "link", "set", "em2", "master", "bond0"],
      ["ip", "link", "set", "bond0", "type", "bond", "primary", "em1"],
      ["ip", "addr", "add", "192.168.1.105/24", "dev", "bond0"],
      ["ip", "link", "set", "bond0", "up"],
    ],
  };
}

/** The first article's file (powerline and Wi-Fi), with both ports cabled. */
export const articleFile = `auto em1
iface em1 inet manual
    bond-master bond0
    bond-primary em1
    bond-mode active-backup

auto em2
iface em2 inet manual
    bond-master bond0
    bond-primary em1
    bond-mode active-backup

auto bond0
iface bond0 inet static
    address 192.168.1.105
    netmask 255.255.255.0
    bond-slaves none
    bond-primary em1
    bond-mode active-backup
    bond-miimon 100
`;

export const byIfupdown: BringUp = { manager: "ifupdown", commands: [["ifup", "-a"]] };

const cut: Pick<Scenario, "expected" | "strikes"> = { expected: { lan: "survives" }, strikes: ["em1-switch-a"] };

/** The switch port of em1 goes down: em1 loses carrier. */
export const carrierLoss: Scenario = {
  id: "cable-em1",
  fault: "the cable em1 – switch-a is pulled",
  kind: "carrier",
  inject: [{ atMs: 0, do: { op: "wire-down", wire: "em1-switch-a" } }],
  mend: [{ atMs: 0, do: { op: "wire-up", wire: "em1-switch-a" } }],
  carrierTells: true,
  ...cut,
};

/** The switch's uplink is taken out of its bridge: every carrier stays. */
export const silentDeath: Scenario = {
  id: "silent-switch-a",
  fault: "switch-a forwards nothing any more",
  kind: "silent",
  inject: [{ atMs: 0, do: { op: "unbridge", wire: "switch-a-router", end: "a" } }],
  mend: [{ atMs: 0, do: { op: "rebridge", wire: "switch-a-router", end: "a" } }],
  carrierTells: false,
  ...cut,
};

/** Everything vanishes on em1's cable for exactly this long, carriers up, and comes back by itself. */
export function silence(ms: number): Scenario {
  const loss = { op: "wire-loss", wire: "em1-switch-a", direction: "both" } as const;
  return {
    id: `silence-${ms}`,
    fault: `nothing passes em1's cable for ${ms} ms`,
    kind: "silent",
    inject: [
      { atMs: 0, do: { ...loss, percent: 100 } },
      { atMs: ms, do: { ...loss, percent: 0 } },
    ],
    mend: [],
    carrierTells: false,
    ...cut,
  };
}

/** `count` repeats of a scenario, spread over one period of a monitor set to `intervalMs`. */
export function repeats(scenario: Scenario, count: number, intervalMs: number): readonly Drill[] {
  const periodMs = kernelPeriodMs(intervalMs);
  return Array.from({ length: count }, (_, repeat) => ({
    scenario,
    repeat,
    phaseMs: phaseFor(scenario.id, repeat, periodMs),
    periodMs,
  }));
}

/** A job on this shape. */
export function jobOf(parts: Partial<Job> & Pick<Job, "drills">): Job {
  return { plan: twoSwitches(), clock: "virtual", files: {}, ...parts };
}

function wire(id: string, a: readonly [string, string, number], b: readonly [string, string, number]): Wire {
  const end = ([node, dev, last]: readonly [string, string, number]) => ({
    node,
    dev,
    mac: `02:00:00:00:01:${last.toString(16).padStart(2, "0")}`,
    bridged: node !== "host",
  });
  return { id, a: end(a), b: end(b) };
}
