import type { StatusDocument, TopologyDocument, WhatIfFault } from "../documents.ts";

/** Sunday 22 November 2026, 12:00:00 UTC. */
export const noon = Date.UTC(2026, 10, 22, 12);

/** Everything as it should be: em1 carries traffic over powerline, wlan0 stands by. */
export const calm: StatusDocument = {
  source: "agent",
  at: noon,
  bond: {
    name: "bond0",
    mode: "active-backup",
    carrier: true,
    active: "em1",
    primary: "em1",
    miimon: 100,
    arpInterval: 0,
    addresses: ["192.168.1.105/24"],
  },
  ports: [aPort("em1", { active: true }), aPort("wlan0", { medium: "radio", speedMbps: 144 })],
  paths: ["em1", "wlan0"].map((port) => ({
    port,
    target: "192.168.1.254",
    state: "alive" as const,
    rttMs: 2.4,
    loss: 0,
    answeredAgoMs: 800,
  })),
  redundancy: { usable: 2, declared: 2, missing: [] },
  since: noon - 10 * 3_600_000,
  lastOutage: null,
  order: "auto",
  otherBonds: [],
};

type Port = StatusDocument["ports"][number];

/** A wired port that could carry traffic. */
export function aPort(name: string, more: Partial<Port> = {}): Port {
  return {
    name,
    medium: "wired",
    carrier: true,
    present: true,
    active: false,
    drained: false,
    metered: false,
    usable: true,
    note: "",
    speedMbps: 1000,
    failures: 0,
    ...more,
  };
}

/** em1 – plc-a – router – internet, wlan0 – router. */
export const powerline: TopologyDocument = {
  width: 900,
  height: 300,
  text: "bond0: em1 leads over plc-a and router, wlan0 over router.",
  host: {
    x: 20,
    y: 20,
    width: 208,
    height: 200,
    title: "bond0",
    mode: "active-backup",
    addresses: [],
    power: "",
    faults: [],
    ports: ["em1", "wlan0"].map((name, n) => ({
      name,
      x: 228,
      y: 100 + n * 60,
      medium: "wired" as const,
      carries: true,
      state: n === 0 ? ("carries" as const) : ("proven" as const),
      active: n === 0,
      note: "",
      provenAt: noon,
      hubs: [],
    })),
  },
  nodes: [aNode("plc-a", "powerline"), aNode("router", "router"), aNode("internet", "internet")],
  edges: [
    aWire("em1", "host", "plc-a", "em1"),
    aWire("plc-a-router", "plc-a", "router"),
    aWire("wlan0", "host", "router", "wlan0"),
    aWire("router-internet", "router", "internet"),
  ],
  power: [],
  notes: [],
};

function aNode(name: string, kind: TopologyDocument["nodes"][number]["kind"]): TopologyDocument["nodes"][number] {
  const place = { x: 300, y: 100, width: 104, height: 80 };
  return {
    name,
    label: name,
    kind,
    ...place,
    state: "carries",
    assumed: false,
    note: "",
    power: "",
    isDark: false,
    faults: [],
  };
}

function aWire(id: string, from: string, to: string, port = ""): TopologyDocument["edges"][number] {
  const medium = id === "wlan0" ? "radio" : "cable";
  return { id, from, to, port, medium, state: "carries", assumed: false, path: "M0 0", x: 0, y: 0, faults: [] };
}

/** plc-a goes off; nothing was rehearsed. */
export const plcOff: WhatIfFault = {
  id: "off-plc-a",
  fault: "plc-a goes off",
  kind: "carrier",
  strikes: ["plc-a"],
  survives: "all",
  carrierTells: true,
  kernel: null,
  withAgent: null,
};
