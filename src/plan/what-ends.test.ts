import { expect, test } from "vitest";
import type { Config, Interface, IpSettings } from "../model/config.ts";
import { whatEnds } from "./what-ends.ts";

const none: IpSettings = { method: "none", addresses: [] };
const lease: IpSettings = { method: "dhcp", addresses: [] };
const standing = (...addresses: string[]): IpSettings => ({ method: "static", addresses });

function iface(name: string, ipv4: IpSettings, ipv6: IpSettings = none): Interface {
  return { name, start: "boot", ipv4, ipv6, hooks: [], extra: [] };
}

function host(...interfaces: readonly Interface[]): Config {
  return { bonds: [], interfaces, uplinks: [], targets: [] };
}

test("an address that moves with the bond ends nowhere; one that goes is named, with whose it was", () => {
  const before = host(iface("eth0", standing("192.0.2.5/24")), iface("eth1", standing("10.9.0.1/24")));
  const after = host(iface("bond0", standing("192.0.2.5/24")), iface("eth0", none), iface("eth1", none));
  expect(whatEnds(before, after)).toEqual(["eth1 gives up 10.9.0.1/24: what knows this host by it won't find it"]);
});

test("a lease ends where nobody asks for one any more, of each IP by itself", () => {
  const before = host(iface("eth0", lease, lease));
  expect(whatEnds(before, host(iface("bond0", lease, lease), iface("eth0", none)))).toEqual([]);
  expect(whatEnds(before, host(iface("bond0", lease), iface("eth0", none)))).toEqual([
    "eth0 asks for no IPv6 lease any more, and loses the address it has by one",
  ]);
});
