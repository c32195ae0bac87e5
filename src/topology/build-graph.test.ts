import { describe, expect, test } from "vitest";
import type { Config, Device } from "../model/config.ts";
import { emptyConfig } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { gateways, lanPeer } from "./graph.ts";
import { meantBonds } from "./meant-bonds.ts";
import { anInterface, benchHouse, bigHouse, fixed, powerlineHouse, twoRouters } from "./testing/houses.ts";

const edgesOf = (config: Config) =>
  buildGraph(config).edges.map((edge) => `${edge.port ?? edge.from} > ${edge.to}${edge.wan ? " WAN" : ""}`);

const withDevices = (config: Config, devices: readonly Device[], cables: readonly string[]): Config => ({
  ...config,
  topology: {
    devices,
    power: [],
    cables: cables.map((text) => {
      const [from = "", to = ""] = text.split(" – ");
      return { from, to, medium: "cable" };
    }),
  },
});

const bare: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup" } }],
  interfaces: [
    anInterface("bond0", { ipv4: fixed("10.0.0.2/24", "10.0.0.1") }),
    anInterface("eth0"),
    anInterface("eth1"),
  ],
};

describe("what is assumed where little is declared", () => {
  test("nothing declared: all ports on one switch, the gateway behind it", () => {
    expect(edgesOf(bare)).toEqual([
      "switch > router",
      "eth0 > switch",
      "eth1 > switch",
      "router > internet WAN",
      "client > router",
    ]);
    expect(gateways(buildGraph(bare)).map((node) => node.gateway.lan)).toEqual(["10.0.0.1/24"]);
  });

  test("a bond its files fail to make is no port: no cable goes into it", () => {
    const spoken = (name: string, extra: Readonly<Record<string, string>>, ipv4 = anInterface(name).ipv4) => ({
      ...anInterface(name, { ipv4 }),
      extra: Object.entries(extra).map(([key, value]) => ({ key, value })),
    });
    const config: Config = {
      ...emptyConfig,
      interfaces: [
        spoken("eth0", { "bond-master": "bond0", "bond-mode": "active-backup" }),
        spoken("eth1", { bond_master: "bond0" }),
        spoken("bond0", { "bond-master": "bond0", "bond-slaves": "none" }, fixed("10.0.0.2/24", "10.0.0.1")),
        spoken("bond1", { "bond-slaves": "eth2 eth3" }),
        spoken("bond2", { "bond-mode": "802.3ad" }),
        anInterface("eth2"),
      ],
    };
    expect(buildGraph(config).ports.map(({ name }) => name)).toEqual(["eth0", "eth1", "eth2", "eth3"]);
    expect(buildGraph(config).notes.join()).not.toContain("bond");
    expect(meantBonds(config)).toEqual(["bond0", "bond1", "bond2"]);
  });

  test("uplinks: a router each, each with its own WAN", () => {
    expect(edgesOf(twoRouters)).toEqual([
      "eth0 > vdsl",
      "eth1 > lte",
      "vdsl > internet WAN",
      "lte > internet WAN",
      "client > vdsl",
    ]);
  });

  test("one uplink of two ports: the other port keeps a router of its own", () => {
    const config = { ...bare, uplinks: [{ name: "lte", port: "eth1", gateway: "192.168.8.1" }] };
    expect(edgesOf(config)).toContain("eth0 > router");
    expect(edgesOf(config)).toContain("eth1 > lte");
  });

  test("a port nobody cabled joins the gateway that is there", () => {
    const config = withDevices(bare, [{ name: "box", kind: "router" }], ["eth0 – box"]);
    expect(edgesOf(config)).toContain("eth1 > box");
    expect(buildGraph(config).edges.find((edge) => edge.port === "eth1")?.assumed).toBe(true);
  });

  test("a config without a bond takes its uplinks' ports", () => {
    expect(
      buildGraph({ ...twoRouters, bonds: [] })
        .ports.filter((port) => port.carries)
        .map((port) => port.name),
    ).toContain("eth0");
  });

  test("a topology alone takes the loose ends of its cables for ports", () => {
    const config = withDevices(emptyConfig, [{ name: "box", kind: "router" }], ["lan1 – box"]);
    expect(buildGraph(config).ports.map((port) => port.name)).toEqual(["lan1"]);
  });
});

describe("what is declared", () => {
  test("a radio port joins the device of its network", () => {
    const edge = buildGraph(powerlineHouse).edges.find((one) => one.port === "wlan0");
    expect(edge).toMatchObject({ to: "router", medium: "radio", assumed: false });
  });

  test("an uplink belongs to the device of its name, else to the router its port leads to", () => {
    const devices: readonly Device[] = [
      { name: "sw", kind: "switch" },
      { name: "lte", kind: "router" },
      { name: "old-box", kind: "router" },
    ];
    const config = withDevices(twoRouters, devices, ["eth0 – sw", "sw – old-box", "eth1 – lte"]);
    expect(gateways(buildGraph(config)).map((node) => [node.name, node.gateway.uplink?.name])).toEqual([
      ["lte", "lte"],
      ["old-box", "vdsl"],
    ]);
  });

  test("behind a modem lies the Internet; what joins router and modem is the router's WAN", () => {
    const edges = edgesOf(bigHouse);
    expect(edges).toContain("fibre > converter WAN");
    expect(edges).toContain("ont > internet");
    expect(edges).not.toContain("fibre > internet WAN");
    expect(edges).toContain("lte > internet WAN");
  });

  test("a USB hub is what ports hang on, not what packets go through", () => {
    const graph = buildGraph(bigHouse);
    expect(graph.ports.find((port) => port.name === "enx001122334455")?.hubs).toEqual(["usb-hub"]);
    expect(graph.edges.some((edge) => edge.to === "usb-hub")).toBe(false);
  });

  test("a second router in one LAN is no second gateway", () => {
    const devices: readonly Device[] = [
      { name: "wifi-box", kind: "router" },
      { name: "main", kind: "router", address: "10.0.0.1/24" },
    ];
    const graph = buildGraph(withDevices(bare, devices, ["eth0 – wifi-box", "eth1 – wifi-box", "wifi-box – main"]));
    expect(gateways(graph).map((node) => node.name)).toEqual(["main"]);
    expect(graph.notes).toContain("wifi-box is not the host's gateway and stands as a switch");
  });

  test("a bench: where a declared peer bears the gateway's address no router is made up", () => {
    const devices: readonly Device[] = [
      { name: "sw", kind: "switch" },
      { name: "peer", kind: "server", address: "10.0.0.1/24" },
    ];
    const graph = buildGraph(withDevices(bare, devices, ["eth0 – sw", "eth1 – sw", "sw – peer"]));
    expect(graph.nodes.map((node) => node.name)).toEqual(["host", "sw", "peer"]);
    expect(lanPeer(graph)?.name).toBe("peer");
  });

  test("the host hangs on the UPS, unless it is said to hang elsewhere", () => {
    expect(buildGraph(powerlineHouse).nodes[0]?.power).toBe("ups");
    const topology = powerlineHouse.topology ?? { devices: [], cables: [], power: [] };
    const devices = [...topology.devices, { name: "host", kind: "server", power: "mains" } as const];
    expect(buildGraph({ ...powerlineHouse, topology: { ...topology, devices } }).nodes[0]?.power).toBe("mains");
  });

  test("a cable that leads nowhere known is left out, and said", () => {
    const graph = buildGraph(withDevices(bare, [], ["eth0 – nothing"]));
    expect(graph.notes).toEqual(["the cable eth0 – nothing leads nowhere known and is left out"]);
  });

  test("the primary is the active port", () => {
    expect(buildGraph(benchHouse).activePort).toBe("eth0");
    expect(
      buildGraph({ ...bare, bonds: [{ name: "bond0", ports: ["eth0", "eth1"], options: { primary: "eth1" } }] })
        .activePort,
    ).toBe("eth1");
  });
});
