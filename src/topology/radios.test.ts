import { describe, expect, test } from "vitest";
import { Secret } from "../model/bond.ts";
import type { Config } from "../model/config.ts";
import { compilePlan } from "./compile-plan.ts";
import { radioKeys, radioOf, withLabKeys } from "./radios.ts";
import { powerlineHouse, twoRouters } from "./testing/houses.ts";

const key = "not for anybody's eyes";

function withKey(wifi: NonNullable<Config["interfaces"][number]["wifi"]>): Config {
  const interfaces = powerlineHouse.interfaces.map((one) => (one.name === "wlan0" ? { ...one, wifi } : one));
  return { ...powerlineHouse, interfaces };
}

const keyed = withKey({ ssid: "Home", psk: { inline: new Secret(key) } });

describe("a port that joins a network by radio", () => {
  test("is a radio where radios are wished: the host joins, the router offers the network", () => {
    const plan = compilePlan(keyed, "radios");
    const wire = plan.wires.find(({ id }) => id === "wlan0");
    expect(wire?.radio).toEqual({ ssid: "Home", security: "wpa2-psk", channel: 6 });
    expect([wire?.a.node, wire?.a.dev, wire?.b.node, wire?.b.bridged]).toEqual(["host", "wlan0", "router", true]);
    expect(plan.wires.filter(({ radio }) => radio !== undefined)).toHaveLength(1);
    expect(plan.notes?.join()).toContain("wlan0 is a simulated radio here, joined (WPA2)");
  });

  test("is a plain wire otherwise, and says so", () => {
    const plan = compilePlan(keyed);
    expect(plan.wires.some(({ radio }) => radio !== undefined)).toBe(false);
    expect(plan.notes?.join()).toContain("wlan0 is a plain wire here");
    expect(compilePlan(twoRouters, "radios")).toEqual(compilePlan(twoRouters));
  });

  test("a client of the same network joins the same access point; one of another doesn't", () => {
    const phone = { name: "phone", kind: "client", wifi: "Home" } as const;
    const topology = keyed.topology ?? { devices: [], cables: [], power: [] };
    const withPhone = { ...keyed, topology: { ...topology, devices: [...topology.devices, phone] } };
    const plan = compilePlan(withPhone, "radios");
    const joined = plan.wires.filter(({ radio }) => radio !== undefined);
    expect(joined.map(({ a }) => a.node)).toEqual(["host", "phone"]);
    expect(joined[1]?.b).toEqual(joined[0]?.b);
    expect(joined[1]?.a.mac).not.toBe(joined[0]?.a.mac);
    expect(plan.notes?.join()).toContain("nobody but phone on the air");
    expect(compilePlan(withPhone).wires.some(({ radio }) => radio !== undefined)).toBe(false);
    const elsewhere = withKey({ ssid: "Other", psk: { inline: new Secret(key) } });
    const apart = compilePlan({ ...elsewhere, topology: withPhone.topology }, "radios");
    expect(apart.wires.filter(({ radio }) => radio !== undefined).map(({ a }) => a.node)).not.toContain("phone");
  });

  test("what is declared of the access point is what it offers, whatever the port asks for", () => {
    const offers = { security: "wpa3-sae", hidden: true, band: "5GHz", clientIsolation: true } as const;
    expect(radioOf({ ssid: "Home", psk: { file: "secrets/psk" } }, offers)).toEqual({
      ...{ ssid: "Home", security: "wpa3-sae", channel: 36, hidden: true, clientIsolation: true },
      // Somebody's rules there must be: by the world's nobody may begin to send in 5 GHz.
      country: expect.stringMatching(/^[A-Z]{2}$/),
    });
    expect(radioOf({ ssid: "Home" }, { channel: 11, country: "GB" })).toMatchObject({ channel: 11, country: "GB" });
  });

  test("a port of which no address is said has one that the MAC filter lets in; one that is said, has it", () => {
    const filtered = (mac?: string): Config => {
      const { devices = [], cables = [], power = [] } = keyed.topology ?? {};
      const offers = { macFilter: ["02:00:00:00:00:0a"] };
      const points = devices.map((one) => (one.name === "router" ? { ...one, offers } : one));
      const interfaces = keyed.interfaces.map((one) =>
        one.name === "wlan0" && mac !== undefined ? { ...one, match: { mac } } : one,
      );
      return { ...keyed, interfaces, topology: { devices: points, cables, power } };
    };
    const macOf = (config: Config) => compilePlan(config, "radios").wires.find(({ id }) => id === "wlan0")?.a.mac;
    expect(macOf(filtered())).toBe("02:00:00:00:00:0a");
    expect(macOf(filtered("02:00:00:00:00:0b"))).toBe("02:00:00:00:00:0b");
  });

  test("the key is in no plan", () => {
    expect(JSON.stringify(compilePlan(keyed, "radios"))).not.toContain(key);
    expect(radioKeys(keyed)).toEqual({ Home: key });
  });

  test("a key kept in a file is never read: both sides get the lab's own", () => {
    const filed = withKey({ ssid: "Home", psk: { file: "secrets/wlan0.psk" } });
    const { Home: standIn = "" } = radioKeys(filed);
    const psk = withLabKeys(filed).interfaces.find(({ name }) => name === "wlan0")?.wifi?.psk;
    expect(psk !== undefined && "inline" in psk && psk.inline.reveal()).toBe(standIn);
    expect(standIn.length).toBeGreaterThanOrEqual(8);
    expect(withLabKeys(keyed)).toEqual(keyed);
  });

  test.each([
    [{ ssid: "Home" }, "open"],
    [{ ssid: "Home", settings: { key_mgmt: "NONE" } }, "open"],
    [{ ssid: "Home", psk: { inline: new Secret(key) }, settings: { key_mgmt: "WPA-PSK SAE" } }, "wpa2-psk"],
    [{ ssid: "Home", psk: { inline: new Secret(key) }, settings: { key_mgmt: "SAE" } }, "wpa3-sae"],
  ])("%j is offered as %s", (wifi, security) => {
    expect(radioOf(wifi)).toMatchObject({ security });
  });

  test.each([
    [{ ssid: "" }, /1 to 32 bytes/],
    [{ ssid: "ä".repeat(17) }, /1 to 32 bytes/],
    [{ ssid: "Home", settings: { key_mgmt: "WPA-EAP" } }, /asks for WPA-EAP/],
    [{ ssid: "Home", psk: { inline: new Secret("2 short") } }, /not of 8 to 63 bytes/],
    [
      { ssid: "Home", psk: { inline: new Secret("ab".repeat(32)) }, settings: { key_mgmt: "SAE" } },
      /takes the pass phrase/,
    ],
  ])("%j can't be offered, and the plan says why", (wifi, why) => {
    expect(radioOf(wifi)).toMatch(why);
    const plan = compilePlan(withKey(wifi), "radios");
    expect(plan.wires.some(({ radio }) => radio !== undefined)).toBe(false);
  });
});
