import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { networkOf, parseCidr } from "../../model/address.ts";
import { type Bond, Secret } from "../../model/bond.ts";
import type { Config, Interface, IpSettings } from "../../model/config.ts";
import { type OptionName, optionNames } from "../../model/options.ts";
import { sendingOf } from "../networkd/sending.ts";
import { netplan } from "./netplan.ts";
import { networkdTakes, spellingOf } from "./spelling.ts";

readingLaws(netplan, {
  paths: ["/etc/netplan/01-a.yaml", "/run/netplan/01-a.yaml", "/lib/netplan/50-b.yaml", "/elsewhere/x.yaml"],
  lines: [
    "network:",
    "  version: 2",
    "  renderer: NetworkManager",
    "  ethernets:",
    "    eth0: {match: {macaddress: '02:00:00:00:00:01'}, set-name: eth0}",
    "    eth0: {}",
    "    eth1:",
    "      dhcp4: yes",
    "      addresses: [192.168.1.5/24, {2001:db8::5/64: {lifetime: 0}}]",
    "      routes: [{to: default, via: 192.168.1.1, metric: 5}]",
    "      nameservers: {addresses: [9.9.9.9], search: [lan]}",
    "  bonds:",
    "    bond0: {interfaces: [eth0, eth1], parameters: {mode: active-backup, primary: eth0, mii-monitor-interval: 1s}}",
    "  wifis: {wlan0: {access-points: {home: {password: secretsecret}}}}",
    "  vlans: {v: {id: 5, link: bond0}}",
    "  bridges: {br0: {interfaces: [bond0], parameters: {forward-delay: 4}}}",
    "x: &a [1]",
    "y: *a",
  ],
  repeated: ["network: {ethernets: {a: {}}}\n", "a: ", "[", "- ", "network:\n", '"', "x: &a [*a]\n"],
});

/** What netplan says without a word of ours: no zeros, no words networkd lacks, nothing twice, DHCP alike in both families. */
function sayable(config: Config): Config {
  const inside = new Set([
    ...config.bonds.flatMap(({ ports }) => ports),
    ...config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []),
  ]);
  return {
    ...config,
    bonds: config.bonds.map(withoutZeros),
    interfaces: config.interfaces.map((iface) => plain(iface, inside.has(iface.name))),
  };
}

function withoutZeros(bond: Bond): Bond {
  const isSayable = ([name, value]: [string, unknown]) => {
    const said = spellingOf(name as OptionName);
    const isNumber = said !== "cannot-say" && (said.form === "whole" || said.form === "flag");
    return !(isNumber && value === 0) && networkdTakes(name as OptionName, value);
  };
  const said = Object.fromEntries(Object.entries(bond.options).filter(isSayable));
  const { kept, refused } = sendingOf(said);
  const isSent = ([name]: [string, unknown]) => !kept.has(name as OptionName) && !refused.has(name as OptionName);
  return { ...bond, options: Object.fromEntries(Object.entries(said).filter(isSent)) };
}

function plain(iface: Interface, isInside: boolean): Interface {
  const { ipv4, ipv6, bridge, dns, wifi, ...rest } = iface;
  const settings =
    bridge === undefined || Object.keys(bridge.settings).length === 0 ? {} : { stp_state: "1", ...bridge.settings };
  return {
    ...rest,
    ...(rest.start === "manual" ? { optional: true } : {}),
    ...(wifi === undefined ? {} : { wifi: { ...wifi, psk: { inline: new Secret("correct horse") } } }),
    ...(bridge === undefined ? {} : { bridge: { ...bridge, settings } }),
    ...(isInside || dns === undefined ? {} : { dns }),
    ipv4: isInside ? none : masked(ipv4),
    ipv6: isInside ? none : masked(alike(ipv6, ipv4)),
  };
}

const none: IpSettings = { method: "none", addresses: [] };

/** IPv6 with the settings that systemd-networkd shares between the families. */
function alike({ metric, dhcp, ...rest }: IpSettings, ipv4: IpSettings): IpSettings {
  const isShared = ipv4.method === "dhcp" && (rest.method === "dhcp" || rest.method === "auto");
  const cost = isShared ? ipv4.metric : rest.method === "dhcp" ? metric : undefined;
  const useDns = rest.method === "dhcp" ? (isShared ? ipv4.dhcp?.useDns : dhcp?.useDns) : undefined;
  return {
    ...rest,
    ...(cost === undefined ? {} : { metric: cost }),
    ...(useDns === undefined ? {} : { dhcp: { useDns } }),
  };
}

function masked(ip: IpSettings): IpSettings {
  const routes = ip.routes?.map((route) => {
    const read = parseCidr(route.to);
    return read.ok ? { ...route, to: networkOf(read.value) } : route;
  });
  return { ...ip, ...(routes === undefined ? {} : { routes }) };
}

const options = optionNames.filter((option) => spellingOf(option) !== "cannot-say");
writingLaws(
  netplan,
  hostConfig(options, ["hooks", "portOptions"]).map((config) => {
    const { interfaces, ...rest } = sayable(config);
    return {
      ...rest,
      interfaces: interfaces.map((iface) => (iface.start === "hotplug" ? { ...iface, start: "boot" } : iface)),
    };
  }),
);
