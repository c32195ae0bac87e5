import type { Severity } from "../../diagnostic/diagnostic.ts";
import { parseMac } from "../../model/address.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { withoutAliases } from "../aliases.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { bridgeConsequence, loseForeign } from "../foreign-settings.ts";
import { isCanonicalAddress } from "../netmask.ts";
import type { Lose as SharedLose } from "../sayable.ts";
import { bridgeWords, mayBeWritten } from "./read-interface.ts";
import { ourName } from "./read-ip.ts";
import { holderOfDns } from "./read-routes.ts";
import { bondValue } from "./render-bond.ts";
import { dataOf, familyOf, isFamilyExtra, routesOf } from "./render-ip.ts";
import { type Value, yamlLines } from "./yaml-lines.ts";

/** Reports that something can't be said: what, in the words of model/differences.ts, and what follows from it. */
export type Lose = (about: string, message: string, severity?: Severity, hint?: string) => void;

/** Where nmstate.service looks at boot. */
const path = "/etc/nmstate/holdfast.yml";

/** Writes one state with every interface. What nothing is said of is left out, so that it stays as it is on the host. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose: Lose = (about, message, severity = "warning", hint = undefined) =>
    losses.push({
      code: "nmstate-cannot-say",
      severity,
      message,
      about,
      ...(hint === undefined ? {} : { hint }),
    });
  const bonds = usableBonds(config, lose);
  const interfaces = usableInterfaces(config, bonds, lose);
  const owners = new Map<string, string>();
  const values = interfaces.map((iface) => interfaceValue(iface, bonds.get(iface.name), owners, lose));
  const state: Value = {
    interfaces: values,
    ...section("routes", routesFor(interfaces, lose)),
    ...section("dns-resolver", dnsFor(interfaces, lose)),
  };
  const lines = ["# Written by Holdfast. Apply with: nmstatectl apply", "---", ...yamlLines(state, 0)];
  return { files: new Map([[path, `${lines.join("\n")}\n`]]), losses };
}

function section(key: string, config: Value | undefined): { readonly [key: string]: Value } {
  return config === undefined ? {} : { [key]: { config } };
}

function isUsable(name: string): boolean {
  return isInterfaceName(name) && !/\p{C}|\{\{/u.test(name);
}

function usableBonds(config: Config, lose: Lose): ReadonlyMap<string, Bond> {
  const bonds = new Map<string, Bond>();
  for (const bond of config.bonds) {
    if (!isUsable(bond.name)) lose(`bond/${bond.name}`, "a bond is left out: what it is called is no interface's name");
    else if (!bonds.has(bond.name)) bonds.set(bond.name, bond);
  }
  return bonds;
}

/** Interfaces that are described, and bonds of which nothing else is said. Ports that nobody describes need no entry. */
function usableInterfaces(config: Config, bonds: ReadonlyMap<string, Bond>, lose: Lose): readonly Interface[] {
  const found = new Map<string, Interface>();
  const all = withoutAliases(config.interfaces, ({ name, about, message, severity }) =>
    lose(about, `${name}: ${message}`, severity),
  );
  for (const iface of all) {
    const about = `interface/${iface.name}`;
    if (!isUsable(iface.name)) lose(about, "an interface is left out: what it is called is no interface's name");
    else if (iface.wifi !== undefined && !bonds.has(iface.name)) loseRadio(iface.name, lose);
    else if (iface.name === "lo") lose(about, "lo: it comes up by itself, and is left out", "advice");
    else if (found.has(iface.name)) lose(about, `${iface.name}: it is described twice; the first is written`);
    else if (!bonds.has(iface.name) && iface.vlan !== undefined && !isVlan(iface))
      lose(about, `${iface.name}: the VLAN is left out: its tag or its parent is none`);
    else found.set(iface.name, iface);
  }
  const none = { method: "none", addresses: [] } as const;
  for (const name of bonds.keys())
    if (!found.has(name)) found.set(name, { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] });
  return [...found.values()];
}

/** nmstate has no type for a radio and refuses one that is called an Ethernet card: a bond may name it, and that is all. */
function loseRadio(name: string, lose: Lose): void {
  lose(
    `interface/${name}`,
    `${name}: nmstate knows no Wi-Fi, so nothing is said of it; the radio never joins its network unless a profile of NetworkManager's says how`,
  );
}

function isVlan({ vlan, bridge }: Interface): boolean {
  return (
    vlan !== undefined &&
    bridge === undefined &&
    isUsable(vlan.parent) &&
    Number.isInteger(vlan.id) &&
    vlan.id >= 0 &&
    vlan.id <= 4094
  );
}

function interfaceValue(iface: Interface, bond: Bond | undefined, owners: Map<string, string>, lose: Lose): Value {
  const { name } = iface;
  const kind =
    bond !== undefined
      ? "bond"
      : iface.bridge !== undefined
        ? "bridge"
        : iface.vlan !== undefined
          ? "vlan"
          : "ethernet";
  losePlainThings(iface, kind, lose);
  return {
    name,
    type: kind === "bridge" ? "linux-bridge" : kind,
    state: iface.start === "manual" ? "down" : "up",
    ...recognition(iface, kind, lose),
    mtu: mtuOf(iface, lose),
    "link-aggregation":
      bond === undefined
        ? undefined
        : bondValue(bond, ownPorts(bond.ports, name, `bond/${name}/ports`, owners, lose), lose),
    vlan:
      kind === "vlan" && iface.vlan !== undefined ? { "base-iface": iface.vlan.parent, id: iface.vlan.id } : undefined,
    bridge: kind === "bridge" ? bridgeValue(iface, owners, lose) : undefined,
    ipv4: familyOf(iface, "ipv4", lose),
    ipv6: familyOf(iface, "ipv6", lose),
    ...extrasOf(iface, lose),
  };
}

/** The ports that nobody else has. */
function ownPorts(
  ports: readonly string[],
  name: string,
  about: string,
  owners: Map<string, string>,
  lose: Lose,
): readonly string[] {
  return ports.filter((port) => {
    const owner = owners.get(port);
    const isFree = isUsable(port) && port !== name && owner === undefined;
    if (isFree) owners.set(port, name);
    else if (owner !== name)
      lose(
        about,
        `${name}: the port ${JSON.stringify(port.slice(0, 40))} is left out: it has another controller, or is no interface`,
      );
    return isFree;
  });
}

function recognition(iface: Interface, kind: string, lose: Lose): { readonly [key: string]: Value } {
  const { name, match, mac } = iface;
  const about = `interface/${name}`;
  const own = mac === undefined ? undefined : parseMac(mac);
  if (mac !== undefined && own === undefined) lose(`${about}/mac`, `${name}: the MAC address to set is none`);
  const recognised = kind === "ethernet" ? match?.mac : undefined;
  const slot =
    kind === "ethernet" && recognised === undefined
      ? /^pci-([\da-f:.]{7,16})$/.exec(match?.path ?? "")?.[1]
      : undefined;
  for (const what of Object.keys(match ?? {}))
    if (!(what === "mac" && parseMac(recognised ?? "") !== undefined) && !(what === "path" && slot !== undefined))
      lose(
        `${about}/match/${what}`,
        `${name}: nmstate recognises an interface by its name, its MAC address or its PCI slot only`,
      );
  const read = parseMac(recognised ?? "");
  if (read !== undefined) {
    if (own !== undefined) lose(`${about}/mac`, `${name}: it is recognised by its MAC address, so no other can be set`);
    return { identifier: "mac-address", "mac-address": read };
  }
  return {
    ...(slot === undefined ? {} : { identifier: "pci-address", "pci-address": slot }),
    ...(own === undefined ? {} : { "mac-address": own }),
  };
}

function mtuOf({ name, mtu }: Interface, lose: Lose): number | undefined {
  if (mtu === undefined || (Number.isInteger(mtu) && mtu > 0 && mtu <= 2_147_483_647)) return mtu;
  lose(`interface/${name}/mtu`, `${name}: the MTU is none`);
  return undefined;
}

function bridgeValue(iface: Interface, owners: Map<string, string>, lose: Lose): Value {
  const { ports = [], settings = {} } = iface.bridge ?? {};
  const options: Record<string, Value> = {};
  const stp: Record<string, Value> = {};
  for (const [setting, value] of Object.entries(settings)) {
    const word = Object.entries(bridgeWords).find(([name]) => name === setting)?.[1];
    const isSaid = word?.isFlag === true ? /^[01]$/.test(value) : /^(?:0|[1-9]\d{0,8})$/.test(value);
    if (word === undefined || !isSaid)
      lose(
        `interface/${iface.name}/bridge/${setting}`,
        `${iface.name}: the bridge's ${JSON.stringify(setting.slice(0, 40))} is left out: nmstate has no word for it, or not for that value${bridgeConsequence(setting, value)}`,
      );
    else (word.isStp ? stp : options)[word.key] = word.isFlag ? value === "1" : Number(value);
  }
  const all = { ...options, ...(Object.keys(stp).length === 0 ? {} : { stp }) };
  const own = ownPorts(ports, iface.name, `interface/${iface.name}/bridge/ports`, owners, lose);
  return { options: Object.keys(all).length === 0 ? undefined : all, port: own.map((name) => ({ name })) };
}

function extrasOf(iface: Interface, lose: Lose): { readonly [key: string]: Value } {
  const found: [string, Value][] = [];
  for (const extra of iface.extra) {
    const { key, value, from } = extra;
    const isOurs = from === ourName && dataOf(value) !== undefined;
    const isElsewhere = isFamilyExtra(key, "ipv4") || isFamilyExtra(key, "ipv6") || isOff(iface, key, value);
    const data = dataOf(value);
    if (isOurs && mayBeWritten(key) && data !== undefined) found.push([key, data]);
    else if (!isOurs || !isElsewhere) loseExtra(iface.name, extra, lose);
  }
  return Object.fromEntries(found);
}

function loseExtra(name: string, extra: Interface["extra"][number], lose: Lose): void {
  const say: SharedLose = (about, text, more) => lose(about, `${name}: ${text}`, more?.severity, more?.hint);
  loseForeign(name, extra, "nmstate", say, ourName);
}

function isOff({ ipv6 }: Interface, key: string, value: string): boolean {
  const isBare = (ipv6.method === "manual" || ipv6.method === "none") && ipv6.addresses.length === 0;
  return key === "ipv6.enabled" && value === "false" && isBare && ipv6.acceptRa === false;
}

function losePlainThings(iface: Interface, kind: string, lose: Lose): void {
  const { name } = iface;
  const about = `interface/${name}`;
  if (iface.start === "hotplug")
    lose(`${about}/start`, `${name}: it is brought up at boot too, and whenever it appears`, "advice");
  if (iface.optional === true)
    lose(`${about}/optional`, `${name}: the boot waits while it is being brought up`, "advice");
  if (iface.hooks.length > 0) lose(`${about}/hooks`, `${name}: its commands are left out: a state runs none`);
  if (iface.wifi !== undefined) lose(`${about}/wifi`, `${name}: it is a bond; the Wi-Fi network is left out`);
  if (iface.vlan !== undefined && kind !== "vlan") lose(`${about}/vlan`, `${name}: it is no VLAN; the tag is left out`);
  if (iface.bridge !== undefined && kind !== "bridge")
    lose(`${about}/bridge`, `${name}: it is a bond; the bridge is left out`);
}

function routesFor(interfaces: readonly Interface[], lose: Lose): Value | undefined {
  const routes = interfaces.flatMap((iface) => routesOf(iface, lose));
  return routes.length === 0 ? undefined : routes;
}

/** Name servers are the host's, not an interface's: read back, they are found on the interface that leads out. */
function dnsFor(interfaces: readonly Interface[], lose: Lose): Value | undefined {
  const servers: string[] = [];
  const search: string[] = [];
  const speakers = interfaces.filter(({ dns }) => (dns?.servers.length ?? 0) + (dns?.search.length ?? 0) > 0);
  for (const { name, dns } of speakers) {
    const own = new Set(
      (dns?.servers ?? []).filter((server) => isCanonicalAddress(server, server.includes(":") ? "ipv6" : "ipv4")),
    );
    const domains = new Set((dns?.search ?? []).filter((domain) => /^[\w.-]+$/.test(domain)));
    if (own.size < (dns?.servers.length ?? 0))
      lose(`interface/${name}/dns/servers`, `${name}: what is no name server is left out`);
    if (domains.size < (dns?.search.length ?? 0))
      lose(`interface/${name}/dns/search`, `${name}: what is no domain is left out`);
    servers.push(...own);
    search.push(...domains);
  }
  if (servers.length + search.length === 0) return undefined;
  const holder = holderOfDns(interfaces) ?? interfaces[0];
  if (speakers.length > 1 || speakers[0] !== holder) {
    const message = "name servers are the whole host's here, and no interface's";
    for (const { name } of speakers) lose(`interface/${name}/dns`, `${name}: ${message}`, "advice");
    if (holder !== undefined) lose(`interface/${holder.name}/dns`, `${holder.name}: ${message}`, "advice");
  }
  return { server: [...new Set(servers)], search: search.length === 0 ? undefined : [...new Set(search)] };
}
