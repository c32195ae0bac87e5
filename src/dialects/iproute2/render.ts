import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type OptionName, optionsIn } from "../../model/options.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { bridgeConsequence, loseForeign } from "../foreign-settings.ts";
import { routeWords } from "../ip-route-words.ts";
import { type Lose, loser, type SayableHost, sayableHost, withoutPlainLoopback } from "../sayable.ts";
import { routeKey } from "./network.ts";
import { bridgeSettings, isNewer, optionWords, spellingOf } from "./spelling.ts";

/** Where the script goes: whoever starts it decides when (a systemd unit, rc.local, a container's entry point). */
export const scriptPath = "/usr/local/sbin/network-up.sh";

const heading = [
  "#!/bin/sh",
  "# Written by Holdfast for ip(8). Run it as root. It may be run again: what is there already is left as it is;",
  "# addresses and routes are set again. To change the options of a bond, delete the bond first.",
  "set -eu",
];

/** Writes one script for a POSIX shell that makes the network with `ip` alone. No value in it needs a quote: names and addresses that
 *  would are left out. Total. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loser("iproute2-cannot-say", losses);
  const host = withoutRings(sayableHost(withoutPlainLoopback(config), { isName, unsayable }, lose), lose);
  for (const iface of host.interfaces) sayUnsaid(iface, lose);
  const byName = new Map(host.interfaces.map((iface) => [iface.name, iface]));
  const bonds = host.bonds.flatMap(({ name }) => byName.get(name) ?? []);
  const bridges = host.interfaces.filter(({ bridge }) => bridge !== undefined);
  const vlans = inOrder(host.interfaces);
  // What a bond is made of comes before it; what lies on it comes when it has its ports and its MAC address.
  const below = vlans.filter((vlan) => isBelow(vlan, host, byName));
  const above = vlans.filter((vlan) => !below.includes(vlan));
  const made = new Set([...host.bonds, ...bridges, ...vlans].map(({ name }) => name));
  const found = host.interfaces.filter(({ name }) => !made.has(name));
  const taken = new Set<string>();
  const addresses = new Map(
    [...found, ...below, ...bonds, ...bridges, ...above].map(
      (iface) => [iface.name, addressLines(iface, host, taken, lose)] as const,
    ),
  );
  // Nothing but what it is by itself can be said of this one.
  const isIdle = (iface: Interface): boolean =>
    iface.name === "lo" && [...linkLines(iface), ...(addresses.get("lo") ?? [])].length === 0;
  const lines = [
    ...found.filter((iface) => !host.masterOf.has(iface.name) && !isIdle(iface)).flatMap(foundLines),
    ...below.flatMap((vlan) => vlanLines(vlan, host.masterOf.has(vlan.name))),
    ...host.bonds.flatMap((bond) => bondLines(bond, byName)),
    ...bridges.flatMap((bridge) => bridgeLines(bridge, lose)),
    ...above.flatMap((vlan) => vlanLines(vlan, false)),
    ...bridges.flatMap((bridge) => bridgePortLines(bridge)),
    ...[...addresses.values()].flat(),
  ];
  return { files: new Map([[scriptPath, `${[...heading, ...lines].join("\n")}\n`]]), losses };
}

/* "all" and "default" are no interfaces under /proc/sys/net/ipv6/conf. */
function isName(name: string): boolean {
  return isInterfaceName(name) && /^\w[\w.@+-]*$/.test(name) && name !== "all" && name !== "default";
}

function unsayable(option: OptionName): string | undefined {
  return option === "active_slave"
    ? "it moves the traffic of the moment and fails before the port has link; primary says which port is preferred"
    : undefined;
}

function sayUnsaid(iface: Interface, lose: Lose): void {
  const about = `interface/${iface.name}`;
  const drop = (field: string, what: string, hint?: string): void =>
    lose(`${about}/${field}`, what, hint === undefined ? {} : { hint });
  for (const field of ["mac", "path", "driver", "pattern"] as const)
    if (iface.match?.[field] !== undefined)
      drop(
        `match/${field}`,
        "how it is recognised is left out: ip goes by names",
        "Give it a fixed name with a .link file.",
      );
  if (iface.start !== "boot")
    drop("start", "when it starts is left out: the script brings up everything when it is run");
  if (iface.optional === true) drop("optional", "that nobody waits for it is left out: a script waits for nothing");
  if (iface.dns !== undefined && iface.dns.servers.length + iface.dns.search.length > 0)
    drop(
      "dns",
      "the name servers are left out: ip doesn't set any",
      "Write them into /etc/resolv.conf, or give them to resolvectl.",
    );
  if (iface.wifi !== undefined)
    drop(
      "wifi",
      "the radio's settings are left out: ip joins no Wi-Fi network, and the port stays without a link",
      `Run wpa_supplicant -B -i ${iface.name} -c FILE before the script.`,
    );
  if (iface.hooks.length > 0)
    drop("hooks", "its commands are left out: they were written for another program's moments and variables");
  for (const extra of iface.extra) loseForeign(iface.name, extra, "ip", lose);
  for (const family of ["ipv4", "ipv6"] as const) {
    const { method, metric, dhcp } = iface[family];
    const six = family === "ipv6" ? "-6" : "-4";
    if (method === "dhcp")
      drop(
        `${family}/method`,
        `DHCP${six === "-6" ? "v6" : ""} is left out: ip asks nobody for an address`,
        `Run a client when the script is done, such as dhclient ${six} ${iface.name}.`,
      );
    if ((method === "dhcp" || method === "auto") && metric !== undefined)
      drop(`${family}/metric`, "the metric of the routes it learns is left out: ip sets those of its own routes only");
    if (dhcp !== undefined) drop(`${family}/dhcp`, "what is taken of a DHCP answer is left out: ip asks for none");
  }
}

/** A bond with its options in one message, as the kernel wants them: before it is up and before a port is in. */
function bondLines(bond: Bond, byName: ReadonlyMap<string, Interface>): readonly string[] {
  const { name, ports, options } = bond;
  const said = optionsIn(options);
  const first = said.filter((option) => spellingOf(option).afterPorts !== true && !isNewer(option, options[option]));
  const newer = said.filter((option) => isNewer(option, options[option]));
  const last = said.filter((option) => spellingOf(option).afterPorts === true);
  const words = first.map((option) => ` ${optionWords(option, options[option])}`).join("");
  const set = `ip link set dev ${name} type bond`;
  const own = byName.get(name);
  return [
    "",
    `[ -e /sys/class/net/${name} ] || ip link add name ${name} type bond${words}`,
    ...newer.map((option) =>
      unlessJoined(bond, `${set} ${optionWords(option, options[option])} || ${notKnown(name, option)}`),
    ),
    ...(own === undefined ? [] : linkLines(own)),
    ...ports.flatMap((port) => joinLines(bond, port, byName.get(port))),
    ...last.map((option) => `${set} ${optionWords(option, options[option])}`),
    `ip link set dev ${name} up`,
  ];
}

/** Options that need the bond down are not tried again when the script is run again. */
function unlessJoined({ name, ports }: Bond, command: string): string {
  return ports[0] === undefined ? command : `[ -e /sys/class/net/${name}/lower_${ports[0]} ] || ${command}`;
}

function notKnown(name: string, option: string): string {
  return `echo "${name}: this ip or kernel cannot set ${option}" >&2`;
}

/** A port must be down to join, and an address that is on it would stay and draw its subnet's traffic past the bond. */
function joinLines({ name, portOptions }: Bond, port: string, own: Interface | undefined): readonly string[] {
  const unless = `[ -e /sys/class/net/${name}/lower_${port} ] ||`;
  const options = Object.entries(portOptions?.[port] ?? {}).map(([option, value]) => {
    const set = `ip link set dev ${port} type bond_slave ${optionWords(option as OptionName, value)}`;
    return isNewer(option as OptionName, value) ? `${set} || ${notKnown(port, option)}` : set;
  });
  return [
    `${unless} ip address flush dev ${port}`,
    `${unless} ip link set dev ${port} down`,
    ...(own?.mac === undefined ? [] : [`${unless} ip link set dev ${port} address ${own.mac}`]),
    `${unless} ip link set dev ${port} master ${name}`,
    ...(own?.mtu === undefined ? [] : [`ip link set dev ${port} mtu ${own.mtu}`]),
    ...options,
  ];
}

function linkLines({ name, mac, mtu }: Interface): readonly string[] {
  return [
    ...(mac === undefined ? [] : [`ip link set dev ${name} address ${mac}`]),
    ...(mtu === undefined ? [] : [`ip link set dev ${name} mtu ${mtu}`]),
  ];
}

function bridgeLines(iface: Interface, lose: Lose): readonly string[] {
  const { name, bridge } = iface;
  const words = Object.entries(bridge?.settings ?? {})
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([setting, value]) => {
      const unit = bridgeSettings.get(setting);
      if (unit !== undefined && /^\d{1,6}$/.test(value))
        return [` ${setting} ${unit === "hundredths" ? Number(value) * 100 : Number(value)}`];
      lose(
        `interface/${name}/bridge/${setting}`,
        `the bridge's ${JSON.stringify(setting)} is left out: Holdfast knows no word of ip's for it${bridgeConsequence(setting, value)}`,
      );
      return [];
    })
    .join("");
  return [
    "",
    `[ -e /sys/class/net/${name} ] || ip link add name ${name} type bridge${words}`,
    ...linkLines(iface),
    `ip link set dev ${name} up`,
  ];
}

function bridgePortLines({ name, bridge }: Interface): readonly string[] {
  return (bridge?.ports ?? []).map(
    (port) => `[ -e /sys/class/net/${name}/brif/${port} ] || ip link set dev ${port} master ${name}`,
  );
}

function foundLines(iface: Interface): readonly string[] {
  return ["", ...linkLines(iface), `ip link set dev ${iface.name} up`];
}

/** A VLAN that goes into a bond is left down: it could not join otherwise. */
function vlanLines(iface: Interface, isPort: boolean): readonly string[] {
  const { name, vlan } = iface;
  if (vlan === undefined) return [];
  const add = `[ -e /sys/class/net/${name} ] || ip link add link ${vlan.parent} name ${name} type vlan id ${vlan.id}`;
  return isPort ? ["", add] : ["", add, ...linkLines(iface), `ip link set dev ${name} up`];
}

/** Whether a VLAN stands on hardware, other VLANs between, and on no bond or bridge. */
function isBelow(vlan: Interface, host: SayableHost, byName: ReadonlyMap<string, Interface>): boolean {
  const bonds = new Set(host.bonds.map(({ name }) => name));
  for (let at: Interface | undefined = vlan; at !== undefined; at = byName.get(at.vlan?.parent ?? "")) {
    if (at.bridge !== undefined || bonds.has(at.name)) return false;
  }
  return true;
}

/** The host without VLANs that are their own parents over others: no order of commands makes them. */
function withoutRings(host: SayableHost, lose: Lose): SayableHost {
  const sorted = new Set(inOrder(host.interfaces));
  const lost = new Set(
    host.interfaces.filter((iface) => iface.vlan !== undefined && !sorted.has(iface)).map(({ name }) => name),
  );
  if (lost.size === 0) return host;
  for (const name of lost) lose(`interface/${name}`, "the VLAN is left out: over others it is its own parent");
  for (const { name, ports } of host.bonds)
    if (ports.some((port) => lost.has(port)))
      lose(`bond/${name}`, "a port is left out: it is a VLAN that cannot be made");
  const bonds = host.bonds.map((bond) => ({ ...bond, ports: bond.ports.filter((port) => !lost.has(port)) }));
  return { ...host, bonds, interfaces: host.interfaces.filter(({ name }) => !lost.has(name)) };
}

/** VLANs, each behind its parent. Those in a ring are left out. */
function inOrder(interfaces: readonly Interface[]): readonly Interface[] {
  const sorted: Interface[] = [];
  let left = interfaces.filter(({ vlan }) => vlan !== undefined);
  while (left.length > 0) {
    const names = new Set(left.map(({ name }) => name));
    const ready = left.filter(({ vlan }) => !names.has(vlan?.parent ?? ""));
    if (ready.length === 0) break;
    sorted.push(...ready);
    const done = new Set(ready);
    left = left.filter((vlan) => !done.has(vlan));
  }
  return sorted;
}

/** Addresses, router advertisements and routes: last, when every link is there and up. */
function addressLines(iface: Interface, host: SayableHost, taken: Set<string>, lose: Lose): readonly string[] {
  const { name, ipv4, ipv6 } = iface;
  if (host.masterOf.has(name) || host.bridgeOf.has(name)) return [];
  const conf = `/proc/sys/net/ipv6/conf/${name}`;
  const lines = [
    ...(ipv6.method === "auto" ? [`echo 1 > ${conf}/autoconf`] : []),
    ...(ipv6.acceptRa === undefined ? [] : [`echo ${ipv6.acceptRa ? 1 : 0} > ${conf}/accept_ra`]),
    ...[...ipv4.addresses, ...ipv6.addresses].map((address) => `ip address replace ${address} dev ${name}`),
    ...(["ipv4", "ipv6"] as const).flatMap((family) => routeLines(iface, family, taken, lose)),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

/** The kernel keeps one route for each destination, metric and table, whatever the interface: a second would take the first's place. */
function routeLines(iface: Interface, family: "ipv4" | "ipv6", taken: Set<string>, lose: Lose): readonly string[] {
  const { gateway, metric, routes = [] } = iface[family];
  const first =
    gateway === undefined ? [] : [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }];
  return [...first, ...routes].flatMap((route) => {
    const key = routeKey(family, route);
    if (taken.has(key)) {
      lose(
        `interface/${iface.name}/${family}/routes`,
        `its route to ${route.to} is left out: another interface has one with the same metric, and this one would take its place`,
        {
          hint: "Give one of the two a higher metric.",
        },
      );
      return [];
    }
    taken.add(key);
    const [to = "", ...rest] = routeWords(route);
    const isHop = rest[0] === "via";
    const [via, more] = isHop ? [rest.slice(0, 2), rest.slice(2)] : [[], rest];
    return [
      [family === "ipv4" ? "ip route" : "ip -6 route", "replace", to, ...via, "dev", iface.name, ...more].join(" "),
    ];
  });
}
