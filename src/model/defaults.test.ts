import { describe, expect, test } from "vitest";
import { emptyConfig, type Interface, type IpSettings } from "./config.ts";
import { bondWithDefaults, optionInForce, withDefaults } from "./defaults.ts";
import type { BondOptions } from "./options.ts";

test("a bond nobody said anything of fails over", () => {
  expect(bondWithDefaults({ name: "bond0", ports: ["a", "b"], options: {} }).options).toEqual({
    mode: "active-backup",
    miimon: 100,
    num_peer_notif: 3,
  });
});

test("a chosen ARP monitor stays the only one, and a monitor turned off stays off", () => {
  expect(bondWithDefaults({ name: "b", ports: [], options: { arp_interval: 250 } }).options.miimon).toBeUndefined();
  expect(bondWithDefaults({ name: "b", ports: [], options: { miimon: 0 } }).options.miimon).toBe(0);
});

test("filling in defaults twice changes nothing", () => {
  const once = withDefaults({ ...emptyConfig, bonds: [{ name: "b", ports: ["a"], options: { mode: "802.3ad" } }] });
  expect(withDefaults(once)).toEqual(once);
  expect(once.targets).toEqual(["gateway"]);
});

describe("a bond with a radio", () => {
  const none: IpSettings = { method: "none", addresses: [] };
  const port = (name: string, wifi?: Interface["wifi"]): Interface => ({
    name,
    start: "boot",
    ipv4: none,
    ipv6: none,
    hooks: [],
    extra: [],
    ...(wifi === undefined ? {} : { wifi }),
  });
  const ports = [port("eth0"), port("wlan0", { ssid: "Home" })];
  const policyOf = (interfaces: readonly Interface[], options: BondOptions = {}) => {
    const bonds = [{ name: "bond0", ports: ["eth0", "wlan0"], options }];
    return withDefaults({ ...emptyConfig, interfaces, bonds }).bonds[0]?.options.fail_over_mac;
  };

  test("leaves each port its own MAC address", () => {
    expect(policyOf(ports)).toBe("active");
    expect(policyOf([port("eth0"), port("wlan0")])).toBeUndefined();
  });

  test("does as it is told, and keeps one address below a bridge", () => {
    expect(policyOf(ports, { fail_over_mac: "none" })).toBe("none");
    expect(policyOf(ports, { mode: "balance-rr" })).toBeUndefined();
    expect(policyOf([...ports, { ...port("br0"), bridge: { ports: ["bond0"], settings: {} } }])).toBeUndefined();
  });
});

test("what is in force without a word is the kernel's default in that mode", () => {
  expect(optionInForce({}, "mode")).toBe("balance-rr");
  expect(optionInForce({ mode: "802.3ad" }, "miimon")).toBe(100);
  expect(optionInForce({ mode: "active-backup" }, "miimon")).toBe(0);
  expect(optionInForce({}, "primary")).toBeUndefined();
});
