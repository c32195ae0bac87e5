import { expect, test } from "vitest";
import type { Config } from "../model/config.ts";
import { renderAccounted, withSourceDefaults } from "./account.ts";
import type { Dialect, Language } from "./dialect.ts";
import { identityLosses, withIdentifierKept } from "./identity.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { ifupdown2 } from "./ifupdown2/ifupdown2.ts";
import { netplan } from "./netplan/netplan.ts";
import { networkd } from "./networkd/networkd.ts";
import { networkmanager } from "./networkmanager/networkmanager.ts";
import { dialects } from "./registry.ts";
import { wicked } from "./wicked/wicked.ts";

const paths = {
  ifupdown: "/etc/network/interfaces",
  netplan: "/etc/netplan/a.yaml",
  networkmanager: "/etc/NetworkManager/system-connections/a.nmconnection",
};

function read(source: Language, text: string): Config {
  return source.parse(new Map([[paths[source.name as keyof typeof paths], text]])).config;
}

const stanza = (method: string, more = "") =>
  `auto bond0\niface bond0 inet ${method}\n bond-slaves a b\n bond-mode 1\n bond-miimon 100\n${more}`;
const planned = (more: string) =>
  `network: {ethernets: {a: {}, b: {}}, bonds: {bond0: {interfaces: [a, b], parameters: {mode: active-backup, mii-monitor-interval: 100}, ${more}}}}`;

function told(source: Language, text: string, target: Dialect): readonly string[] {
  return identityLosses(read(source, text), source, target).map(({ severity, about }) => `${severity} ${about}`);
}

test.each([netplan, networkd])(
  "$name gives a bond another MAC address than ifupdown did: by DHCP that is grave",
  (target) => {
    expect(told(ifupdown, stanza("dhcp"), target)).toEqual(["warning interface/bond0/mac"]);
    expect(told(ifupdown, stanza("static", " address 10.0.0.5/24\n"), target)).toEqual(["advice interface/bond0/mac"]);
    const [loss] = identityLosses(read(ifupdown, stanza("dhcp")), ifupdown, target);
    expect(loss?.hint).toContain("/sys/class/net/bond0/address");
  },
);

test("nothing changes with a MAC address that is said, with the active port's, or where the bond bears no address", () => {
  expect(told(ifupdown, stanza("dhcp", " hwaddress 02:00:00:00:00:01\n"), netplan)).toEqual([]);
  expect(told(ifupdown, stanza("dhcp", " bond-fail-over-mac active\n"), netplan)).toEqual([]);
  expect(told(ifupdown, stanza("manual"), netplan)).toEqual([]);
});

test("a VLAN on the bond bears the bond's MAC address", () => {
  const vlan = "\nauto bond0.5\niface bond0.5 inet dhcp\n";
  expect(told(ifupdown, stanza("manual", vlan), netplan)).toEqual(["warning interface/bond0/mac"]);
});

test("between programs that do the same nothing is told", () => {
  expect(told(ifupdown, stanza("dhcp"), ifupdown2)).toEqual([]);
  expect(told(netplan, planned("dhcp4: true"), networkd)).toEqual([]);
  for (const target of dialects) expect(told(netplan, planned("renderer: NetworkManager"), target)).toEqual([]);
  expect(told(netplan, planned("renderer: NetworkManager, dhcp4: true"), ifupdown)).toEqual([]);
});

test("away from networkd both the MAC address and DHCP's name for the host change", () => {
  for (const target of [ifupdown, ifupdown2, networkmanager])
    expect(told(netplan, planned("dhcp4: true"), target)).toEqual([
      "warning interface/bond0/mac",
      "warning interface/bond0/ipv4",
    ]);
  expect(
    told(netplan, planned('dhcp4: true, dhcp-identifier: mac, macaddress: "02:00:00:00:00:01"'), ifupdown),
  ).toEqual([]);
});

test.each([
  [ifupdown, stanza("dhcp"), netplan, "dhcp-identifier: mac"],
  [ifupdown, stanza("dhcp"), networkd, "ClientIdentifier=mac"],
  [netplan, planned("dhcp4: true, dhcp-identifier: mac"), networkd, "ClientIdentifier=mac"],
  [
    networkmanager,
    "[connection]\nid=eth0\nuuid=1\ntype=ethernet\ninterface-name=eth0\n[ipv4]\nmethod=auto\ndhcp-client-id=mac\n[ipv6]\nmethod=ignore\n",
    networkd,
    "ClientIdentifier=mac",
  ],
])("DHCP goes on to know the host by its MAC address (%#)", (source, text, target, line) => {
  const config = withIdentifierKept(read(source, text), source, target);
  const { files, losses } = renderAccounted(target, withSourceDefaults(config, source, target));
  expect([...files.values()].join("\n")).toContain(line);
  expect(losses).toEqual([]);
});

test.each(["duid", "mac"])("ClientIdentifier=%s is lost aloud where nobody knows what wicked asks by", (value) => {
  const text = `[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n[DHCPv4]\nClientIdentifier=${value}\n`;
  const { config } = networkd.parse(new Map([["/etc/systemd/network/a.network", text]]));
  const { losses } = renderAccounted(
    wicked,
    withSourceDefaults(withIdentifierKept(config, networkd, wicked), networkd, wicked),
  );
  expect(losses.map(({ severity, message }) => `${severity} ${message}`)).toContainEqual(
    expect.stringMatching(/^warning .*ClientIdentifier" is left out: a DHCP server may take the host for another one/),
  );
});

test("and networkd is told nothing of what it does anyway", () => {
  const config = withIdentifierKept(read(netplan, planned("dhcp4: true")), netplan, networkd);
  expect([...networkd.render(config).files.values()].join("\n")).not.toContain("ClientIdentifier");
});
