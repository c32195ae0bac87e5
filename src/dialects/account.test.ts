import { expect, test } from "vitest";
import { emptyConfig, type Interface } from "../model/config.ts";
import { renderAccounted, withSourceDefaults } from "./account.ts";
import { ifcfgRh } from "./ifcfg-rh/ifcfg-rh.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { ifupdown2 } from "./ifupdown2/ifupdown2.ts";
import { netplan } from "./netplan/netplan.ts";
import { networkd } from "./networkd/networkd.ts";
import { networkmanager } from "./networkmanager/networkmanager.ts";
import { nmstate } from "./nmstate/nmstate.ts";
import { dialects } from "./registry.ts";

const none = { method: "none", addresses: [] } as const;
const br0: Interface = {
  name: "br0",
  start: "boot",
  ipv4: none,
  ipv6: none,
  bridge: { ports: ["bond0"], settings: {} },
  hooks: [],
  extra: [],
};
const config = { ...emptyConfig, bonds: [{ name: "bond0", ports: ["eth0"], options: {} }], interfaces: [br0] };

test("what the source's consumer does by itself is said where the target's does not", () => {
  const meant = withSourceDefaults(config, networkmanager, ifupdown);
  expect(meant.bonds[0]?.options).toEqual({ miimon: 100 });
  expect(meant.interfaces[0]?.bridge?.settings).toEqual({ stp_state: "1" });
});

test("and not where both do the same", () => {
  expect(withSourceDefaults(config, networkmanager, networkmanager)).toEqual(config);
});

test("what only the target's consumer would add is denied, in the kernel's words", () => {
  const meant = withSourceDefaults(config, ifupdown, networkmanager);
  expect(meant.bonds[0]?.options).toEqual({ miimon: 0 });
  expect(meant.interfaces[0]?.bridge?.settings).toEqual({ stp_state: "0" });
});

function converted(text: string, target: (typeof dialects)[number]) {
  const read = netplan.parse(new Map([["/etc/netplan/a.yaml", text]])).config;
  return renderAccounted(target, withSourceDefaults(read, netplan, target)).losses.map(({ message }) => message);
}

const bond0 =
  "network: {ethernets: {a: {}, b: {}}, bonds: {bond0: {interfaces: [a, b], parameters: {mode: active-backup, mii-monitor-interval: 100}, ";

test.each(dialects.filter((one) => one !== netplan))(
  "$name: a plain bond from netplan loses nothing of IPv6",
  (target) => {
    expect(converted(`${bond0}addresses: [10.0.0.5/24]}}}`, target).filter((one) => /IPv6|advertis/.test(one))).toEqual(
      [],
    );
  },
);

test.each([networkmanager, nmstate])("$name: advertisements that are not taken anyway are no loss", (target) => {
  expect(converted(`${bond0}accept-ra: false, addresses: ["2001:db8::5/64"]}}}`, target)).toEqual([]);
});

test("who carried a configuration out is lost by nobody; what it did of its own is", () => {
  const text = bond0.replace("{ethernets", "{renderer: NetworkManager, ethernets");
  for (const target of dialects.filter((one) => one !== netplan))
    expect(converted(`${text}dhcp4: true}}}`, target).filter((one) => one.includes("renderer"))).toEqual([]);
});

test("what an installer wrote for its own program is no loss", () => {
  const file =
    "DEVICE=eth0\nNAME=eth0\nUUID=1\nUSERCTL=no\nDEFROUTE=yes\nPROXY_METHOD=none\nBOOTPROTO=dhcp\nONBOOT=yes\nDEFROUTE_X=1\n";
  const read = ifcfgRh.parse(new Map([["/etc/sysconfig/network-scripts/ifcfg-eth0", file]])).config;
  const { losses } = renderAccounted(ifupdown, withSourceDefaults(read, ifcfgRh, ifupdown));
  expect(losses.map(({ message }) => message).filter((one) => /NAME|UUID|USERCTL|DEFROUTE"|PROXY/.test(one))).toEqual(
    [],
  );
});

test("a metric that is lost is a warning where it ranks two ways out, and advice where there is one", () => {
  const severities = (text: string) => {
    const read = netplan.parse(new Map([["/etc/netplan/a.yaml", text]])).config;
    const { losses } = renderAccounted(ifupdown2, withSourceDefaults(read, netplan, ifupdown2));
    return losses.filter(({ about }) => about.endsWith("/ipv4/metric")).map(({ severity }) => severity);
  };
  expect(severities(`${bond0}dhcp4: true}}}`)).toEqual(["advice"]);
  expect(severities(`${bond0.replace("a: {}", "a: {}, c: {dhcp4: true}")}dhcp4: true}}}`)).toEqual([
    "warning",
    "warning",
  ]);
});

function lostFrom(source: (typeof dialects)[number], path: string, text: string, target: (typeof dialects)[number]) {
  const read = source.parse(new Map([[path, text]])).config;
  return renderAccounted(target, withSourceDefaults(read, source, target)).losses;
}

test("an option left to the kernel that does the same by itself is no loss, another value is", () => {
  const stanza = (policy: string) =>
    `auto bond0\niface bond0 inet static\n address 10.0.0.5/24\n bond-slaves a b\n bond-mode active-backup\n bond-miimon 100\n bond-arp-validate ${policy}\n`;
  const lost = (policy: string) =>
    lostFrom(ifupdown, "/etc/network/interfaces", stanza(policy), ifupdown2).filter(({ about }) =>
      about.includes("/option/"),
    );
  expect(lost("none")).toEqual([]);
  expect(lost("all")).toMatchObject([{ severity: "warning", about: "bond/bond0/option/arp_validate" }]);
});

test.each(dialects.filter((one) => one !== ifupdown))(
  "$name: a loopback, how long ifup waits and timers of a spanning tree that is off lose nothing",
  (target) => {
    const text =
      "auto lo\niface lo inet loopback\n\nauto br0\niface br0 inet static\n address 10.0.0.5/24\n bridge_ports eth0\n bridge_stp off\n bridge_fd 0\n bridge_waitport 0\n";
    const lost = lostFrom(ifupdown, "/etc/network/interfaces", text, target);
    expect(lost.filter(({ severity }) => severity !== "advice")).toEqual([]);
  },
);

test("timers of a spanning tree that runs are a loss where there is no word for them", () => {
  const text = "auto br0\niface br0 inet manual\n bridge_ports eth0\n bridge_stp on\n bridge_fd 0\n";
  expect(lostFrom(ifupdown, "/etc/network/interfaces", text, networkd)).toMatchObject([
    { about: "interface/br0/bridge/forward_delay" },
  ]);
});

test.each([networkmanager, nmstate])("$name: DHCPv6 beside advertisements is written so that both work", (target) => {
  const network = "[Match]\nName=eth0\n[Network]\nDHCP=yes\n";
  const { config: read } = networkd.parse(new Map([["/etc/systemd/network/a.network", network]]));
  const { files: written, losses } = renderAccounted(target, withSourceDefaults(read, networkd, target));
  expect([...written.values()].join("\n")).toMatch(/\[ipv6\]\nmethod=auto|autoconf: true/);
  expect(losses.filter(({ severity }) => severity !== "advice")).toEqual([]);
});

test("what is no interface's name is told once, and not again as an interface that got lost", () => {
  const text = "auto bond0\niface bond0 inet manual\n bond-slaves eth0 eth1 a/b\n bond-mode 1\n bond-miimon 100\n";
  const lost = lostFrom(ifupdown, "/etc/network/interfaces", text, netplan);
  expect(lost.filter(({ code }) => code === "not-read-back")).toEqual([]);
});

test("a setting that comes to nothing on this host is advice, elsewhere a warning", () => {
  const host = (broadcast: string, above: string) =>
    `auto br0\niface br0 inet static\n address 10.0.0.5/25\n broadcast ${broadcast}\n bridge_ports eth0\n\niface wlan0 inet manual\n wpa-bridge ${above}\n\nauto bond0\niface bond0 inet manual\n bond-slaves ${above === "bond0" ? "wlan0 eth1" : "eth1"}\n bond-mode 1\n bond-miimon 100\n`;
  const told = (broadcast: string, above: string) =>
    lostFrom(ifupdown, "/etc/network/interfaces", host(broadcast, above), networkd).flatMap(
      ({ message, severity }) => /"(?:wpa-bridge|broadcast)"/.exec(message)?.concat(severity) ?? [],
    );
  expect(told("10.0.0.127", "bond0")).toEqual(['"broadcast"', "advice", '"wpa-bridge"', "advice"]);
  expect(told("10.0.0.255", "br0")).toEqual(['"broadcast"', "warning", '"wpa-bridge"', "warning"]);
});
