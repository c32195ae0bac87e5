import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../../model/config.ts";
import type { LldpNeighbour, NetworkSight, PortSight } from "../../model/network-sight.ts";
import { nothingHeard } from "../../model/network-sight.ts";
import { anInterface, powerlineHouse, twoRouters } from "../testing/houses.ts";
import { audit } from "./audit.ts";

const quiet = (port: string): PortSight => ({ port, neighbours: [], bridges: [], stations: [], hearsOwn: false });
const heard = (...ports: readonly PortSight[]): NetworkSight => ({ ...nothingHeard, listenedMs: 35_000, ports });
const seen = (config: Config, sight: NetworkSight) => audit(config, [], sight);
const rack: LldpNeighbour = {
  chassis: { kind: "mac", value: "00:1b:21:00:0a:00" },
  port: { kind: "name", value: "ge-0/0/1" },
  portDescription: "",
  ttlSeconds: 120,
  systemName: "sw-rack",
  roles: ["bridge"],
};
const at = (name: string): LldpNeighbour => ({ ...rack, port: { kind: "name", value: name } });
const bothAtRack = heard(
  { ...quiet("eth0"), neighbours: [at("ge-0/0/1")] },
  { ...quiet("eth1"), neighbours: [at("ge-0/0/2")] },
);
/** Two ports of which nobody says where they are plugged in, but that each has a router of its own. */
const undeclared: Config = {
  ...twoRouters,
  uplinks: twoRouters.uplinks.map((one, n) => ({ ...one, gateway: `192.168.${n + 1}.1` })),
};
const declared: Config = {
  ...undeclared,
  topology: {
    devices: [
      { name: "vdsl", kind: "router" },
      { name: "lte", kind: "router" },
    ],
    cables: [
      { from: "eth0", to: "vdsl", medium: "cable" },
      { from: "eth1", to: "lte", medium: "cable" },
    ],
    power: [],
  },
};
const bare: Config = {
  ...undeclared,
  uplinks: [],
  interfaces: [anInterface("bond0"), anInterface("eth0"), anInterface("eth1")],
};

describe("both ports at one switch", () => {
  test("that nobody declared is a part like any other, a single point, and told how to be rid of", () => {
    const { sightings, goals, parts, advice } = seen(undeclared, bothAtRack);
    expect(sightings).toMatchObject([{ kind: "one-switch", certainty: "certain", declared: "unsaid" }]);
    expect(sightings[0]?.text).toBe(
      "eth0 (its port ge-0/0/1) and eth1 (its port ge-0/0/2) hang on one switch, sw-rack: its LLDP says",
    );
    const id = "seen-mac-00:1b:21:00:0a:00";
    expect(goals[0]?.cutSets).toContainEqual([id]);
    expect(parts.find((part) => part.id === id)).toMatchObject({ kind: "switch", portsLeft: [], cuts: ["internet"] });
    expect(advice.find(({ removes }) => removes.includes(id))?.text).toContain("sw-rack");
    expect(seen(undeclared, nothingHeard).goals[0]?.cutSets.filter((set) => set.length === 1)).toEqual([]);
  });

  test("that was assumed, or declared, is no second part", () => {
    const { sightings, parts } = seen(bare, bothAtRack);
    expect(sightings).toMatchObject([{ kind: "one-switch", declared: "fits" }]);
    expect(parts.filter(({ kind }) => kind === "switch")).toHaveLength(1);
  });

  test("against the file is said so; the figures stay the file's, and what it would cost is named", () => {
    const { sightings, parts } = seen(declared, bothAtRack);
    expect(sightings).toMatchObject([{ declared: "unlike", cuts: ["internet"] }]);
    expect(parts.some(({ id }) => id.startsWith("seen-"))).toBe(false);
  });

  test("by spanning tree alone; one port number twice means something plain in between", () => {
    const bridge = (port: number) => [{ mac: "00:1b:21:00:0a:00", port, root: "00:1b:21:00:0a:00" }];
    const two = heard({ ...quiet("eth0"), bridges: bridge(1) }, { ...quiet("eth1"), bridges: bridge(2) });
    expect(seen(undeclared, two).sightings[0]?.text).toMatch(/^eth0 \(its port 1\) and eth1 \(its port 2\) hang on/);
    const one = heard({ ...quiet("eth0"), bridges: bridge(1) }, { ...quiet("eth1"), bridges: bridge(1) });
    expect(seen(undeclared, one).sightings[0]?.text).toContain("such as a plain switch");
    expect(seen(undeclared, one).goals[0]?.cutSets).toContainEqual(["seen-mac-00:1b:21:00:0a:00"]);
  });

  test("another host's LLDP, passed on by a plain switch, names no switch; nor does one that takes its leave", () => {
    for (const other of [
      { ...rack, roles: ["station" as const] },
      { ...rack, ttlSeconds: 0 },
    ]) {
      const sight = heard({ ...quiet("eth0"), neighbours: [other] }, { ...quiet("eth1"), neighbours: [other] });
      expect(seen(undeclared, sight).sightings).toEqual([]);
    }
  });
});

describe("the same stations at both", () => {
  const lan = heard(
    { ...quiet("eth0"), stations: ["00:1b:21:00:00:07", "00:1b:21:00:00:08"] },
    { ...quiet("eth1"), stations: ["00:1b:21:00:00:08"] },
  );

  test("are one LAN, which is no switch: nothing is added to the parts", () => {
    const { sightings, parts } = seen(undeclared, lan);
    expect(sightings).toMatchObject([{ kind: "one-lan", declared: "unsaid", cuts: [] }]);
    expect(sightings[0]?.text).toMatch(/one LAN: both hear the same station\. Whether they hang on one switch too/);
    expect(parts).toHaveLength(seen(undeclared, nothingHeard).parts.length);
  });

  test("are unlike what is declared where two lines are, and left out where the switch is known", () => {
    expect(seen(declared, lan).sightings[0]?.declared).toBe("unlike");
    const [one, other] = bothAtRack.ports;
    if (one === undefined || other === undefined) throw new Error("two ports");
    const both = heard({ ...one, stations: ["00:1b:21:00:00:08"] }, { ...other, stations: ["00:1b:21:00:00:08"] });
    expect(seen(undeclared, both).sightings.map(({ kind }) => kind)).toEqual(["one-switch"]);
  });
});

describe("one box", () => {
  const router = (address: string, mac: string, link: string) => ({ address, mac, link });
  const routers = (first: string, second: string): NetworkSight => ({
    ...nothingHeard,
    routers: [router("192.168.1.1", first, "eth0"), router("192.168.2.1", second, "eth1")],
  });

  test("one MAC address at both gateways is one device; neighbours are likely one; far ones are none", () => {
    const same = seen(undeclared, routers("00:1b:21:00:0a:00", "00:1b:21:00:0a:00"));
    expect(same.sightings).toMatchObject([{ kind: "one-router", certainty: "certain", declared: "unsaid" }]);
    expect(same.goals[0]?.cutSets).toContainEqual(["seen-mac-00:1b:21:00:0a:00"]);
    const near = seen(undeclared, routers("00:1b:21:00:0a:00", "00:1b:21:00:0a:04"));
    expect(near.sightings).toMatchObject([{ certainty: "likely", cuts: ["internet"] }]);
    expect(near.sightings[0]?.text).toContain("likely one device");
    // A likelihood is told; the figures don't follow it.
    expect(near.goals[0]?.cutSets.filter((set) => set.length === 1)).toEqual([]);
    expect(seen(undeclared, routers("00:1b:21:00:0a:00", "00:1b:21:07:0a:04")).sightings).toEqual([]);
  });

  test("what is both the switch before the ports and both gateways is one thing that fails once", () => {
    const bridge = (port: number) => [{ mac: "00:1b:21:00:0a:00", port, root: "00:1b:21:00:0a:00" }];
    const { parts } = seen(undeclared, {
      ...routers("00:1b:21:00:0a:00", "00:1b:21:00:0a:00"),
      ports: [
        { ...quiet("eth0"), bridges: bridge(1) },
        { ...quiet("eth1"), bridges: bridge(2) },
      ],
    });
    expect(parts.filter(({ id }) => id.startsWith("seen-"))).toHaveLength(1);
  });

  test("declared as two devices: said to be unlike", () => {
    expect(seen(declared, routers("00:1b:21:00:0a:00", "00:1b:21:00:0a:01")).sightings[0]?.declared).toBe("unlike");
  });

  test("addresses that redundant routers share, and those that anybody may give, make no pair", () => {
    const virtual = seen(undeclared, routers("00:00:5e:00:01:01", "00:00:5e:00:01:02")).sightings;
    expect(virtual.map(({ kind }) => kind)).toEqual(["shared-address", "shared-address"]);
    expect(seen(undeclared, routers("02:00:00:00:00:01", "02:00:00:00:00:02")).sightings).toEqual([]);
  });

  test("router and access point by neighbouring addresses, the local bit left aside; the same where they are declared so", () => {
    const sight: NetworkSight = {
      ...nothingHeard,
      routers: [router("192.168.1.254", "00:1b:21:00:0a:00", "bond0")],
      accessPoints: [{ link: "wlan0", bssid: "02:1b:21:00:0a:02", ssid: "home" }],
    };
    const [found] = seen(powerlineHouse, sight).sightings;
    expect(found).toMatchObject({ kind: "one-box", certainty: "likely", declared: "fits" });
    expect(found?.text).toContain("the access point of wlan0 (home)");
    // Of two boxes by one maker it is the nearer one, whichever was heard first.
    const further = router("192.168.1.2", "00:1b:21:00:0a:0b", "bond0");
    const [nearest] = seen(powerlineHouse, { ...sight, routers: [further, ...sight.routers] }).sightings.filter(
      ({ kind }) => kind === "one-box",
    );
    expect(nearest?.text).toContain("the router router (192.168.1.254)");
  });
});

test("whatever is heard, only what is certain and unsaid becomes a part, and every single point has its part", () => {
  const mac = fc.constantFrom("00:1b:21:00:0a:00", "00:1b:21:00:0a:01", "00:00:5e:00:01:01", "");
  const neighbour = fc.record({
    chassis: fc.record({
      kind: fc.constantFrom("mac" as const, "local" as const),
      value: fc.constantFrom("a", "b/ c"),
    }),
    port: fc.record({ kind: fc.constant("name" as const), value: fc.constantFrom("1", "2") }),
    portDescription: fc.constant(""),
    ttlSeconds: fc.constantFrom(0, 120),
    systemName: fc.constantFrom("", "vdsl"),
    roles: fc.constantFrom([], ["bridge" as const], ["station" as const]),
  });
  const port = (name: string) =>
    fc.record({
      port: fc.constant(name),
      neighbours: fc.array(neighbour, { maxLength: 2 }),
      bridges: fc.array(fc.record({ mac, port: fc.nat(2), root: mac }), { maxLength: 2 }),
      stations: fc.array(mac, { maxLength: 2 }),
      hearsOwn: fc.boolean(),
    });
  const sight = fc.record({
    listenedMs: fc.constant(5000),
    ports: fc.tuple(port("eth0"), port("eth1"), port("nobody")),
    routers: fc.array(
      fc.record({ address: fc.constantFrom("192.168.1.1", "192.168.2.1", "fe80::1"), mac, link: fc.constant("eth0") }),
    ),
    accessPoints: fc.array(fc.record({ link: fc.constantFrom("eth1", "nobody"), bssid: mac, ssid: fc.constant("") })),
  });
  fc.assert(
    fc.property(fc.constantFrom(undeclared, bare, declared, twoRouters), sight, (config, one) => {
      const { sightings, parts, goals } = seen(config, one);
      const ids = parts.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const set of goals[0]?.cutSets ?? []) for (const id of set) expect(ids).toContain(id);
      const certain = sightings.filter((each) => each.certainty === "certain" && each.declared === "unsaid");
      expect(ids.filter((id) => id.startsWith("seen-")).length).toBeLessThanOrEqual(certain.length);
    }),
    { numRuns: 60 },
  );
});
