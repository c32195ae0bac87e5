import { expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { portsOnMains } from "./on-mains.ts";
import { powerlineHouse } from "./testing/houses.ts";

const house = (devices: string) =>
  parseHoldfast(
    "h",
    `bond: {ports: [eth0, eth1], dhcp: true}
topology:
  devices: ${devices}
  cables: [eth0 – a, a – router, eth1 – b, b – router]
`,
  ).config;

test("the powerline adapters hang on the mains, the radio's access point on the UPS", () => {
  expect(portsOnMains(powerlineHouse)).toEqual(["em1"]);
});

test("a router on the mains takes every port with it; what is said of nobody's power takes none", () => {
  const switches = "a: {kind: switch}, b: {kind: switch}";
  expect(portsOnMains(house(`{${switches}, router: {kind: router, power: mains}}`))).toEqual(["eth0", "eth1"]);
  expect(portsOnMains(house(`{${switches}, router: {kind: router}}`))).toEqual([]);
  expect(
    portsOnMains(house("{a: {kind: switch, power: ups}, b: {kind: switch, power: mains}, router: {kind: router}}")),
  ).toEqual(["eth1"]);
});
