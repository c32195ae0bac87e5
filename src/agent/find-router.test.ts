import { expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import type { Route } from "../wire/route.ts";
import { withFoundRouter } from "./find-router.ts";
import { agentPlan } from "./plan.ts";

function planOf(yaml: string) {
  const plan = agentPlan(parseHoldfast("holdfast.yaml", yaml).config);
  if (!plan.ok) throw new Error(plan.error.message);
  return plan.value;
}

const route: Route = {
  family: 2,
  table: 254,
  type: 1,
  to: "",
  prefix: 0,
  via: "10.0.0.1",
  index: 5,
  metric: 0,
  source: "",
  protocol: 4,
};
const byDhcp = planOf("bond: {ports: [eth0, eth1], dhcp: true}\n");
const routersOf = (routes: readonly Route[]) =>
  withFoundRouter(byDhcp, routes, 5).watch.ports.map(({ router }) => router);

test("where none is declared, the router is the one the bond's default route leads to", () => {
  expect(routersOf([route])).toEqual(["10.0.0.1", "10.0.0.1"]);
});

test("other links' routes, other tables and networks on the link itself say nothing", () => {
  const others = [
    { ...route, index: 6 },
    { ...route, table: 100 },
    { ...route, via: "" },
    { ...route, prefix: 24 },
  ];
  expect(routersOf(others)).toEqual([undefined, undefined]);
});

test("the least metric wins, and IPv4 before IPv6", () => {
  const six = { ...route, family: 10, via: "fe80::1" };
  expect(routersOf([six, { ...route, via: "10.0.0.2", metric: 100 }, route])[0]).toBe("10.0.0.1");
  expect(routersOf([six])[0]).toBe("fe80::1");
});

test("a declared router stays", () => {
  const declared = planOf("bond: {ports: [eth0, eth1], address: 10.0.0.5/24, gateway: 10.0.0.254}\n");
  expect(withFoundRouter(declared, [route], 5)).toBe(declared);
});
