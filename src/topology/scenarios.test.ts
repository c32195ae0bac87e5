import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { compilePlan } from "./compile-plan.ts";
import { effectOf } from "./effect.ts";
import { hostName, internetName } from "./graph.ts";
import type { LabOperation, LabPlan, Scenario } from "./lab-plan.ts";
import { reaches } from "./reach.ts";
import { allScenarios, defaultScenarios } from "./scenarios.ts";
import { benchHouse, bigHouse, powerlineHouse, twoRouters } from "./testing/houses.ts";
import { anyHouse } from "./testing/random-house.ts";

const ids = (scenarios: readonly Scenario[]) => scenarios.map((scenario) => scenario.id);

function named(config: Config, id: string): Scenario {
  const found = allScenarios(config).find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`no scenario ${id} among ${ids(allScenarios(config)).join(", ")}`);
  return found;
}

describe("the default list", () => {
  test("Ethernet over powerline with Wi-Fi beside it", () => {
    expect(ids(defaultScenarios(powerlineHouse))).toEqual([
      "healthy",
      "cable-em1",
      "power-mains",
      "powerline-plc-a-plc-b",
      "off-router",
      "hang-router",
      "uplink-router",
      "radio-wlan0",
      "oneway-to-host-em1",
      "oneway-from-host-em1",
      "loss-30-em1",
      "flap-em1",
      "replace-router",
      "power-mains-no-ups",
    ]);
  });

  test("two routers", () => {
    expect(ids(defaultScenarios(twoRouters))).toEqual([
      "healthy",
      "cable-eth0",
      "off-vdsl",
      "hang-vdsl",
      "uplink-vdsl",
      "cable-eth1",
      "off-lte",
      "hang-lte",
      "uplink-lte",
      "oneway-to-host-eth0",
      "oneway-from-host-eth0",
      "loss-30-eth0",
      "flap-eth0",
      "replace-vdsl",
      "uplink-all",
    ]);
  });

  test("what looks alike to the host is rehearsed once, and the one rehearsed says for whom", () => {
    const found = defaultScenarios(powerlineHouse).find((scenario) => scenario.id === "powerline-plc-a-plc-b");
    expect(found?.standsFor).toEqual(["cable-plc-b-router", "off-plc-b", "hang-plc-a", "hang-plc-b"]);
  });
});

describe("what a fault comes to", () => {
  test.each([
    [powerlineHouse, "cable-em1", "carrier", { internet: "survives", lan: "survives" }, true],
    [powerlineHouse, "off-plc-a", "carrier", { internet: "survives", lan: "survives" }, true],
    [powerlineHouse, "off-plc-b", "silent", { internet: "survives", lan: "survives" }, false],
    [powerlineHouse, "hang-plc-b", "silent", { internet: "survives", lan: "survives" }, false],
    [powerlineHouse, "off-router", "silent", { internet: "no-path", lan: "no-path" }, false],
    [powerlineHouse, "uplink-router", "uplink", { internet: "no-path", lan: "survives" }, false],
    [powerlineHouse, "power-mains", "power", { internet: "survives", lan: "survives" }, true],
    [powerlineHouse, "power-mains-no-ups", "power", { internet: "no-path", lan: "no-path" }, true],
    [twoRouters, "off-vdsl", "carrier", { internet: "survives", lan: "no-path" }, true],
    [twoRouters, "uplink-vdsl", "uplink", { internet: "survives", lan: "no-path" }, false],
    [twoRouters, "loss-30-eth0", "loss", { internet: "survives", lan: "no-path" }, false],
    [twoRouters, "loss-30-eth1", "loss", { internet: "survives", lan: "survives" }, false],
    [powerlineHouse, "loss-30-em1", "loss", { internet: "survives", lan: "survives" }, false],
    [twoRouters, "uplink-all", "uplink", { internet: "no-path", lan: "survives" }, false],
    [bigHouse, "off-usb-hub", "carrier", { internet: "survives", lan: "survives" }, true],
  ] as const)("%#: %s", (config, id, kind, expected, tells) => {
    expect(named(config, id)).toMatchObject({ kind, expected, carrierTells: tells });
  });

  test("TCP to the Internet may break where another router takes over, and only there", () => {
    expect(named(twoRouters, "off-vdsl").tcpMayBreak).toBe(
      "lte has another public address than vdsl: connections to the Internet cannot move over",
    );
    expect(named(twoRouters, "loss-30-eth0").tcpMayBreak).toBe(named(twoRouters, "off-vdsl").tcpMayBreak);
    expect(named(twoRouters, "off-lte").tcpMayBreak).toBeUndefined();
    expect(named(powerlineHouse, "cable-em1").tcpMayBreak).toBeUndefined();
  });

  test("the mains take what hangs on them and nothing else", () => {
    expect(named(powerlineHouse, "power-mains").inject.map((one) => one.do)).toEqual([
      { op: "node-off", node: "plc-a" },
      { op: "node-off", node: "plc-b" },
    ]);
  });

  test("a replaced router is unplugged first, and some seconds later another box is there", () => {
    const bridge = compilePlan(twoRouters).nodes.find((node) => node.name === "vdsl")?.bridge;
    const { inject, mend, expected } = named(twoRouters, "replace-vdsl");
    expect(inject).toEqual([{ atMs: 0, do: { op: "node-off", node: "vdsl" } }]);
    expect(mend).toMatchObject([
      { atMs: 5000, do: { op: "change-mac", node: "vdsl", dev: "br-lan" } },
      { atMs: 5000, do: { op: "node-on", node: "vdsl" } },
    ]);
    expect(mend[0]?.do).not.toMatchObject({ mac: bridge?.mac });
    expect(expected).toMatchObject({ internet: "survives" });
    // It doesn't stand behind a power cut that begins alike.
    expect(ids(defaultScenarios(twoRouters))).toContain("replace-vdsl");
  });

  test("what strikes radios alone is in nobody's default list, needs one, and says so", () => {
    const struck = allScenarios(powerlineHouse).filter(({ needsRadio }) => needsRadio);
    const often = ["deauth", "deauth-alone", "refused", "key", "slow-join"];
    const moved = ["csa", "csa-alone", "channel", "channel-alone", "weak", "weak-alone"];
    expect(ids(struck)).toEqual([...often, ...moved].map((name) => `${name}-wlan0`));
    expect(defaultScenarios(powerlineHouse).some(({ needsRadio }) => needsRadio)).toBe(false);
    expect(allScenarios(twoRouters).some(({ needsRadio }) => needsRadio)).toBe(false);
    const alone = named(powerlineHouse, "deauth-alone-wlan0");
    expect(alone.inject.map((one) => one.do.op)).toEqual(["wire-down", "throw-out"]);
    expect(alone.mend.map((one) => one.do.op)).toEqual(["wire-up"]);
    expect(alone.expected).toEqual({ internet: "survives", lan: "survives" });
    // The way back is announced whichever way it went: nobody is left to find out in the midst of the next fault.
    expect(named(powerlineHouse, "channel-wlan0").mend.map((one) => one.do)).toEqual([
      { op: "restore-channel", node: "router" },
    ]);
    expect(named(powerlineHouse, "key-wlan0")).toMatchObject({
      mend: [{ do: { op: "restore-key", node: "router" } }],
      expected: { internet: "survives" },
      carrierTells: true,
    });
  });

  test("spanning tree: the way back is waited for, and a short break is a scenario of its own", () => {
    expect(named(benchHouse, "cable-eth0").settleMs).toBe(5000);
    expect(named(benchHouse, "cable-eth1").settleMs).toBeUndefined();
    expect(named(benchHouse, "stp-failback-eth0").inject.map((one) => one.atMs)).toEqual([0, 500]);
  });
});

/** What a network would be after some operations: only what differs from before. */
function after(plan: LabPlan, operations: readonly LabOperation[]): ReadonlyMap<string, string> {
  const state = new Map<string, string>();
  for (const operation of operations) {
    const thing = "wire" in operation ? operation.wire : operation.node;
    switch (operation.op) {
      case "wire-loss":
        for (const way of operation.direction === "both" ? ["a-to-b", "b-to-a"] : [operation.direction]) {
          state.set(`loss ${thing} ${way}`, operation.percent === 0 ? "" : String(operation.percent));
        }
        break;
      case "change-mac": {
        const own = plan.nodes.find((node) => node.name === thing)?.bridge?.mac;
        state.set(`mac ${thing}`, operation.mac === own ? "" : operation.mac);
        break;
      }
      case "set-signal":
        state.set(`signal ${thing}`, operation.dbm === -30 ? "" : String(operation.dbm));
        break;
      // Nothing keeps whoever was thrown out from coming back.
      case "throw-out":
        break;
      default: {
        const what = {
          "wire-up": "wire-down",
          "node-on": "node-off",
          "node-resume": "node-hang",
          rebridge: "unbridge",
          "restore-key": "change-key",
          admit: "refuse",
          "answer-joins": "ignore-joins",
          "restore-channel": "move-channel",
        };
        const ends = operation.op in what;
        const key = operation.op in what ? what[operation.op as keyof typeof what] : operation.op;
        state.set(`${key} ${thing}`, ends ? "" : "broken");
      }
    }
  }
  return new Map([...state].filter(([, value]) => value !== ""));
}

describe("any topology", () => {
  test("every mending undoes its fault, on wires and nodes that exist; ids are unique and fit for a file name", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const plan = compilePlan(config);
        const scenarios = allScenarios(config);
        expect(new Set(ids(scenarios)).size).toBe(scenarios.length);
        for (const scenario of scenarios) {
          expect(scenario.id).toMatch(/^[A-Za-z0-9._-]+$/);
          const inject = scenario.inject.toSorted((one, other) => one.atMs - other.atMs).map((one) => one.do);
          const mend = scenario.mend.map((one) => one.do);
          const left = [...after(plan, [...inject, ...mend]).keys()];
          // What takes the place of a replaced box stays there.
          const stays = (key: string): boolean => scenario.kind === "replaced" && key.startsWith("mac ");
          expect(
            left.filter((key) => !stays(key)),
            scenario.id,
          ).toEqual([]);
          expect(inject.length === 0).toBe(scenario.id === "healthy");
          for (const operation of inject) {
            if ("wire" in operation) expect(plan.wires.map((wire) => wire.id)).toContain(operation.wire);
            else expect(plan.nodes.slice(1).map((node) => node.name)).toContain(operation.node);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("what is promised agrees with who still reaches whom, for every flow there is", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const graph = buildGraph(config);
        const { flows } = compilePlan(config);
        for (const scenario of allScenarios(config)) {
          const { broken } = effectOf(graph, scenario.inject);
          expect(Object.keys(scenario.expected)).toEqual(flows.map((flow) => flow.id));
          for (const flow of flows) {
            // Nothing is promised without a way, and the Internet always where there is one.
            const way = reaches(graph, broken, hostName, flow.peer);
            if (!way || flow.peer === internetName) {
              expect(scenario.expected[flow.id]).toBe(way ? "survives" : "no-path");
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("every cut left out of the default list has one in it that stands for it, or touches no way of the host's", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const chosen = defaultScenarios(config);
        const known = new Set(ids(allScenarios(config)));
        for (const id of [...ids(chosen), ...chosen.flatMap((one) => one.standsFor ?? [])]) expect(known).toContain(id);
        expect(chosen[0]?.id).toBe("healthy");
        expect(new Set(ids(chosen)).size).toBe(chosen.length);
      }),
      { numRuns: 25 },
    );
  });
});
