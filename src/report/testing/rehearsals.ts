import type { FlowResult, Rehearsal, ScenarioResult } from "../../measure/rehearsal.ts";

/** A made-up result near what the kernel does, for tests and for looking at reports. */
export function scenarioCase(
  over: Partial<ScenarioResult> & Pick<ScenarioResult, "id" | "fault" | "kind">,
): ScenarioResult {
  const outageMs = over.outageMs ?? { toHost: 49, fromHost: 48 };
  const reselectMs = over.reselectMs ?? { toHost: 0, fromHost: 0 };
  const watchedMs = over.watchedMs ?? 10_000;
  const base: ScenarioResult = {
    id: over.id,
    fault: over.fault,
    kind: over.kind,
    expected: "survives",
    outageMs,
    watchedMs,
    uncertaintyMs: 1,
    tcp: { survived: true, stallMs: 223 },
    lost: 97,
    sent: 24_000,
    reselectMs,
    verdict: "held",
    events: [
      { atMs: 0, what: "fault", text: over.fault },
      { atMs: 48.6, what: "switch", text: "bond0: now running on eth1" },
      { atMs: watchedMs, what: "mend", text: "mended" },
      { atMs: watchedMs + 52, what: "back", text: "bond0: back on eth0" },
    ],
    switchedAfterMs: 48.6,
    flows: flowCases(outageMs, reselectMs, watchedMs),
    repeats: [{ ...outageMs, reselect: reselectMs.toHost, tcpStallMs: 223 }],
    stats: { median: outageMs.toHost, p95: outageMs.toHost, worst: outageMs.toHost },
  };
  const { switchedAfterMs: _, ...unmoved } = base;
  const hasMoved = (over.events ?? base.events).some((each) => each.what === "switch");
  return { ...(hasMoved ? base : unmoved), ...over };
}

function flowCases(
  outage: ScenarioResult["outageMs"],
  reselect: ScenarioResult["reselectMs"],
  watchedMs: number,
): readonly FlowResult[] {
  return ["internet", "lan"].flatMap((flow) =>
    (["toHost", "fromHost"] as const).map((direction) => {
      const gap = outage[direction];
      const back = reselect[direction];
      const runs: (readonly [number, number])[] = [];
      if (gap !== 0) runs.push([0, gap ?? watchedMs]);
      if (back !== null && back > 0) runs.push([watchedMs + 52, watchedMs + 52 + back]);
      const lost = Math.round(runs.reduce((sum, [from, to]) => sum + to - from, 0));
      return {
        flow,
        direction,
        expected: "survives" as const,
        sent: 12_000,
        lost,
        lostBefore: 0,
        outageMs: gap,
        reselectMs: back,
        lostRuns: runs,
      };
    }),
  );
}

const everyOther: readonly (readonly [number, number])[] = Array.from({ length: 400 }, (_, i) => [
  i * 4 - 500,
  i * 4 - 499,
]);
const dead = { toHost: null, fromHost: null };
const cableEth0 = { id: "cable-eth0", fault: "the cable eth0 – vdsl is pulled", kind: "carrier" } as const;
const silentVdsl = {
  id: "device-silent-vdsl",
  fault: "the router vdsl hangs, its ports stay up",
  kind: "silent",
} as const;

const healthy = scenarioCase({
  id: "healthy",
  fault: "nothing: everything is healthy",
  kind: "healthy",
  outageMs: { toHost: 0, fromHost: 0 },
  tcp: { survived: true, stallMs: 12 },
  lost: 0,
  events: [],
});

const neverBack = scenarioCase({
  ...silentVdsl,
  outageMs: dead,
  watchedMs: 60_000,
  tcp: { survived: false, stallMs: null },
  lost: 118_214,
  sent: 120_400,
  verdict: "missed",
  events: [
    { atMs: 0, what: "fault", text: "node-hang vdsl" },
    { atMs: 60_000, what: "mend", text: "node-resume vdsl" },
  ],
  reason:
    "the carrier stays up while the router is dead, and miimon sees nothing but the carrier: the kernel never moved. An ARP monitor (arp_interval 250, arp_ip_target) or the agent's own probes see it",
});

const stale = scenarioCase({
  id: "device-off-vdsl",
  fault: "the router vdsl loses its power",
  kind: "carrier",
  outageMs: { toHost: 43_900, fromHost: 43_894 },
  watchedMs: 60_000,
  tcp: { survived: true, stallMs: 51_200 },
  lost: 87_790,
  sent: 140_000,
  verdict: "missed",
  switchedAfterMs: 61,
  events: [
    { atMs: 0, what: "fault", text: "node-off vdsl" },
    { atMs: 61, what: "switch", text: "bond0: making interface eth1 the new active one" },
    { atMs: 43_890, what: "kernel", text: "neighbour 192.168.1.1 is now 02:00:00:00:02:01" },
    { atMs: 60_000, what: "mend", text: "node-on vdsl" },
    { atMs: 60_101, what: "back", text: "bond0: making interface eth0 the new active one" },
  ],
  reason:
    "the kernel moved to eth1 after 61 ms, but both routers have the address 192.168.1.1 and the neighbour entry kept the first one's MAC. Flush the entry at failover, or give the routers different addresses",
});

const stp = scenarioCase({
  id: "cable-eth0-stp",
  fault: "the cable eth0 – switch-a is pulled",
  kind: "carrier",
  reselectMs: { toHost: 4_079, fromHost: 4_081 },
  verdict: "missed",
  lost: 16_400,
  reason:
    "going back to the primary costs 4.08 s: switch-a's port listens and learns (forward delay 2 s) while the carrier is up. Set updelay above twice the forward delay, or primary_reselect: failure",
});

const spread = [49, 12, 88, 45, 61, 30, 77, 49, 53, 90, 21, 38, 66, 49, 8, 71, 55, 42, 84, 47];
const repeated = scenarioCase({
  ...cableEth0,
  outageMs: { toHost: 90, fromHost: 90 },
  repeats: spread.map((each) => ({ toHost: each, fromHost: each - 1, reselect: 0, tcpStallMs: 223 })),
  stats: { median: 49, p95: 88, worst: 90 },
});

const brownout = scenarioCase({
  id: "power-mains",
  fault: "the mains fail: vdsl and lte are without power",
  kind: "power",
  expected: "no-path",
  outageMs: dead,
  tcp: { survived: true, stallMs: 10_412 },
  lost: 20_000,
});

const oneWay = scenarioCase({
  id: "one-way-eth1",
  fault: "packets towards the host vanish on eth1",
  kind: "one-way",
  outageMs: { toHost: null, fromHost: 0 },
  watchedMs: 60_000,
  tcp: { survived: false, stallMs: null },
  verdict: "missed",
  reason: "only one direction is dead: no monitor of the kernel's watches what comes in",
});

function rehearsalCase(subject: string, over: Partial<Rehearsal>): Rehearsal {
  const scenarios = over.scenarios ?? [];
  return {
    subject,
    engine: "uml-tt",
    kernel: "6.1.192-holdfastlab (Debian linux-source-6.1)",
    clock: "virtual",
    objectives: { outageMs: 1000, tcp: "survives" },
    bringUp: {
      manager: "ifupdown",
      exit: 0,
      output: "",
      bonds: [
        {
          name: "bond0",
          mode: "active-backup",
          miimon: 100,
          arpInterval: 0,
          primary: "eth0",
          activePort: "eth0",
          ports: ["eth0", "eth1"],
        },
      ],
    },
    verdict: scenarios.some((each) => each.verdict === "missed") ? "missed" : "held",
    notes: ["wlan0 is a plain wire here: its radio is not rehearsed"],
    tookMs: 18_400,
    ...over,
    scenarios,
  };
}

/** All promises held, one fault without a path. */
export const heldCase = rehearsalCase("examples/vdsl-lte.yaml", {
  scenarios: [healthy, scenarioCase(cableEth0), brownout],
});

/** A mixed day: held, never, stale neighbour, STP, one way only. */
export const missedCase = rehearsalCase("/etc/network/interfaces", {
  scenarios: [healthy, scenarioCase(cableEth0), stale, neverBack, stp, oneWay, brownout],
});

/** Twenty repeats each. */
export const repeatCase = rehearsalCase("examples/vdsl-lte.yaml", {
  scenarios: [
    healthy,
    repeated,
    {
      ...neverBack,
      repeats: spread.map(() => ({ toHost: null, fromHost: null, reselect: 0, tcpStallMs: null })),
      stats: { median: null, p95: null, worst: null },
    },
  ],
});

const unreachable = (id: string, fault: string, kind: string): ScenarioResult =>
  scenarioCase({
    ...neverBack,
    id,
    fault,
    kind,
    events: [],
    reason: "no bond came up: the host has no address to be reached at",
  });

/** The kernel knows no bond at all. */
export const noBondCase = rehearsalCase("second article, as written", {
  bringUp: {
    manager: "ifupdown",
    exit: 1,
    output:
      "Waiting for a slave to join bond0 (will timeout after 60s)\nNo iface bond0\nifup: failed to bring up bond0\n",
    bonds: [],
  },
  scenarios: [
    unreachable("healthy", "nothing: everything is healthy", "healthy"),
    unreachable(cableEth0.id, cableEth0.fault, cableEth0.kind),
    unreachable(silentVdsl.id, silentVdsl.fault, silentVdsl.kind),
  ],
});

/** balance-rr over two routers: half of all packets are lost while nothing is broken. */
export const halfLostCase = rehearsalCase("second article, with an address", {
  clock: "real",
  engine: "uml",
  bringUp: {
    manager: "ifupdown",
    exit: 0,
    output: "",
    bonds: [
      {
        name: "bond0",
        mode: "balance-rr",
        miimon: 0,
        arpInterval: 0,
        primary: "",
        activePort: "",
        ports: ["eth0", "eth1"],
      },
    ],
  },
  scenarios: [
    scenarioCase({
      id: "healthy",
      fault: "nothing: everything is healthy",
      kind: "healthy",
      outageMs: { toHost: 2, fromHost: 2 },
      lost: 12_006,
      sent: 24_000,
      events: [],
      verdict: "missed",
      reason:
        "bond0 is in balance-rr and sends every other packet to the other router: half of all packets are lost while everything is healthy",
      flows: flowCases({ toHost: 2, fromHost: 2 }, { toHost: 0, fromHost: 0 }, 10_000).map((flow) => ({
        ...flow,
        lost: 6_000,
        lostBefore: 3_000,
        lostRuns: everyOther,
      })),
    }),
    {
      ...neverBack,
      ...cableEth0,
      reason: "bond0 has no link monitor (miimon 0), so the kernel never notices that the cable is gone",
    },
    neverBack,
  ],
});

/** Every fixture, by what it shows. */
export const allCases = { heldCase, missedCase, repeatCase, noBondCase, halfLostCase };
