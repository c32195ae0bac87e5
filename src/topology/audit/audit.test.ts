import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../../test/house/source.ts";
import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { Cable, Config, Device } from "../../model/config.ts";
import { emptyConfig } from "../../model/config.ts";
import { networkDigest } from "../../store/rehearsals.ts";
import { allScenarios } from "../scenarios.ts";
import { anInterface, powerlineHouse, twoRouters } from "../testing/houses.ts";
import { audit } from "./audit.ts";
import { sharedHardware } from "./shared-hardware.ts";

const example = (name: string): Config =>
  parseHoldfast(name, readFileSync(join(root, "examples", name), "utf8")).config;
const singles = (config: Config) =>
  (audit(config).goals[0]?.cutSets ?? []).flatMap((set) => (set.length === 1 ? set : []));

describe("single points of failure", () => {
  test("of the powerline house: its one router and its one line, not its mains", () => {
    expect(new Set(singles(powerlineHouse))).toEqual(new Set(["off-router", "uplink-router"]));
  });

  test("two routers with a line each have none; one port less, and all of the other's way is one", () => {
    expect(singles(twoRouters)).toEqual([]);
    const [bond] = twoRouters.bonds;
    const alone = { ...twoRouters, bonds: bond === undefined ? [] : [{ ...bond, ports: ["eth0"] }] };
    expect(singles({ ...alone, uplinks: alone.uplinks.slice(0, 1) })).toContain("cable-eth0");
  });

  test("each part that a scenario shows names one that there is", () => {
    for (const config of [powerlineHouse, twoRouters, example("vdsl-lte.yaml"), example("two-switches-stp.yaml")]) {
      const known = allScenarios(config).map((scenario) => scenario.id);
      for (const part of audit(config).parts) if (part.scenario !== undefined) expect(known).toContain(part.scenario);
    }
  });
});

describe("a hub under both adapters", () => {
  const hub = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1";
  const placed = [
    { name: "eth0", device: `${hub}/1-1.1/1-1.1:1.0` },
    { name: "eth1", device: `${hub}/1-1.2/1-1.2:1.0` },
  ];

  test("is a single point, and moving one adapter is the advice that mends it", () => {
    const { goals, advice, parts } = audit(twoRouters, placed);
    expect(goals[0]?.cutSets).toContainEqual(["usb-hub-1-1"]);
    expect(parts.find((part) => part.id === "usb-hub-1-1")?.portsLeft).toEqual([]);
    const move = advice.find((one) => one.removes.includes("usb-hub-1-1"));
    expect(move?.text).toMatch(/^Move eth1 from the USB device 1-1, on which eth0 hangs/);
  });

  test("only the nearest of what takes the same ports along is named", () => {
    expect(sharedHardware(placed).map((one) => one.id)).toEqual(["usb-hub-1-1"]);
  });

  test("two hubs of one controller leave the controller; a card's two ports are one card", () => {
    const apart = [placed[0], { name: "eth1", device: "/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0" }];
    const found = sharedHardware(apart.flatMap((one) => (one === undefined ? [] : [one])));
    expect(found.map((one) => [one.kind, one.id])).toEqual([["usb-controller", "usb-controller-0000:00:14.0"]]);
    const card = ["0", "1"].map((n) => ({ name: `eth${n}`, device: `/sys/devices/pci0000:00/0000:03:00.${n}` }));
    expect(sharedHardware(card).map((one) => one.label)).toEqual(["the PCI card 0000:03:00"]);
  });

  test("built into the board beside a stick: they share what the board put between", () => {
    const soc = "/sys/devices/platform/soc/3f980000.usb/usb1/1-1";
    const pi = ["1-1.1/1-1.1:1.0", "1-1.3/1-1.3:1.0"].map((end, n) => ({ name: `eth${n}`, device: `${soc}/${end}` }));
    expect(sharedHardware(pi).map((one) => one.id)).toEqual(["usb-hub-1-1"]);
    expect(
      sharedHardware([
        { name: "eth0", device: "" },
        { name: "wlan0", device: "" },
      ]),
    ).toEqual([]);
  });
});

describe("two lines of one provider", () => {
  const from = (...providers: readonly string[]): Config => ({
    ...twoRouters,
    uplinks: twoRouters.uplinks.map((one, n) => ({ ...one, provider: providers[n] ?? "" })),
  });

  test("fail together: a single point that the rehearsal shows, and another provider is the advice", () => {
    const { goals, parts, advice } = audit(from("Telekom", "Telekom"));
    expect(goals[0]?.cutSets).toContainEqual(["provider-Telekom"]);
    expect(parts.find(({ id }) => id === "provider-Telekom")).toMatchObject({ scenario: "uplink-all", portsLeft: [] });
    expect(advice[0]?.text).toBe("Take one of the lines from another provider than Telekom");
    expect(singles(from("Telekom", "Telefonica"))).toEqual([]);
  });

  test("whose lines they are changes nothing that a rehearsal shows", () => {
    expect(networkDigest(from("Telekom", "Telekom"))).toBe(networkDigest(twoRouters));
  });
});

describe("what the UPS is worth", () => {
  test("without it every mains failure takes the router", () => {
    const { withoutUpsMs, goals } = audit(powerlineHouse);
    expect(withoutUpsMs).toBeGreaterThan((goals[0]?.downMs.expected ?? 0) + 3_600_000);
    expect(audit(twoRouters).withoutUpsMs).toBeUndefined();
  });

  test("when the mains fail it is what keeps a way there at all, for as long as it lasts", () => {
    expect(audit(powerlineHouse).brownout).toMatchObject({ portsLeft: ["wlan0"], withoutUps: [] });
    const { topology } = powerlineHouse;
    if (topology === undefined) throw new Error("no topology");
    const power = topology.power.map((one) => (one.kind === "ups" ? { ...one, runtimeMs: 2_400_000 } : one));
    expect(audit({ ...powerlineHouse, topology: { ...topology, power } }).brownout?.runtimeMs).toBe(2_400_000);
    expect(audit(twoRouters).brownout).toBeUndefined();
  });

  test("a router on the mains beside a UPS is told where to be plugged in", () => {
    const { topology } = powerlineHouse;
    const devices = (topology?.devices ?? []).map((one) => (one.name === "router" ? { ...one, power: "mains" } : one));
    const { advice } = audit({ ...powerlineHouse, topology: { cables: [], power: [], ...topology, devices } });
    const plug = advice.find((one) => one.removes.includes("power-mains"));
    expect(plug?.text).toMatch(/^Plug router into the UPS/);
  });
});

test("a second router is advised with what it would really bring: the same as where it is declared", () => {
  const declared = (text: string) => audit(parseHoldfast("home.yaml", text).config);
  const bond = "bond: {name: bond0, ports: [eth0, eth1], address: 192.168.1.105/24, gateway: 192.168.1.1}\n";
  const first =
    "    router: {kind: router, address: 192.168.1.1/24, power: mains}\n    plug: {kind: switch, power: mains}\n";
  const second = "    other: {kind: router, address: 192.168.2.1/24, power: mains}\n";
  const house = (devices: string, cables: string) => `topology:\n  devices:\n${devices}  cables: [${cables}]\n`;
  const one = declared(`${bond}${house(first, "eth0 – plug, plug – router, eth1 – router")}`);
  const two = declared(
    `${bond}uplinks:\n  a: {port: eth0, gateway: 192.168.1.1}\n  b: {port: eth1, gateway: 192.168.2.1, address: 192.168.2.105/24}\n${house(first + second, "eth0 – plug, plug – router, eth1 – other")}`,
  );
  const advised = one.advice.find(({ text }) => text.startsWith("Add a second router"));
  expect(advised?.downMs).toBeCloseTo(two.goals[0]?.downMs.expected ?? 0, -3);
  // The mains that feed both stay what takes both along.
  expect(advised?.removes.toSorted()).toEqual(["off-router", "uplink-router"]);
});

test("a stated rate is used instead of the assumed one", () => {
  const { topology } = powerlineHouse;
  if (topology === undefined) throw new Error("no topology");
  const failures = [{ of: "router", everyMs: 86_400_000, forMs: 3_600_000 }];
  const stated = audit({ ...powerlineHouse, topology: { ...topology, failures } });
  const router = stated.parts.find((part) => part.id === "off-router");
  expect(router?.rate).toEqual({ everyMs: 86_400_000, forMs: 3_600_000, from: "stated" });
  expect(stated.goals[0]?.downMs.expected).toBeGreaterThan(300 * 3_600_000);
});

test("sixty things and more, meshed, are judged exactly and at once", () => {
  const rows = 9;
  const names = Array.from({ length: rows }, (_, n) => [`a${n}`, `b${n}`, `c${n}`]);
  const devices = names.flat().map((name): Device => ({ name, kind: "switch", power: "mains" }));
  const cable = (from: string, to: string): Cable => ({ from, to, medium: "cable" });
  const cables = names.flatMap((row, n) => [
    ...row.map((name, at) => cable(name, n + 1 < rows ? (names[n + 1]?.[at] ?? "") : "router")),
    cable(row[0] ?? "", row[1] ?? ""),
    cable(row[1] ?? "", row[2] ?? ""),
  ]);
  const config: Config = {
    ...emptyConfig,
    bonds: [{ name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", primary: "eth0" } }],
    interfaces: [anInterface("bond0"), anInterface("eth0"), anInterface("eth1")],
    topology: {
      devices: [...devices, { name: "router", kind: "router" }],
      cables: [cable("eth0", "a0"), cable("eth1", "c0"), ...cables],
      power: [],
    },
  };
  const { goals, parts } = audit(config);
  expect(parts.length).toBeGreaterThan(60);
  const sizes = goals[0]?.cutSets.map((set) => set.length) ?? [];
  // The mains, the router and its line; the two first switches; three in a row across.
  expect(sizes.filter((size) => size === 1)).toHaveLength(3);
  expect(goals[0]?.cutSets).toContainEqual(["off-a0", "off-c0"]);
});
