import type { Config, Interface } from "../../model/config.ts";
import { formatOption, isInterfaceName } from "../../model/option-value.ts";
import { optionsIn } from "../../model/options.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { bridgeConsequence, loseForeign } from "../foreign-settings.ts";
import { matchLoss } from "../match-loss.ts";
import { type Lose, loser, type SayableHost, sayableHost } from "../sayable.ts";
import { advertisementsCommand, routeCommand } from "../setting-commands.ts";
import { awakeCommand, isKeptAwake } from "../stay-awake.ts";
import { supplicantPath, supplicantText } from "../wpa-supplicant.ts";
import { attributeValue, bridgeKeys } from "./bridge-settings.ts";
import { vlanOf } from "./meaning.ts";
import { interfacesPath, isPlainLine } from "./read-file.ts";
import { lackOf, spellingOf } from "./spelling.ts";

type Lines = readonly (readonly [key: string, value: string])[];

const heading = "# Network interfaces for ifupdown-ng, written by Holdfast. See interfaces(5) and interfaces-bond(5).";

/** Writes /etc/network/interfaces as ifupdown-ng 0.12 likes it: a stanza for each interface, executors said by `use`. Total. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loser("ifupdown-ng-cannot-say", losses);
  const files = new Map<string, string>();
  const secret = new Set<string>();
  const host = sayableHost(
    { ...config, interfaces: config.interfaces.map(loopbackless) },
    { isName: nameTest(config), unsayable: lackOf },
    lose,
  );
  const loops = new Set(
    config.interfaces.filter(({ name, ipv4 }) => name === "lo" && ipv4.method === "loopback").map(({ name }) => name),
  );
  const blocks = host.interfaces.map((said) => {
    const iface = withSayableHooks(said, lose);
    sayUnsaid(iface, host, lose);
    const radio = radioLines(iface, files, secret, lose);
    const isAwake = radio.length > 0 && isKeptAwake(iface, host.bonds);
    const lines = [
      ...(iface.name === "lo" && loops.has("lo") ? [["use", "loopback"] as const] : []),
      ...linesOf(iface, host, lose),
      ...radio,
      ...freeLines(iface, lose),
      ...(isAwake ? [["up", awakeCommand] as const] : []),
    ];
    return [
      ...(iface.start === "boot" ? [`auto ${iface.name}`] : []),
      `iface ${iface.name}`,
      ...lines.map(([key, value]) => `\t${key} ${value}`),
      "",
    ].join("\n");
  });
  files.set(interfacesPath, [heading, "", ...blocks].join("\n"));
  return { files, losses, secret };
}

/** A dot makes a VLAN of a name. */
function nameTest(config: Config): (name: string) => boolean {
  const vlans = new Map(config.interfaces.toReversed().map(({ name, vlan }) => [name, vlan]));
  const bonds = new Set(config.bonds.map(({ name }) => name));
  const isPlain = (name: string): boolean =>
    isInterfaceName(name) && /^\w[\w@+-]*$/.test(name) && !/^(none|all|inherits)$/.test(name);
  return (name) => {
    if (isPlain(name)) return true;
    const vlan = vlans.get(name);
    const byName =
      isInterfaceName(name) && /^\w[\w@+-]*\.\d+$/.test(name) ? vlanOf({ name, attributes: [] }) : undefined;
    return (
      vlan !== undefined &&
      !bonds.has(name) &&
      byName?.parent === vlan.parent &&
      byName.id === vlan.id &&
      isPlain(vlan.parent)
    );
  };
}

function loopbackless(iface: Interface): Interface {
  if (iface.name !== "lo" || iface.ipv4.method !== "loopback") return iface;
  return { ...iface, ipv4: { ...iface.ipv4, method: iface.ipv4.addresses.length > 0 ? "static" : "none" } };
}

function linesOf(iface: Interface, { bonds }: SayableHost, lose: Lose): Lines {
  const { name, ipv4, ipv6, mtu, mac, vlan } = iface;
  const bond = bonds.find((one) => one.name === name);
  const uses = [...(ipv4.method === "dhcp" ? ["dhcp"] : []), ...(ipv6.method === "auto" ? ["ipv6-ra"] : [])];
  const byName = vlanOf({ name, attributes: [] });
  const isByName = byName !== undefined && byName.parent === vlan?.parent && byName.id === vlan.id;
  const metric = ipv4.gateway === undefined ? ipv6.metric : ipv4.metric;
  const gateways = [ipv4.gateway, ipv6.gateway].filter((one) => one !== undefined);
  return [
    ...uses.map((use) => ["use", use] as const),
    ...(bond === undefined
      ? []
      : [
          ["bond-members", bond.ports.length === 0 ? "none" : bond.ports.join(" ")] as const,
          ...optionsIn(bond.options).flatMap((option): Lines => {
            const value = bond.options[option];
            const said = spellingOf(option);
            return value === undefined || "lack" in said ? [] : [[said.key, formatOption(option, value as never)]];
          }),
        ]),
    ...(vlan === undefined || isByName ? [] : vlanLines(name, vlan, lose)),
    ...bridgeLines(iface, lose),
    ...[...ipv4.addresses, ...ipv6.addresses].map((address) => ["address", address] as const),
    ...gateways.map((gateway) => ["gateway", gateway] as const),
    ...(metric === undefined || gateways.length === 0 ? [] : [["metric", String(metric)] as const]),
    ...(mtu === undefined ? [] : [["mtu", String(mtu)] as const]),
    ...(mac === undefined ? [] : [["hwaddress", mac.toLowerCase()] as const]),
  ];
}

function vlanLines(name: string, vlan: { readonly parent: string; readonly id: number }, lose: Lose): Lines {
  const lines: Lines = [
    ["vlan-raw-device", vlan.parent],
    ["vlan-id", String(vlan.id)],
  ];
  const attributes = lines.map(([key, value]) => ({ key, value, at: { file: "", start: 0, end: 0 } }));
  const read = vlanOf({ name, attributes });
  if (read?.parent === vlan.parent && read.id === vlan.id) return lines;
  lose(`interface/${name}/vlan`, "the VLAN is left out: ifupdown-ng takes another number or parent from the name");
  return [];
}

function bridgeLines({ name, bridge }: Interface, lose: Lose): Lines {
  if (bridge === undefined) return [];
  const settings = Object.entries(bridge.settings).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    ["bridge-ports", bridge.ports.length === 0 ? "none" : bridge.ports.join(" ")],
    ...settings.flatMap(([setting, value]): Lines => {
      const key = bridgeKeys.find(([, one]) => one === setting)?.[0];
      const text = key === undefined ? undefined : attributeValue(setting, value);
      if (key !== undefined && text !== undefined) return [[key, text]];
      lose(
        `interface/${name}/bridge/${setting}`,
        `the bridge's ${JSON.stringify(setting)} is left out: ifupdown-ng has no attribute for it, or not for its value${bridgeConsequence(setting, value)}`,
      );
      return [];
    }),
  ];
}

function radioLines({ name, wifi }: Interface, files: Map<string, string>, secret: Set<string>, lose: Lose): Lines {
  const text = wifi === undefined ? undefined : supplicantText(name, wifi, lose);
  if (text === undefined) return [];
  files.set(supplicantPath(name), text);
  if (text.includes("psk=")) secret.add(supplicantPath(name));
  return [["wifi-config-path", supplicantPath(name)]];
}

/** Without the commands that can't be written: what is left says what else is to be written. */
function withSayableHooks(iface: Interface, lose: Lose): Interface {
  const hooks = iface.hooks.filter(({ when, command, family }) => {
    const isPlain = isPlainLine(command.trim());
    if (family !== undefined || !isPlain)
      lose(
        `interface/${iface.name}/hooks`,
        `the ${when} command is left out or moved: it must be one line without # (a comment here, even in quotes), and belongs to no family`,
      );
    return isPlain;
  });
  return hooks.length === iface.hooks.length ? iface : { ...iface, hooks };
}

/** Commands, extras, and what there is no attribute for. */
function freeLines({ name, hooks, extra, ipv4, ipv6 }: Interface, lose: Lose): Lines {
  const meant =
    /^(auto|iface|interface|template|source.*|use|inherit|address|gateway|netmask|metric|hostname|mtu|hwaddress|slaves|bond-.*|vlan-.*|wifi-config-path|bridge-(ports|stp|fd|hello|maxage|ageing|bridgeprio|vlan-aware)|((pre|post)-)?(up|down))$/;
  const commands = hooks.map(({ when, command }) => [when, command.trim()] as const);
  const kept = extra.flatMap((one): Lines => {
    const { key, value, from, family } = one;
    if (
      from === "ifupdown-ng" &&
      family === undefined &&
      /^[a-z][a-z0-9-]*$/.test(key) &&
      !meant.test(key) &&
      isPlainLine(value)
    )
      return [[key, value]];
    if (from === "ifupdown-ng")
      lose(
        `interface/${name}/extra`,
        `${JSON.stringify(key)} is left out: in this place it would be read as something else`,
      );
    else loseForeign(name, one, "ifupdown-ng", lose);
    return [];
  });
  return [
    ...kept,
    ...commands,
    ...(ipv6.acceptRa === undefined ? [] : [["up", advertisementsCommand(ipv6.acceptRa)] as const]),
    ...(ipv4.routes ?? []).map((route) => ["up", routeCommand("inet", route)] as const),
    ...(ipv6.routes ?? []).map((route) => ["up", routeCommand("inet6", route)] as const),
  ];
}

function sayUnsaid({ name, start, optional, match, dns, ipv4, ipv6 }: Interface, host: SayableHost, lose: Lose): void {
  const about = `interface/${name}`;
  if (start === "hotplug")
    lose(
      `${about}/start`,
      "that it is brought up when it appears is left out: ifupdown-ng has no hotplug; an auto line brings it up at boot, if it is there",
      {
        hint: "Have udev or mdev run ifup for it.",
      },
    );
  if (optional === true && !host.masterOf.has(name))
    lose(`${about}/optional`, "that the boot need not wait for it is left out: ifupdown-ng does not wait", {
      severity: "advice",
    });
  const unmatched = matchLoss({ name, ...(match === undefined ? {} : { match }) }, "ifupdown-ng");
  if (unmatched !== undefined)
    lose(`${about}/match`, unmatched.text, { hint: "Fix the name with a rule of udev or mdev, or nameif." });
  if (dns !== undefined && dns.servers.length + dns.search.length > 0)
    lose(`${about}/dns`, "the name servers are left out: ifupdown-ng has nothing to do with them", {
      hint: "Write them into /etc/resolv.conf.",
    });
  if (ipv6.method === "dhcp")
    lose(`${about}/ipv6/method`, "DHCPv6 is left out: the dhcp executor asks for an IPv4 address only", {
      hint: "Have the DHCP client ask for both (dhcpcd does).",
    });
  for (const [family, ip] of [
    ["ipv4", ipv4],
    ["ipv6", ipv6],
  ] as const) {
    const isAsked = ip.method === "dhcp" || ip.method === "auto";
    if (isAsked && ip.metric !== undefined)
      lose(
        `${about}/${family}/metric`,
        `the metric ${ip.metric} of the routes it gets is left out: ifupdown-ng tells the client nothing`,
      );
    for (const field of ["useDns", "useRoutes"] as const)
      if (ip.dhcp?.[field] === false)
        lose(
          `${about}/${family}/dhcp/${field}`,
          "what to leave aside of a DHCP answer is left out: ifupdown-ng tells the client nothing",
        );
  }
  if (ipv4.gateway !== undefined && ipv6.gateway !== undefined && ipv4.metric !== ipv6.metric) {
    lose(
      `${about}/ipv6/routes`,
      "the metric of the IPv6 gateway is IPv4's: there is one for all gateways of an interface",
    );
  }
}
