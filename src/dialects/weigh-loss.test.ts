import { expect, test } from "vitest";
import { renderAccounted, withSourceDefaults } from "./account.ts";
import type { Dialect, Language, Loss } from "./dialect.ts";
import { ifcfgRh } from "./ifcfg-rh/ifcfg-rh.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { ifupdownNg } from "./ifupdown-ng/ifupdown-ng.ts";
import { netplan } from "./netplan/netplan.ts";
import { networkd } from "./networkd/networkd.ts";
import { networkmanager } from "./networkmanager/networkmanager.ts";
import { nmstate } from "./nmstate/nmstate.ts";
import { dialects } from "./registry.ts";
import { wicked } from "./wicked/wicked.ts";

function lost(source: Language, files: Readonly<Record<string, string>>, target: Dialect): readonly Loss[] {
  const read = source.parse(new Map(Object.entries(files))).config;
  return renderAccounted(target, withSourceDefaults(read, source, target)).losses;
}

test("what a port says of addresses of its own is lost by nobody: it has none", () => {
  const scripts = "/etc/sysconfig/network-scripts";
  const port = "BOOTPROTO=none\nIPV6INIT=no\nIPV6_ADDR_GEN_MODE=stable-privacy\nZONE=public\nMASTER=bond0\nSLAVE=yes\n";
  const files = {
    [`${scripts}/ifcfg-bond0`]:
      'DEVICE=bond0\nTYPE=Bond\nBONDING_MASTER=yes\nONBOOT=yes\nIPADDR=10.0.0.5\nPREFIX=24\nBONDING_OPTS="mode=1 miimon=100"\nZONE=dmz\n',
    [`${scripts}/ifcfg-eth0`]: `DEVICE=eth0\nONBOOT=yes\n${port}`,
    [`${scripts}/ifcfg-eth1`]: `DEVICE=eth1\nONBOOT=yes\n${port}`,
  };
  expect(lost(ifcfgRh, files, netplan).map(({ message }) => message)).toEqual([
    expect.stringContaining('bond0: "ZONE" is left out'),
  ]);
});

test("IPv6 that is off at the ports of a bond is no loss, at the bond it is", () => {
  const off = "ipv4: {enabled: false}, ipv6: {enabled: false}";
  const state = `interfaces:\n- {name: a, type: ethernet, state: up, ${off}}\n- {name: b, type: ethernet, state: up, ${off}}\n- {name: bond0, type: bond, state: up, ${off}, link-aggregation: {mode: active-backup, options: {miimon: 100}, port: [a, b]}}\n`;
  const all = lost(nmstate, { "/etc/nmstate/a.yml": state }, ifupdownNg);
  expect(all.map(({ about }) => about)).toEqual(["interface/bond0/extra"]);
});

const bonded = (mode: string) =>
  `network: {ethernets: {a: {}, b: {}}, bonds: {bond0: {interfaces: [a, b], addresses: [10.0.0.5/24], parameters: {mode: ${mode}, mii-monitor-interval: 100, transmit-hash-policy: layer3+4}}}}`;

test.each([
  ["active-backup", "advice"],
  ["balance-tlb", "warning"],
])("an option that does nothing in mode %s is %s when it goes", (mode, severity) => {
  const all = lost(netplan, { "/etc/netplan/a.yaml": bonded(mode) }, wicked);
  const found = all.find(({ about }) => about.endsWith("/xmit_hash_policy"));
  expect(found?.severity).toBe(severity);
  expect(found?.message.includes("does nothing in mode active-backup")).toBe(severity === "advice");
});

test.each([
  ["false", 0],
  ["true", 2],
])("what a bridge's ports cost counts where a spanning tree runs (%s)", (tree, count) => {
  const text = `network: {ethernets: {a: {}, b: {}}, bridges: {br0: {interfaces: [a, b], addresses: [10.0.0.5/24], parameters: {stp: ${tree}, path-cost: {a: 50}, port-priority: {a: 14}}}}}`;
  const all = lost(netplan, { "/etc/netplan/a.yaml": text }, wicked);
  expect(all.filter(({ message }) => /path-cost|port-priority/.test(message))).toHaveLength(count);
});

test("what a bridge's port costs counts where source and target both run the tree without a word", () => {
  const folder = "/etc/NetworkManager/system-connections";
  const files = {
    [`${folder}/br0.nmconnection`]: "[connection]\nid=br0\ntype=bridge\ninterface-name=br0\n[bridge]\n",
    [`${folder}/a.nmconnection`]:
      "[connection]\nid=a\ntype=ethernet\ninterface-name=a\nmaster=br0\nslave-type=bridge\n[bridge-port]\npath-cost=50\n",
  };
  expect(lost(networkmanager, files, nmstate).map(({ message }) => message)).toEqual([
    expect.stringContaining('"bridge-port.path-cost" is left out'),
  ]);
});

test("what the stanzas of both families say is lost once", () => {
  const wlan = (family: string) => `iface wlan0 ${family} manual\n wpa-conf /etc/wpa.conf\n bond-master bond0\n`;
  const text = `auto bond0\niface bond0 inet static\n address 10.0.0.5/24\n bond-slaves eth0 wlan0\n bond-mode 1\n bond-miimon 100\n\n${wlan("inet")}${wlan("inet6")}`;
  const all = lost(ifupdown, { "/etc/network/interfaces": text }, networkd);
  expect(all.filter(({ message }) => message.includes("wpa-conf"))).toHaveLength(1);
});

const script = (more: string) => ({
  "/etc/sysconfig/network-scripts/ifcfg-eth0": `DEVICE=eth0\nONBOOT=yes\n${more}DEFROUTE=no\n`,
});

test("a default route that DHCP offers and nobody took isn't taken afterwards either", () => {
  const { config } = ifcfgRh.parse(new Map(Object.entries(script("BOOTPROTO=dhcp\n"))));
  const { files, losses } = renderAccounted(netplan, withSourceDefaults(config, ifcfgRh, netplan));
  expect([...files.values()].join("")).toContain("use-routes: false");
  expect(losses).toMatchObject([{ severity: "advice", message: expect.stringContaining("all offered routes") }]);
  const byName = lost(ifcfgRh, script("BOOTPROTO=dhcp\n"), ifupdown).filter(({ severity }) => severity === "warning");
  expect(byName).toMatchObject([
    { about: "interface/eth0/ipv4/dhcp/useRoutes", hint: expect.stringContaining("routers") },
  ]);
});

test("and where nobody offers one, none is left aside", () => {
  expect(lost(ifcfgRh, script("IPADDR=10.0.0.5\nPREFIX=24\n"), netplan)).toEqual([]);
});

test("commands that go are named by their programs, and not by what follows: that may be secret", () => {
  const text =
    "auto br0\niface br0 inet static\n address 10.0.0.5/24\n bridge-ports eth0\n post-up iptables -A INPUT\n post-up iptables -A OUTPUT\n pre-down PASS=hidden1 run\n";
  const [loss] = lost(ifupdown, { "/etc/network/interfaces": text }, netplan).filter(({ about }) =>
    about.endsWith("/hooks"),
  );
  expect(loss?.message).toBe("br0: its commands are left out: netplan runs none (post-up iptables, pre-down …)");
});

test.each(dialects.filter((one) => one !== networkd))(
  "$name: a default route left aside is told as all of them left aside, or as taken, and never as both",
  (target) => {
    const unit = "[Match]\nName=eth0\n[Network]\nDHCP=yes\n[DHCPv4]\nUseGateway=no\n[IPv6AcceptRA]\nUseGateway=no\n";
    const read = networkd.parse(new Map([["/etc/systemd/network/a.network", unit]])).config;
    const { files, losses } = renderAccounted(target, withSourceDefaults(read, networkd, target));
    const [back] = target.parse(files).config.interfaces;
    const told = losses.filter(({ message }) => message.includes('UseGateway" is left out: '));
    const families = told.map(({ message }) => (message.includes("DHCPv4") ? "ipv4" : "ipv6"));
    const aside = (["ipv4", "ipv6"] as const).filter((family) => back?.[family].dhcp?.useRoutes === false);
    expect(families).toEqual(aside);
    expect(told.every(({ severity }) => severity === "advice")).toBe(true);
    // Of what is taken the target's own words tell.
    expect(losses.some(({ severity }) => severity === "warning")).toBe(aside.length < 2);
  },
);
