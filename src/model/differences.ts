import type { Bond } from "./bond.ts";
import type { Config, Interface, IpSettings, Route } from "./config.ts";
import { optionNames } from "./options.ts";

/** In what two configurations of a host's network differ in meaning, as keys: "bond/NAME", "bond/NAME/ports",
 *  "bond/NAME/option/OPTION", "bond/NAME/port/PORT/OPTION", "interface/NAME", "interface/NAME/FIELD" and, for the two families,
 *  "interface/NAME/ipv4/FIELD". Sorted, none twice. What has no meaning is no difference: the order of bonds, interfaces and ports,
 *  an interface that a bond or bridge lists and nobody describes, "manual" against nothing said, a gateway against a default route, a port
 *  that is not waited for (the bond is what is waited for), a loopback of which nothing else is said. */
export function differences(one: Config, other: Config): readonly string[] {
  const left = facts(one);
  const right = facts(other);
  const keys = new Set<string>();
  for (const [thing, said] of left) addDifferences(keys, thing, said, right.get(thing));
  for (const thing of right.keys()) if (!left.has(thing)) keys.add(thing);
  return [...keys].filter((key) => !isBelowAny(key, keys)).toSorted();
}

/** What is said of one thing: texts, numbers and truth values as they are, everything else as comparable text. */
type Facts = Map<string, unknown>;

function addDifferences(keys: Set<string>, thing: string, one: Facts, other: Facts | undefined): void {
  if (other === undefined) {
    keys.add(thing);
    return;
  }
  for (const [field, value] of one) if (!Object.is(other.get(field), value)) keys.add(`${thing}/${field}`);
  for (const field of other.keys()) if (!one.has(field)) keys.add(`${thing}/${field}`);
}

/** Whether a key names the thing or something in it. */
export function isWithin(key: string, thing: string): boolean {
  return key === thing || key.startsWith(`${thing}/`);
}

/** Where a whole thing differs, its parts need no telling. */
function isBelowAny(key: string, keys: ReadonlySet<string>): boolean {
  for (let at = key.lastIndexOf("/"); at > 0; at = key.lastIndexOf("/", at - 1))
    if (keys.has(key.slice(0, at))) return true;
  return false;
}

/** Every fact of a configuration, by the thing and what is said of it. Keys are put together only where two configurations
 *  differ: most facts are the same, and there are thousands of comparisons a second. */
function facts(config: Config): ReadonlyMap<string, Facts> {
  const found = new Map<string, Facts>();
  for (const bond of config.bonds) addBond(factsOf(found, `bond/${bond.name}`), bond);
  const described = new Map(config.interfaces.map((iface) => [iface.name, iface]));
  const ports = new Set(config.bonds.flatMap((bond) => bond.ports));
  const listed = new Set([...config.bonds.map(({ name }) => name), ...ports]);
  for (const { bridge } of config.interfaces) for (const port of bridge?.ports ?? []) listed.add(port);
  for (const [name, iface] of described)
    if (!isPlainLoopback(iface)) addInterface(factsOf(found, `interface/${name}`), iface, ports.has(name));
  for (const name of listed) if (!described.has(name)) factsOf(found, `interface/${name}`).set("start", "boot");
  return found;
}

/** A bond described twice is one bond: what is said last counts. */
function factsOf(found: Map<string, Facts>, thing: string): Facts {
  const there = found.get(thing);
  if (there !== undefined) return there;
  const facts: Facts = new Map();
  found.set(thing, facts);
  return facts;
}

/** Whether it is lo with nothing said of it but what it is anyway: there, and up. */
export function isPlainLoopback({ name, ipv4, ipv6, dns, mtu, mac, hooks, extra }: Interface): boolean {
  if (name !== "lo") return false;
  const isBare = [ipv4, ipv6].every(
    ({ method, addresses, gateway, routes = [] }) =>
      /^(none|manual|loopback)$/.test(method) && addresses.length + routes.length === 0 && gateway === undefined,
  );
  const more = [dns, mtu, mac].some((one) => one !== undefined) || hooks.length + extra.length > 0;
  return isBare && !more;
}

/* Said of thousands of bonds: put together once. */
const optionKeys: ReadonlyMap<string, string> = new Map(optionNames.map((option) => [option, `option/${option}`]));

function addBond(found: Facts, bond: Bond): void {
  found.set("ports", text(bond.ports.toSorted()));
  for (const [option, value] of Object.entries(bond.options))
    found.set(optionKeys.get(option) ?? `option/${option}`, comparable(value));
  if (bond.portOptions === undefined) return;
  for (const [port, options] of Object.entries(bond.portOptions))
    for (const [option, value] of Object.entries(options)) found.set(`port/${port}/${option}`, comparable(value));
}

function addInterface(found: Facts, iface: Interface, isPort: boolean): void {
  found.set("start", iface.start ?? "boot");
  const add = (field: string, value: unknown): void => {
    if (value !== undefined) found.set(field, comparable(value));
  };
  for (const [field, value] of Object.entries(iface.match ?? {})) add(`match/${field}`, value);
  // What the boot waits for is the bond: its ports are never waited for, whether a file says so or not.
  if (iface.optional === true && !isPort) add("optional", true);
  add("mtu", iface.mtu);
  add("mac", iface.mac?.toLowerCase());
  add("dns/servers", listOrNothing(iface.dns?.servers));
  add("dns/search", listOrNothing(iface.dns?.search));
  add("vlan", iface.vlan === undefined ? undefined : [iface.vlan.parent, iface.vlan.id]);
  add("bridge/ports", iface.bridge?.ports.toSorted());
  for (const [setting, value] of Object.entries(iface.bridge?.settings ?? {})) add(`bridge/${setting}`, value);
  addWifi(add, iface.wifi);
  if (iface.hooks.length > 0)
    add(
      "hooks",
      iface.hooks.map(({ when, command, family }) => [when, command, family ?? null]),
    );
  if (iface.extra.length > 0) {
    const extra = iface.extra.map(({ key: word, value, family, from }) => [from ?? null, word, value, family ?? null]);
    add("extra", extra.map(text).toSorted());
  }
  addFamily(add, "ipv4", iface.ipv4);
  addFamily(add, "ipv6", iface.ipv6);
}

function addWifi(add: (field: string, value: unknown) => void, wifi: Interface["wifi"]): void {
  if (wifi === undefined) return;
  add("wifi/ssid", wifi.ssid);
  if (wifi.psk !== undefined)
    add("wifi/psk", "file" in wifi.psk ? ["file", wifi.psk.file] : ["text", wifi.psk.inline.reveal()]);
  for (const [setting, value] of Object.entries(wifi.settings ?? {})) add(`wifi/settings/${setting}`, value);
}

function addFamily(add: (field: string, value: unknown) => void, family: "ipv4" | "ipv6", settings: IpSettings): void {
  const isStatic = settings.method === "static" && settings.addresses.length === 0;
  const method = isStatic || settings.method === "manual" ? "none" : settings.method;
  if (method !== "none") add(`${family}/method`, method);
  add(`${family}/addresses`, listOrNothing(settings.addresses));
  if (settings.gateway !== undefined || (settings.routes ?? []).length > 0)
    add(`${family}/routes`, routesOf(settings).map(text).toSorted());
  // Without a gateway the metric is for the routes that DHCP or advertisements bring, and for nothing elsewhere.
  if (method === "dhcp" || method === "auto") add(`${family}/metric`, settings.metric);
  add(`${family}/acceptRa`, settings.acceptRa);
  for (const [field, value] of Object.entries(settings.dhcp ?? {}))
    if (value === false) add(`${family}/dhcp/${field}`, value);
}

function routesOf({ gateway, metric, routes = [] }: IpSettings): readonly unknown[] {
  const all: readonly Route[] =
    gateway === undefined
      ? routes
      : [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }, ...routes];
  return all.map(({ to, via, metric: cost, onLink, table, source }) => [
    to === "0.0.0.0/0" || to === "::/0" ? "default" : to,
    via ?? null,
    cost ?? null,
    onLink === true,
    table ?? null,
    source ?? null,
  ]);
}

function listOrNothing<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/** A text, number or truth value can be compared as it is. */
function comparable(value: unknown): unknown {
  return typeof value === "object" ? text(value) : value;
}

function text(value: unknown): string {
  return JSON.stringify(value);
}
