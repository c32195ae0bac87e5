import { describe, expect, test } from "vitest";
import type { Wifi } from "../model/bond.ts";
import { Secret } from "../model/bond.ts";
import type { Config, WifiOffer } from "../model/config.ts";
import { compilePlan } from "../topology/compile-plan.ts";
import { powerlineHouse } from "../topology/testing/houses.ts";
import { notJoined, radiosSeen, sharedAir } from "./radios-seen.ts";
import type { RadioTrouble } from "./rehearsal.ts";

const key = "not for anybody's eyes";

function house(wifi: Omit<Wifi, "ssid">, offers: WifiOffer = {}, fomActive?: "active"): Config {
  const { devices = [], cables = [], power = [] } = powerlineHouse.topology ?? {};
  const joining: Wifi = { ssid: "Home", psk: { inline: new Secret(key) }, ...wifi };
  return {
    ...powerlineHouse,
    bonds: powerlineHouse.bonds.map((bond) =>
      fomActive === undefined ? bond : { ...bond, options: { ...bond.options, fail_over_mac: "active" } },
    ),
    interfaces: powerlineHouse.interfaces.map((one) => (one.name === "wlan0" ? { ...one, wifi: joining } : one)),
    topology: { devices: devices.map((one) => (one.name === "router" ? { ...one, offers } : one)), cables, power },
  };
}

function said(config: Config, trouble: RadioTrouble): string {
  const [seen] = radiosSeen(compilePlan(config, "radios"), { joined: [], troubles: { wlan0: trouble } });
  return seen === undefined ? "" : notJoined(seen, config);
}

describe("what became of the radios", () => {
  test("a port that joined, with its access point; plain wires are none", () => {
    const plan = compilePlan(house({}, { band: "5GHz", country: "GB" }), "radios");
    const seen = radiosSeen(plan, { joined: ["wlan0"] });
    const network = { ssid: "Home", security: "wpa2-psk", band: "5GHz", channel: 36, country: "GB" };
    expect(seen).toEqual([{ port: "wlan0", accessPoint: "router", ...network, joined: true }]);
    expect(JSON.stringify(seen)).not.toContain(key);
    expect(radiosSeen(compilePlan(powerlineHouse), {})).toEqual([]);
  });

  test.each([
    ["another key", house({}), "wrong-key", /its key isn't that of router's network/],
    [
      "a channel that isn't free",
      house({}, { channel: 13, country: "US" }),
      "not-offered",
      /channel 13 by the rules of US/,
    ],
    ["nobody answers", house({}), "no-answer", /router doesn't answer/],
    ["hidden, and not asked for", house({}, { hidden: true }), "not-found", /it is hidden.*Set scan_ssid: 1/],
    ["another security", house({}, { security: "wpa3-sae" }), "not-found", /offers SAE, and it asks for WPA-PSK/],
    [
      "WPA3 without what it needs",
      house({ settings: { key_mgmt: "SAE" } }, { security: "wpa3-sae" }),
      "not-found",
      /protected management frames: ieee80211w 2/,
    ],
    [
      "a filter, and one address for both ports",
      house({}, { macFilter: ["02:00:00:00:00:0a"] }),
      "refused",
      /lets in 02:00:00:00:00:0a, and with fail_over_mac none it joins with bond0's address. Set fail_over_mac: active/,
    ],
    [
      "a filter that doesn't know it",
      house({}, { macFilter: ["02:00:00:00:00:0a"] }, "active"),
      "refused",
      /and it has another address/,
    ],
  ] as const)("%s is told", (_, config, trouble, words) => {
    expect(said(config, trouble)).toMatch(words);
    expect(said(config, trouble)).not.toContain(key);
  });

  test("a client of the host's own access point shares its air", () => {
    const config = house({});
    const phone = { name: "phone", kind: "client", wifi: "Home" } as const;
    const { devices = [], cables = [], power = [] } = config.topology ?? {};
    const plan = compilePlan({ ...config, topology: { devices: [...devices, phone], cables, power } }, "radios");
    expect(sharedAir(plan)).toEqual([{ flow: "lan", peer: "phone", port: "wlan0", accessPoint: "router" }]);
    expect(sharedAir(compilePlan(config, "radios"))).toEqual([]);
  });
});
