import { expect, test } from "vitest";
import type { Extra } from "../model/config.ts";
import type { Loss } from "./dialect.ts";
import { consequenceOf, loseForeign } from "./foreign-settings.ts";
import { dialects } from "./registry.ts";
import { bareInterface, loser } from "./sayable.ts";

test.each<[Extra, string, string | undefined]>([
  [{ key: "wpa-conf", value: "/etc/wpa.conf" }, "the radio joins nothing", "error"],
  [{ key: "network/Network.BindCarrier", value: "eth0", from: "networkd" }, "it stays up", undefined],
  [{ key: "link-local", value: "[]", from: "netplan" }, "link-local address all the same", undefined],
  [{ key: "link-local", value: '["ipv6"]', from: "netplan" }, "usual anyway", "advice"],
  [{ key: "DEFROUTE", value: "no", from: "ifcfg-rh" }, "is taken", undefined],
  [{ key: "ZONE", value: "trusted", from: "ifcfg-rh" }, "default zone", undefined],
  [{ key: "broadcast", value: "10.0.0.255" }, "follows from the address", "advice"],
  [{ key: "constructor", value: "x", from: "hasOwnProperty" }, "knows nothing like it in netplan", undefined],
])("%o left out has a consequence in words", (extra, words, severity) => {
  const said = consequenceOf(extra, "netplan");
  expect(said.words).toContain(words);
  expect(said.severity).toBe(severity);
});

test("a radio whose network another file says is an error, with the way out", () => {
  const losses: Loss[] = [];
  loseForeign("wlan0", { key: "wpa-conf", value: "/etc/wpa.conf" }, "netplan", loser("x", losses));
  expect(losses).toMatchObject([{ severity: "error", hint: expect.stringContaining("wpa-ssid") }]);
});

test.each(dialects.map((dialect) => [dialect.name, dialect] as const))(
  "%s names each setting it has no word for, and never its value",
  (_, dialect) => {
    const from = dialect.name === "netplan" ? "networkd" : "netplan";
    const extra = [
      { key: "first-thing", value: "hidden1", from },
      { key: "second-thing", value: "hidden2", from },
    ];
    const iface = { ...bareInterface("eth0"), extra };
    const { losses } = dialect.render({ bonds: [], interfaces: [iface], uplinks: [], targets: [] });
    const told = losses.map(({ message }) => message).join("\n");
    expect(told).toContain('"first-thing" is left out');
    expect(told).toContain('"second-thing" is left out');
    expect(told).not.toContain("hidden");
  },
);
