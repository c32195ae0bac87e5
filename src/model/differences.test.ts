import { describe, expect, test } from "vitest";
import type { Config, Interface } from "./config.ts";
import { emptyConfig } from "./config.ts";
import { differences, isWithin } from "./differences.ts";

const none = { method: "none", addresses: [] } as const;
const bare = (name: string, more: Partial<Interface> = {}): Interface => ({
  name,
  start: "boot",
  ipv4: none,
  ipv6: none,
  hooks: [],
  extra: [],
  ...more,
});
const house: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["eth0", "wlan0"], options: { mode: "active-backup", miimon: 100 } }],
  interfaces: [
    bare("bond0", { ipv4: { method: "static", addresses: ["10.0.0.2/24"], gateway: "10.0.0.1", metric: 5 } }),
  ],
};

describe("differences", () => {
  test("an interface nobody describes but a bridge lists is there all the same", () => {
    const bridge = bare("br0", { bridge: { ports: ["eth9"], settings: {} } });
    const short = { ...emptyConfig, interfaces: [bridge] };
    expect(differences(short, { ...short, interfaces: [bridge, bare("eth9")] })).toEqual([]);
  });

  test("are none where only the form differs", () => {
    const other: Config = {
      ...house,
      bonds: [{ name: "bond0", ports: ["wlan0", "eth0"], options: { miimon: 100, mode: "active-backup" } }],
      interfaces: [
        bare("wlan0", { ipv4: { method: "manual", addresses: [] }, dns: { servers: [], search: [] } }),
        bare("bond0", {
          ipv4: {
            method: "static",
            addresses: ["10.0.0.2/24"],
            routes: [{ to: "0.0.0.0/0", via: "10.0.0.1", metric: 5 }],
          },
        }),
      ],
    };
    expect(differences(house, other)).toEqual([]);
  });

  test("name the option, the port and the field", () => {
    const other: Config = {
      ...house,
      bonds: [{ name: "bond0", ports: ["eth0"], options: { mode: "active-backup", miimon: 10, primary: "eth0" } }],
      interfaces: [bare("bond0", { mtu: 1400, ipv4: { method: "dhcp", addresses: [] } })],
    };
    expect(differences(house, other)).toEqual([
      "bond/bond0/option/miimon",
      "bond/bond0/option/primary",
      "bond/bond0/ports",
      "interface/bond0/ipv4/addresses",
      "interface/bond0/ipv4/method",
      "interface/bond0/ipv4/routes",
      "interface/bond0/mtu",
      "interface/wlan0",
    ]);
  });

  test("name a missing thing once, not its parts", () => {
    expect(differences(house, emptyConfig)).toEqual([
      "bond/bond0",
      "interface/bond0",
      "interface/eth0",
      "interface/wlan0",
    ]);
  });
});

test("a key is within itself and within what stands above it, not within a longer name", () => {
  expect(isWithin("bond/bond0/option/miimon", "bond/bond0")).toBe(true);
  expect(isWithin("bond/bond01", "bond/bond0")).toBe(false);
  expect(isWithin("bond/bond0", "bond/bond0")).toBe(true);
});
