import { expect, test } from "vitest";
import type { Extra } from "../model/config.ts";
import type { Loss } from "./dialect.ts";
import { bridgeConsequence, consequenceOf, loseForeign } from "./foreign-settings.ts";
import { dialects } from "./registry.ts";
import { bareInterface, loser } from "./sayable.ts";

const local = "network/Network.LinkLocalAddressing";

test.each<[Extra, string, string | undefined]>([
  [{ key: "wpa-conf", value: "/etc/wpa.conf" }, "the radio joins nothing", "error"],
  [{ key: "network/Network.BindCarrier", value: "eth0", from: "networkd" }, "it stays up", undefined],
  [{ key: "link-local", value: "[]", from: "netplan" }, "link-local address all the same", undefined],
  [{ key: "link-local", value: '["ipv6"]', from: "netplan" }, "usual anyway", "advice"],
  [{ key: "link-local", value: '["ipv4"]', from: "netplan" }, "no IPv4 link-local address (169", undefined],
  [{ key: "link-local", value: '["ipv4"]', from: "netplan" }, "IPv6 link-local address all the same", undefined],
  [{ key: "link-local", value: '["ipv4","ipv6"]', from: "netplan" }, "no IPv4 link-local", undefined],
  [{ key: local, value: "yes", from: "networkd" }, "no IPv4 link-local", undefined],
  [{ key: local, value: "fallback", from: "networkd" }, "no IPv4 link-local", undefined],
  [{ key: local, value: "ipv4", from: "networkd" }, "no IPv4 link-local", undefined],
  [{ key: local, value: "no", from: "networkd" }, "IPv6 link-local address all the same", undefined],
  [{ key: local, value: "ipv6", from: "networkd" }, "usual anyway", "advice"],
  [
    { key: "routes", value: '[{"to":"10.0.0.0/8","type":"blackhole"}]', from: "netplan" },
    "mostly the default",
    undefined,
  ],
  [
    { key: "routes", value: '[{"to":"default","via":"10.0.0.1","mtu":"9"}]', from: "netplan" },
    "nothing beyond",
    "error",
  ],
  [{ key: "network/Route", value: "MTUBytes=9\nDestination=::/0", from: "networkd" }, "nothing beyond", "error"],
  [{ key: "routes", value: '[{"to":"default","type":"throw"}]', from: "netplan" }, "mostly the default", undefined],
  [{ key: "network/Route", value: "Gateway=10.0.0.1\nMTUBytes=9", from: "networkd" }, "nothing beyond", "error"],
  [{ key: "network/Route", value: "Destination=::/0\nType=blackhole", from: "networkd" }, "mostly", undefined],
  [{ key: "network/Route", value: "Gateway=10.0.0.1\nDestination=10.0.0.0/8", from: "networkd" }, "mostly", undefined],
  [{ key: "link-down", value: "yes", from: "ifupdown2" }, "it comes up", undefined],
  [{ key: "link-down", value: "no", from: "ifupdown2" }, "usual anyway", "advice"],
  [{ key: "link-type", value: "dummy", from: "ifupdown2" }, "it is not made", "error"],
  [{ key: "link-speed", value: "1000", from: "ifupdown2" }, "speed, duplex", undefined],
  [{ key: "link-settings", value: "x", from: "ifupdown2" }, "knows nothing like it", undefined],
  [{ key: "wireless-essid", value: "net" }, "the radio joins nothing", "error"],
  [{ key: "wireless-key1", value: "s:x" }, "the radio joins nothing", "error"],
  [{ key: "wireless-mode", value: "ad-hoc" }, "the radio joins nothing", "error"],
  [{ key: "wireless-mode", value: "managed" }, "usual anyway", "advice"],
  [{ key: "wireless-power", value: "off" }, "power saving too", undefined],
  [{ key: "DEFROUTE", value: "no", from: "ifcfg-rh" }, "all offered routes", "advice"],
  [{ key: "ZONE", value: "trusted", from: "ifcfg-rh" }, "default zone", undefined],
  [{ key: "ZONE", value: "trusted", from: "wicked" }, "default zone", undefined],
  [{ key: "ipv6.addr-gen-mode", value: "default", from: "networkmanager" }, "may be another one", undefined],
  [{ key: "ipv6.addr-gen-mode", value: "eui64", from: "networkmanager" }, "usual anyway", "advice"],
  [{ key: "broadcast", value: "10.0.0.127" }, "the usual one is used", undefined],
  [{ key: "constructor", value: "x", from: "hasOwnProperty" }, "knows nothing like it in netplan", undefined],
])("%o left out has a consequence in words", (extra, words, severity) => {
  const said = consequenceOf(extra, "netplan");
  expect(said.words).toContain(words);
  expect(said.severity).toBe(severity);
});

test("only a bridge that filtered VLANs lets more through without the word", () => {
  expect(bridgeConsequence("vlan_filtering", "1")).toContain("every VLAN");
  expect(bridgeConsequence("vlan_filtering", "0")).toBe("");
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
    const radio = { ...bareInterface("wlan0"), extra: [{ key: "wpa-roam", value: "/etc/hidden", from: "ifupdown" }] };
    const { losses } = dialect.render({ bonds: [], interfaces: [iface, radio], uplinks: [], targets: [] });
    const told = losses.map(({ message }) => message).join("\n");
    expect(told).toContain('"first-thing" is left out');
    expect(told).toContain('"second-thing" is left out');
    expect(told).not.toContain("hidden");
    const hint = expect.stringContaining("wpa-ssid");
    const isKept = ["ifupdown", "ifupdown2", "ifupdown-ng"].includes(dialect.name);
    if (!isKept) expect(losses).toContainEqual(expect.objectContaining({ severity: "error", hint }));
  },
);
