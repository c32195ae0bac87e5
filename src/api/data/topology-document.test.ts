import { describe, expect, test } from "vitest";
import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import { defaultScenarios } from "../../topology/scenarios.ts";
import { homeConfig, wellStatus } from "../testing/house.ts";
import { pictureOf, topologyDocument } from "./topology-document.ts";
import { whatIf } from "./what-if.ts";

const { config } = parseHoldfast("holdfast.yaml", homeConfig);
const faults = whatIf(config, undefined);

function drawn(change: Partial<StatusDocument> = {}) {
  const document = topologyDocument(pictureOf(config, faults), { ...wellStatus(), ...change });
  return {
    document,
    node: (name: string) => document.nodes.find((one) => one.name === name),
    edge: (port: string) => document.edges.find((one) => one.port === port),
    port: (name: string) => document.host.ports.find((one) => one.name === name),
  };
}

const [eth0, wlan0] = wellStatus().ports;
const [wired, radio] = wellStatus().paths;

describe("the picture", () => {
  test("everything has its place inside, and a path to draw", () => {
    const { document } = drawn();
    expect(document.nodes.map(({ name }) => name).toSorted()).toEqual([
      "client",
      "internet",
      "plc-a",
      "plc-b",
      "router",
    ]);
    for (const { x, y, width, height } of document.nodes) {
      expect(x - width / 2).toBeGreaterThanOrEqual(0);
      expect(x + width / 2).toBeLessThanOrEqual(document.width);
      expect(y + height / 2).toBeLessThanOrEqual(document.height);
    }
    for (const { path } of document.edges) expect(path).toMatch(/^M[\d.]+ [\d.]+/);
    expect(document.text).toContain("eth0 (active) leads over plc-a, plc-b, router");
  });

  test("all is well: the active port's way carries, the standby's is proven", () => {
    const { node, edge, port } = drawn();
    expect([port("eth0")?.state, edge("eth0")?.state, node("plc-a")?.state, node("router")?.state]).toEqual(
      Array(4).fill("carries"),
    );
    expect([port("wlan0")?.state, edge("wlan0")?.state]).toEqual(["proven", "proven"]);
    expect(port("wlan0")?.provenAt).toBeGreaterThan(Date.now() - 10_000);
    expect(port("eth0")?.note).toBe("active");
  });

  test("the powerline is dead behind a carrier: what lies on no other way is accused, the router isn't", () => {
    const { node, edge, port } = drawn({
      bond: { ...(wellStatus().bond as NonNullable<StatusDocument["bond"]>), active: "wlan0" },
      ports: [
        { ...eth0, active: false, usable: false, note: "192.168.1.254 doesn't answer" },
        { ...wlan0, active: true },
      ] as StatusDocument["ports"],
      paths: [{ ...wired, state: "dead", loss: 1 }, radio] as StatusDocument["paths"],
    });
    expect([port("eth0")?.state, edge("eth0")?.state, node("plc-a")?.state, node("plc-b")?.state]).toEqual(
      Array(4).fill("dead"),
    );
    expect([port("wlan0")?.state, node("router")?.state]).toEqual(["carries", "carries"]);
    expect(port("eth0")?.note).toBe("standby: 192.168.1.254 doesn't answer");
  });

  test("the Internet lost behind the router is told where it is", () => {
    const { node, edge } = drawn({ internet: { state: "lost", since: 1, targets: ["9.9.9.9"] } });
    expect([node("router")?.state, node("internet")?.state, edge("eth0")?.state]).toEqual([
      "carries",
      "dead",
      "carries",
    ]);
  });

  test("without an agent nothing is claimed of paths", () => {
    const { port } = drawn({ source: "kernel", paths: [] });
    expect([port("eth0")?.state, port("wlan0")?.state]).toEqual(["carries", "unknown"]);
    const alone = topologyDocument(pictureOf(config, faults), undefined);
    expect(new Set(alone.nodes.map(({ state }) => state))).toEqual(new Set(["unknown"]));
  });

  test("the mains gone, as the UPS says: what hangs on it is dark", () => {
    const { document, node } = drawn({ ups: { name: "ups", state: "battery", chargePercent: 80, runtimeMs: 900_000 } });
    expect(document.power.map(({ name, state, runtimeMs }) => [name, state, runtimeMs]).toSorted()).toEqual([
      ["mains", "off", null],
      ["ups", "battery", 900_000],
    ]);
    expect([node("plc-a")?.isDark, node("router")?.isDark]).toEqual([true, false]);
  });

  test("each part names the faults that strike it, and they exist", () => {
    const { document, node } = drawn();
    const ids = faults.map(({ id }) => id);
    const named = [...document.nodes, ...document.edges, ...document.power].flatMap((part) => part.faults);
    expect(named.length).toBeGreaterThan(5);
    for (const id of named) expect(ids).toContain(id);
    expect(node("router")?.faults).toContain("off-router");
    expect(document.power.find(({ name }) => name === "mains")?.faults).toContain("power-mains");
  });
});

describe("what would happen if", () => {
  test("is what the latest rehearsal showed, also by the fault that stands for another", () => {
    const shown = {
      id: "cable-eth0",
      kind: "carrier",
      expected: "survives",
      outageMs: { toHost: 70, fromHost: 60 },
      reselectMs: { toHost: null, fromHost: 0 },
      uncertaintyMs: 5,
      verdict: "held",
      at: 1,
      repeats: 1,
    } as const;
    const all = whatIf(config, { kernel: [shown], withAgent: [] });
    const cable = all.find(({ id }) => id === "cable-eth0");
    expect(cable?.kernel).toEqual({
      scenario: "cable-eth0",
      at: 1,
      outageMs: 70,
      backMs: null,
      uncertaintyMs: 5,
      verdict: "held",
    });
    expect(cable?.withAgent).toBeNull();
    expect(cable?.survives).toBe("all");
    expect(all.find(({ id }) => id === "off-router")?.survives).toBe("none");
    // Pulled at either end, the host sees the same.
    const [stand] = defaultScenarios(config).filter(({ standsFor }) => standsFor !== undefined);
    const others = whatIf(config, { kernel: [{ ...shown, id: stand?.id ?? "" }], withAgent: [] });
    const [first = ""] = stand?.standsFor ?? [];
    expect(others.find(({ id }) => id === first)?.kernel?.scenario).toBe(stand?.id);
  });
});
