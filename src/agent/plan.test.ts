import { expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { agentPlan, underPolicy } from "./plan.ts";

function planOf(yaml: string) {
  const plan = agentPlan(parseHoldfast("holdfast.yaml", yaml).config);
  if (!plan.ok) throw new Error(plan.error.message);
  return plan.value;
}

const house = `bond:
  ports: [eth0, {name: wlan0, wifi: {ssid: home}}]
  primary: eth0
  address: 192.168.1.105/24
  gateway: 192.168.1.1
targets: [gateway, 9.9.9.9]
`;

test("behind one router nothing beyond it is probed: a move would change nothing", () => {
  const { watch, uplinks } = planOf(house);
  expect(watch.ports.map(({ name, router, far }) => [name, router, far])).toEqual([
    ["eth0", "192.168.1.1", []],
    ["wlan0", "192.168.1.1", []],
  ]);
  expect(uplinks).toEqual([]);
});

test("the first UPS that can be asked, and the ports that hang on the mains", () => {
  const power = (ups: string) => `${house}topology:
  devices: {plug: {kind: switch, power: mains}, router: {kind: router, power: ups, wifi: home}}
  cables: [eth0 – plug, plug – router]
  power: {ups: ${ups}}
`;
  expect(planOf(power("{nut: apc@nas}")).ups).toEqual({
    name: "ups",
    nut: { ups: "apc", host: "nas", port: 3493 },
    dark: ["eth0"],
  });
  expect(planOf(power("{runtime: 40m}")).ups).toBeUndefined();
});

test("what lies beyond one router is looked at beside the brain, near targets and routers are not", () => {
  const near = house.replace("9.9.9.9]", "9.9.9.9, 192.168.1.77, 1.1.1.1, 192.168.1.1]");
  expect(planOf(near).beyond).toEqual(["9.9.9.9", "1.1.1.1"]);
});

test("a standby radio is judged by its association, unless every port keeps its own address", () => {
  const radio = (yaml: string) => planOf(yaml).watch.ports.find(({ name }) => name === "wlan0");
  const under = (policy: string) => radio(house.replace("bond:\n", `bond:\n  fail_over_mac: ${policy}\n`));
  expect(under("none")).toMatchObject({ medium: "radio", probes: "while-active" });
  expect(under("active")).toMatchObject({ probes: "always" });
  // The kernel would have to give a running radio another address.
  expect(under("follow")).toMatchObject({ probes: "unfit" });
  // What a holdfast.yaml gets where it says nothing.
  expect(radio(house)).toMatchObject({ probes: "always" });
});

test("what the live bond does counts, not what is declared: probed by another policy a standby would mislead switches", () => {
  const probes = (policy: number | undefined) =>
    underPolicy(planOf(house), policy).watch.ports.map(({ name, probes }) => [name, probes]);
  expect(probes(0)).toContainEqual(["wlan0", "while-active"]);
  expect(probes(2)).toContainEqual(["wlan0", "unfit"]);
  expect(probes(1)).toContainEqual(["wlan0", "always"]);
  expect(probes(undefined)).toContainEqual(["eth0", "always"]);
});

test("each uplink has its router and the targets beyond it; the primary comes first", () => {
  const plan = planOf(`bond:
  ports: [eth0, eth1]
  primary: eth1
  address: 192.168.1.105/24
  gateway: 192.168.1.1
uplinks:
  vdsl: {port: eth0, gateway: 192.168.1.1}
  lte: {port: eth1, gateway: 192.168.8.1, address: 192.168.8.5/24, metered: true}
targets: [gateway, 9.9.9.9, 192.168.8.77]
`);
  expect(plan.watch.ports).toMatchObject([
    { name: "eth1", router: "192.168.8.1", far: ["9.9.9.9"], metered: true },
    { name: "eth0", router: "192.168.1.1", far: ["9.9.9.9", "192.168.8.77"], metered: false },
  ]);
  expect(plan.uplinks.find(({ name }) => name === "lte")).toMatchObject({ address: "192.168.8.5/24" });
});

test("primary_reselect failure means: never back by itself", () => {
  expect(planOf(house.replace("bond:\n", "bond:\n  primary_reselect: failure\n")).watch.reselect).toBe("never");
});

test("without a bond to look after it says so", () => {
  expect(agentPlan(parseHoldfast("h", "topology: {devices: {r: {kind: router}}}\n").config)).toMatchObject({
    ok: false,
  });
  const other = parseHoldfast("h", "bond: {mode: balance-rr, ports: [a, b]}\n").config;
  expect(agentPlan(other)).toMatchObject({ ok: false, error: { message: "bond0 is balance-rr" } });
});
