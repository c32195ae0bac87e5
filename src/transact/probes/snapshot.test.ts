import { expect, test } from "vitest";
import type { Host } from "../../host/ports.ts";
import type { LinkState } from "../../wire/link.ts";
import { gatewaysOf, type Snapshot, takeSnapshot } from "./snapshot.ts";

const links = ["eth0", "eth1"].map((name, index) => ({ index: index + 1, name })) as unknown as LinkState[];
const aRoute: Snapshot["routes"][number] = {
  ...{ family: 2, table: 254, type: 1, to: "", prefix: 0, via: "", index: 0, metric: 0, source: "", protocol: 3 },
};

test("every way of a default route by several is a router to ask, and an IPv6 router may be IPv4's", () => {
  const hops = [
    { via: "10.1.1.1", index: 1, weight: 1 },
    { via: "", index: 1, weight: 1 },
    { via: "fe80::2", index: 2, weight: 1 },
    { via: "10.3.3.1", index: 3, weight: 1 },
  ];
  const routes = [
    { ...aRoute, metric: 9, hops },
    { ...aRoute, via: "fe80::1", index: 2 },
    { ...aRoute, to: "10.9.0.0", prefix: 16, hops },
  ];
  const found = gatewaysOf({ links, addresses: [], routes, tentative: new Set() });
  expect(found.map(({ family, router, link, metric }) => [family, router, link.name, metric])).toEqual([
    ["ipv4", "fe80::1", "eth1", 0],
    ["ipv4", "10.1.1.1", "eth0", 9],
    ["ipv4", "fe80::2", "eth1", 9],
  ]);
});

test("routes that lead nowhere are the host's own, too; those of other tables aren't looked at", () => {
  const [unreachable, local] = [7, 2].map((type) => ({ ...aRoute, type }));
  const routes = [aRoute, unreachable, local, { ...aRoute, table: 100 }];
  const all = (value: unknown) => () => ({ ok: true, value });
  const host = { net: { links: all(links) }, tables: { addresses: all([]), routes: all(routes) } } as unknown as Host;
  expect(takeSnapshot(host).routes).toEqual([aRoute, unreachable]);
});
