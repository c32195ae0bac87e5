import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../model/config.ts";
import { compilePlan } from "./compile-plan.ts";
import type { LabPlan } from "./lab-plan.ts";
import { bigHouse, powerlineHouse, twoRouters } from "./testing/houses.ts";
import { anyHouse } from "./testing/random-house.ts";

const nodeOf = (plan: LabPlan, name: string) => plan.nodes.find((node) => node.name === name);
const wireOf = (plan: LabPlan, id: string) => plan.wires.find((wire) => wire.id === id);

describe("two routers with one address", () => {
  const plan = compilePlan(twoRouters);

  test("each in its own namespace, with its own MAC address and its own public address", () => {
    const [vdsl, lte] = [nodeOf(plan, "vdsl"), nodeOf(plan, "lte")];
    expect(vdsl?.addresses.map((address) => address.cidr)).toEqual(["192.168.1.1/24", "198.51.100.20/24"]);
    expect(lte?.addresses.map((address) => address.cidr)).toEqual(["192.168.1.1/24", "198.51.100.28/24"]);
    expect(vdsl?.bridge?.mac).not.toBe(lte?.bridge?.mac);
    expect(vdsl).toMatchObject({
      forwards: true,
      masquerade: ["wan0"],
      routes: [{ to: "default", via: "198.51.100.10", dev: "wan0" }],
    });
  });

  test("ports are named as the user names them, with the MAC address declared", () => {
    expect(wireOf(plan, "eth0")?.a).toEqual({ node: "host", dev: "eth0", mac: "b8:27:eb:00:00:01", bridged: false });
  });

  test("the far server answers for the declared targets too", () => {
    expect(nodeOf(plan, "internet")?.addresses.map((address) => address.cidr)).toEqual([
      "198.51.100.10/24",
      "9.9.9.9/32",
    ]);
  });

  test("flows: through the NAT without an address to be called back at, and to the client in the LAN", () => {
    expect(plan.flows).toEqual([
      { id: "internet", peer: "internet", peerAddress: "198.51.100.10", tcp: true },
      { id: "lan", peer: "client", peerAddress: "192.168.1.50", tcp: true, hostAddress: "192.168.1.10" },
    ]);
  });
});

describe("addresses", () => {
  test("a router of another subnet keeps it", () => {
    expect(nodeOf(compilePlan(bigHouse), "lte")?.addresses[0]?.cidr).toBe("192.168.8.1/24");
  });

  test("the far network moves out of the way of a LAN that has its addresses", () => {
    const config: Config = { ...twoRouters, uplinks: [{ name: "lte", port: "eth1", gateway: "198.51.100.1" }] };
    expect(compilePlan(config).flows[0]?.peerAddress).toBe("203.0.113.10");
  });

  test("a bond that asks for DHCP gets it, from a range that holds neither gateway nor client", () => {
    const [bond, ...others] = twoRouters.interfaces;
    const config = {
      ...twoRouters,
      interfaces: [{ ...bond!, ipv4: { method: "dhcp" as const, addresses: [] } }, ...others],
    };
    expect(nodeOf(compilePlan(config), "vdsl")?.dnsmasq).toEqual({
      dev: "br-lan",
      range: { from: "192.168.1.100", to: "192.168.1.149", prefix: 24, router: "192.168.1.1" },
      dns: true,
    });
  });

  test("a bond on a VLAN: router and client speak on it", () => {
    const [bond, ...others] = twoRouters.interfaces;
    const vlan = { ...bond!, name: "bond0.7", vlan: { parent: "bond0", id: 7 } };
    const plan = compilePlan({ ...twoRouters, interfaces: [vlan, ...others] });
    expect(nodeOf(plan, "vdsl")?.vlans).toEqual([{ name: "br-lan.7", parent: "br-lan", id: 7 }]);
    expect(nodeOf(plan, "vdsl")?.addresses[0]).toEqual({ dev: "br-lan.7", cidr: "192.168.1.1/24" });
    expect(nodeOf(plan, "client")?.addresses[0]?.dev).toBe("vdsl.7");
  });
});

test("a radio port is a plain wire, and the plan says so", () => {
  expect(compilePlan(powerlineHouse).notes?.join()).toContain("wlan0 is a plain wire here");
});

test("a port outside the bond exists, and leads nowhere", () => {
  const config = {
    ...twoRouters,
    interfaces: [...twoRouters.interfaces, { ...twoRouters.interfaces[1]!, name: "eth9", match: {} }],
  };
  const plan = compilePlan(config);
  expect(wireOf(plan, "elsewhere-eth9")).toMatchObject({
    a: { node: "host", dev: "eth9" },
    b: { node: "elsewhere", bridged: true },
  });
});

describe("any topology", () => {
  test("names are legal and unique, ends exist, the host is first and never bridged", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const plan = compilePlan(config);
        const names = plan.nodes.map((node) => node.name);
        expect(names[0]).toBe("host");
        expect(new Set(names).size).toBe(names.length);
        expect(new Set(plan.wires.map((wire) => wire.id)).size).toBe(plan.wires.length);
        const ends = plan.wires.flatMap((wire) => [wire.a, wire.b]);
        const bridges = plan.nodes.flatMap((node) =>
          node.bridge === undefined ? [] : [`${node.name} ${node.bridge.name}`],
        );
        const devices = [...ends.map((end) => `${end.node} ${end.dev}`), ...bridges];
        expect(new Set(devices).size).toBe(devices.length);
        expect(new Set(ends.map((end) => end.mac)).size).toBe(ends.length);
        for (const end of ends) {
          expect(names).toContain(end.node);
          expect(end.dev).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/);
          expect(end.mac).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
          expect(end.bridged && nodeOf(plan, end.node)?.bridge === undefined).toBe(false);
        }
        for (const wire of plan.wires) {
          expect(wire.b.node).not.toBe("host");
          expect(wire.a.bridged && !wire.b.bridged).toBe(false);
        }
        for (const node of plan.nodes) {
          const known = new Set(ends.filter((end) => end.node === node.name).map((end) => end.dev));
          for (const dev of [node.bridge?.name, ...(node.vlans ?? []).map((vlan) => vlan.name)])
            if (dev !== undefined) known.add(dev);
          for (const { dev } of node.addresses) expect(known).toContain(dev);
          for (const dev of node.masquerade) expect(known).toContain(dev);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("no loop of bridges goes without spanning tree", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const plan = compilePlan(config);
        // Bridges that run it take themselves out of every loop; what is left must be a forest.
        const bridged = plan.wires.filter((wire) => wire.a.bridged && wire.b.bridged);
        const plain = bridged.filter((wire) =>
          [wire.a, wire.b].every((end) => nodeOf(plan, end.node)?.bridge?.stpForwardDelay === undefined),
        );
        const group = new Map<string, string>();
        const root = (name: string): string => (group.has(name) ? root(group.get(name) ?? name) : name);
        for (const wire of plain) {
          expect(root(wire.a.node)).not.toBe(root(wire.b.node));
          group.set(root(wire.a.node), root(wire.b.node));
        }
      }),
      { numRuns: 100 },
    );
  });

  test("the same config gives the same plan", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        expect(compilePlan(config)).toEqual(compilePlan(structuredClone(config)));
      }),
      { numRuns: 30 },
    );
  });
});
