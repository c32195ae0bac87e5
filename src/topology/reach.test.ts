import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildGraph } from "./build-graph.ts";
import { type Graph, hostName, otherEnd } from "./graph.ts";
import { type Broken, intact, reaches } from "./reach.ts";
import { powerlineHouse, twoRouters } from "./testing/houses.ts";
import { anyHouse } from "./testing/random-house.ts";

/** The dumb answer: walks every way there is that visits nothing twice. */
function reachesSlowly(graph: Graph, broken: Broken, at: string, to: string, path: readonly string[]): boolean {
  if (broken.nodes.has(at)) return false;
  if (at === to) return true;
  const kind = graph.nodes.find((node) => node.name === at)?.kind;
  const passes = path.length === 0 || !["host", "client", "server", "internet"].includes(kind ?? "");
  if (!passes) return false;
  return graph.edges.some((edge) => {
    if ((edge.from !== at && edge.to !== at) || broken.edges.has(edge.id)) return false;
    if (edge.wan && edge.from !== at) return false;
    if (edge.port !== undefined && graph.ports.every((port) => port.name !== edge.port || !port.carries)) return false;
    const next = otherEnd(edge, at);
    return !path.includes(next) && reachesSlowly(graph, broken, next, to, [...path, at]);
  });
}

describe("who still reaches whom", () => {
  test("agrees with walking every way, whatever is broken", () => {
    fc.assert(
      fc.property(
        anyHouse,
        fc.array(fc.nat(30), { maxLength: 4 }),
        fc.array(fc.nat(30), { maxLength: 3 }),
        (config, wires, nodes) => {
          const graph = buildGraph(config);
          const broken: Broken = {
            edges: new Set(wires.map((n) => graph.edges[n % graph.edges.length]?.id ?? "")),
            nodes: new Set(nodes.map((n) => graph.nodes[n % graph.nodes.length]?.name ?? "")),
          };
          for (const node of graph.nodes) {
            if (node.kind === "host" || node.kind === "usb-hub") continue;
            expect(reaches(graph, broken, hostName, node.name)).toBe(
              reachesSlowly(graph, broken, hostName, node.name, []),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("nobody comes in through a router's WAN", () => {
    const graph = buildGraph(twoRouters);
    expect(reaches(graph, intact, hostName, "internet", ["eth1"])).toBe(true);
    expect(reaches(graph, intact, hostName, "client", ["eth1"])).toBe(false);
    expect(reaches(graph, intact, "internet", hostName)).toBe(false);
  });

  test("a port of its own way survives what cuts the other", () => {
    const graph = buildGraph(powerlineHouse);
    const broken: Broken = { nodes: new Set(["plc-b"]), edges: new Set() };
    expect(reaches(graph, broken, hostName, "internet", ["em1"])).toBe(false);
    expect(reaches(graph, broken, hostName, "internet", ["wlan0"])).toBe(true);
  });

  test("stations of an access point that keeps them apart don't meet there, nor by way of what hangs on it; by wire they do", () => {
    const { devices = [], cables = [], power = [] } = powerlineHouse.topology ?? {};
    const phone = { name: "phone", kind: "client", wifi: "Home" } as const;
    const house = (clientIsolation: boolean) => {
      const apart = devices.map((one) => (one.name === "router" ? { ...one, offers: { clientIsolation } } : one));
      return buildGraph({ ...powerlineHouse, topology: { devices: [...apart, phone], cables, power } });
    };
    const met = (graph: Graph, ports: readonly string[]) => reaches(graph, intact, hostName, "phone", ports);
    expect([["wlan0"], ["em1"], ["em1", "wlan0"]].map((ports) => met(house(true), ports))).toEqual([false, true, true]);
    expect(met(house(false), ["wlan0"])).toBe(true);
    expect(reaches(house(true), intact, hostName, "internet", ["wlan0"])).toBe(true);
  });
});
