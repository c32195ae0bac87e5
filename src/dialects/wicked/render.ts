import type { Config, Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { quoteValue } from "../../syntax/assignments.ts";
import { isLeftover } from "../assigned-file.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { bridgeConsequence, loseForeign } from "../foreign-settings.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { matchLoss } from "../match-loss.ts";
import { type Lose, loser, type SayableHost, sayableHost, withoutPlainLoopback } from "../sayable.ts";
import { folder } from "./parse.ts";
import { authModes, bridgeKeys } from "./parse-interface.ts";
import { bondLines } from "./render-bond.ts";
import { routeLine } from "./routes.ts";
import { isMeaning, spellingOf } from "./spelling.ts";

type Pair = readonly [string, string];

const heading = "# Written by Holdfast. See ifcfg(5), ifcfg-bonding(5) and ifroute(5) of wicked.";

/** Writes /etc/sysconfig/network: a file for each interface, ports too (wicked would invent theirs, as hotplug), ifroute files for
 *  gateways and routes, ifsysctl files for router advertisements. Total. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loser("wicked-cannot-say", losses);
  const host = sayableHost(withoutPlainLoopback(config), { isName, unsayable }, lose);
  const files = new Map<string, string>();
  const secret = new Set<string>();
  for (const iface of host.interfaces) {
    const pairs = linesOf(iface, host, lose);
    const path = `${folder}/ifcfg-${iface.name}`;
    files.set(path, `${[heading, ...pairs.map(([key, value]) => `${key}=${quoted(value) ?? "''"}`)].join("\n")}\n`);
    if (pairs.some(([key]) => key === "WIRELESS_WPA_PSK")) secret.add(path);
    const routes = routesOf(iface);
    if (routes.length > 0) files.set(`${folder}/ifroute-${iface.name}`, `${[heading, ...routes].join("\n")}\n`);
    const { acceptRa } = iface.ipv6;
    // With slashes the dot in a VLAN's name is a dot.
    if (acceptRa !== undefined)
      files.set(
        `${folder}/ifsysctl-${iface.name}`,
        `${heading}\nnet/ipv6/conf/${iface.name}/accept_ra = ${acceptRa ? 1 : 0}\n`,
      );
  }
  return { files, losses, secret };
}

function isName(name: string): boolean {
  return isInterfaceName(name) && /^\w[\w.@+-]*$/.test(name) && !isLeftover(name) && name !== "lo";
}

function unsayable(option: Parameters<typeof spellingOf>[0]): string | undefined {
  if (spellingOf(option) !== "cannot-say") return undefined;
  return option === "active_slave"
    ? "it would move the traffic at every ifup; primary says which port is preferred"
    : `wicked doesn't know it and would refuse the whole bond for it; ${keptByKernel(option)}, unless a POST_UP_SCRIPT sets it with ip`;
}

/** As SUSE's own tools write it: single quotes, where the value has none of its own. */
function quoted(value: string): string | undefined {
  return value.includes("'") ? quoteValue(value) : quoteValue(value) === undefined ? undefined : `'${value}'`;
}

function isSayable(value: string): boolean {
  return value === value.trim() && quoted(value) !== undefined;
}

function linesOf(iface: Interface, host: SayableHost, lose: Lose): readonly Pair[] {
  sayUnsaid(iface, lose);
  const bond = host.bonds.find(({ name }) => name === iface.name);
  const isBelow = host.masterOf.has(iface.name) || host.bridgeOf.has(iface.name);
  const { vlan, bridge, mtu, mac } = iface;
  return [
    ["STARTMODE", iface.start === "boot" ? "auto" : iface.start],
    ["BOOTPROTO", isBelow ? "none" : proto(iface)],
    ...(iface.optional === true ? [["LINK_REQUIRED", "no"] as const] : []),
    ...(bond === undefined ? [] : bondLines(bond, lose)),
    ...(vlan === undefined ? [] : [["ETHERDEVICE", vlan.parent] as const, ["VLAN_ID", String(vlan.id)] as const]),
    ...(bridge === undefined ? [] : bridgeLines(iface, lose)),
    ...addressLines(iface),
    ...dhcpLines(iface, lose),
    ...(mtu === undefined ? [] : [["MTU", String(mtu)] as const]),
    ...(mac === undefined ? [] : [["LLADDR", mac] as const]),
    ...wifiLines(iface, lose),
    ...extraLines(iface, lose),
  ];
}

/** Addresses are set beside whatever else is asked for; "static" with none of them only brings the interface up. */
function proto({ ipv4, ipv6 }: Interface): string {
  const asks = [
    ...(ipv4.method === "dhcp" ? ["dhcp4"] : []),
    ...(ipv6.method === "dhcp" ? ["dhcp6"] : []),
    ...(ipv6.method === "auto" ? ["auto6"] : []),
  ];
  return asks.length === 0 ? "static" : asks.join("+");
}

function addressLines({ ipv4, ipv6 }: Interface): readonly Pair[] {
  return [...ipv4.addresses, ...ipv6.addresses].map((address, index) => [
    index === 0 ? "IPADDR" : `IPADDR_${index}`,
    address,
  ]);
}

function dhcpLines({ name, ipv4, ipv6 }: Interface, lose: Lose): readonly Pair[] {
  const about = `interface/${name}`;
  if (ipv4.dhcp?.useDns === false)
    lose(
      `${about}/ipv4/dhcp/useDns`,
      "leaving the name servers of DHCP aside is left out: wicked hands them to netconfig, which has one policy for the host",
      {
        hint: "Set NETCONFIG_DNS_POLICY in /etc/sysconfig/network/config.",
      },
    );
  if (ipv6.dhcp !== undefined && Object.values(ipv6.dhcp).includes(false))
    lose(`${about}/ipv6/dhcp`, "leaving parts of the DHCPv6 answer aside is left out: wicked has no word for it");
  if (ipv6.metric !== undefined && (ipv6.method === "dhcp" || ipv6.method === "auto"))
    lose(`${about}/ipv6/metric`, "the metric of the advertised route is left out: wicked has a word for DHCPv4's only");
  if (ipv4.method !== "dhcp") return [];
  return [
    ...(ipv4.metric === undefined ? [] : [["DHCLIENT_ROUTE_PRIORITY", String(ipv4.metric)] as const]),
    ...(ipv4.dhcp?.useRoutes === false ? [["DHCLIENT_SET_DEFAULT_ROUTE", "no"] as const] : []),
  ];
}

function routesOf({ name, ipv4, ipv6 }: Interface): readonly string[] {
  return [ipv4, ipv6].flatMap(({ gateway, metric, routes = [] }) => {
    const first =
      gateway === undefined ? [] : [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }];
    return [...first, ...routes].map((route) => routeLine(name, route));
  });
}

function bridgeLines({ name, bridge }: Interface, lose: Lose): readonly Pair[] {
  const pairs: Pair[] = [
    ["BRIDGE", "yes"],
    ["BRIDGE_PORTS", (bridge?.ports ?? []).join(" ")],
  ];
  for (const [setting, value] of Object.entries(bridge?.settings ?? {}).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  )) {
    const key = bridgeKeys.find(([, one]) => one === setting)?.[0];
    if (setting === "stp_state" && (value === "0" || value === "1"))
      pairs.push(["BRIDGE_STP", value === "1" ? "on" : "off"]);
    else if (key !== undefined && /^\d{1,9}(\.\d{1,3})?$/.test(value)) pairs.push([key, value]);
    else
      lose(
        `interface/${name}/bridge/${setting}`,
        `the bridge's ${JSON.stringify(setting)} is left out: wicked has no word for it, or not for its value${bridgeConsequence(setting, value)}`,
      );
  }
  return pairs;
}

function wifiLines({ name, wifi }: Interface, lose: Lose): readonly Pair[] {
  if (wifi === undefined) return [];
  const about = `interface/${name}/wifi`;
  if (wifi.ssid === "" || !isSayable(wifi.ssid)) {
    lose(about, "the radio's settings are left out: its network's name cannot stand on one line", {
      severity: "error",
    });
    return [];
  }
  const pairs: Pair[] = [["WIRELESS_ESSID", wifi.ssid]];
  const key = wifi.psk !== undefined && "inline" in wifi.psk ? wifi.psk.inline.reveal() : "";
  if (key !== "" && isSayable(key)) pairs.push(["WIRELESS_WPA_PSK", key]);
  else if (wifi.psk !== undefined)
    lose(
      `${about}/psk`,
      "the Wi-Fi key is left out: it is in a file, or cannot stand on one line; the radio joins nothing",
      {
        severity: "error",
        hint: `Write WIRELESS_WPA_PSK='…' into ${folder}/ifcfg-${name}, mode 0600.`,
      },
    );
  for (const [setting, value] of Object.entries(wifi.settings ?? {}).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  )) {
    const mode = authModes.find(([, one]) => one === value)?.[0];
    if (setting === "key_mgmt" && mode !== undefined) pairs.push(["WIRELESS_AUTH_MODE", mode]);
    else if (setting === "scan_ssid" && value === "1") pairs.push(["WIRELESS_HIDDEN_SSID", "yes"]);
    else if (setting === "bssid" && value !== "" && isSayable(value)) pairs.push(["WIRELESS_AP", value]);
    else
      lose(
        `${about}/settings/${setting}`,
        `the Wi-Fi setting ${JSON.stringify(setting)} is left out: Holdfast knows no word of wicked's for it`,
      );
  }
  const isSaid = pairs.some(([one]) => one === "WIRELESS_AUTH_MODE");
  return pairs.some(([one]) => one === "WIRELESS_WPA_PSK") && !isSaid
    ? [...pairs, ["WIRELESS_AUTH_MODE", "psk"]]
    : pairs;
}

function extraLines({ name, extra }: Interface, lose: Lose): readonly Pair[] {
  const seen = new Set<string>();
  return extra.flatMap((one): readonly Pair[] => {
    const { key, value, from, family } = one;
    const fits = /^[A-Za-z]\w*$/.test(key) && !isMeaning(key) && !seen.has(key) && isSayable(value);
    if (from === "wicked" && family === undefined && fits) {
      seen.add(key);
      return [[key, value]];
    }
    loseForeign(name, one, "wicked", lose, "wicked");
    return [];
  });
}

function sayUnsaid(iface: Interface, lose: Lose): void {
  const about = `interface/${iface.name}`;
  const unmatched = matchLoss(iface, "wicked");
  if (unmatched !== undefined)
    lose(`${about}/match`, unmatched.text, {
      hint: "Give the interface a fixed name with a udev rule, best by its bus ID.",
    });
  if (iface.dns !== undefined && iface.dns.servers.length + iface.dns.search.length > 0)
    lose(`${about}/dns`, "the name servers are left out: on SUSE they are the host's, and not an interface's", {
      hint: `Set ${netconfigOf(iface.dns)} in /etc/sysconfig/network/config, then run netconfig update.`,
    });
  if (iface.hooks.length > 0)
    lose(`${about}/hooks`, "its commands are left out: wicked runs scripts, not commands", {
      hint: "Put them into a script and name it in POST_UP_SCRIPT or PRE_DOWN_SCRIPT.",
    });
}

function netconfigOf({ servers, search }: NonNullable<Interface["dns"]>): string {
  const said = [
    ["NETCONFIG_DNS_STATIC_SERVERS", servers],
    ["NETCONFIG_DNS_STATIC_SEARCHLIST", search],
  ] as const;
  return said.flatMap(([key, words]) => (words.length === 0 ? [] : [`${key}="${words.join(" ")}"`])).join(" and ");
}
