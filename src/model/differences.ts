import type { Bond } from "./bond.ts";
import type { Config, Interface, IpSettings, Route } from "./config.ts";

/** In what two configurations of a host's network differ in meaning, as keys: "bond/NAME", "bond/NAME/ports",
 *  "bond/NAME/option/OPTION", "bond/NAME/port/PORT/OPTION", "interface/NAME", "interface/NAME/FIELD" and, for the two families,
 *  "interface/NAME/ipv4/FIELD". Sorted, none twice. What has no meaning is no difference: the order of bonds, interfaces and ports,
 *  an interface that a bond or bridge lists and nobody describes, "manual" against nothing said, a gateway against a default route, a port
 *  that is not waited for (the bond is what is waited for), a loopback of which nothing else is said. */
export function differences(one: Config, other: Config): readonly string[] {
  const left = facts(one);
  const right = facts(other);
  const keys = new Set<string>();
  for (const [key, value] of left) if (right.get(key) !== value) keys.add(key);
  for (const key of right.keys()) if (!left.has(key)) keys.add(key);
  return [...keys].filter((key) => !isBelowAny(key, keys)).toSorted();
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

/** Every fact of a configuration by its key, as comparable text. */
function facts(config: Config): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const bond of config.bonds) addBond(found, bond);
  const described = new Map(config.interfaces.map((iface) => [iface.name, iface]));
  const ports = new Set(config.bonds.flatMap((bond) => bond.ports));
  const bridged = config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []);
  const listed = new Set([...config.bonds.map(({ name }) => name), ...ports, ...bridged]);
  for (const [name, iface] of described)
    if (!isPlainLoopback(iface)) addInterface(found, name, ports.has(name) ? withoutOptional(iface) : iface);
  for (const name of listed) if (!described.has(name)) addInterface(found, name, undefined);
  return found;
}

/** Whether it is lo with nothing said of it but what it is anyway: there, and up. */
export function isPlainLoopback({ name, ipv4, ipv6, dns, mtu, mac, hooks, extra }: Interface): boolean {
  const isBare = [ipv4, ipv6].every(
    ({ method, addresses, gateway, routes = [] }) =>
      /^(none|manual|loopback)$/.test(method) && addresses.length + routes.length === 0 && gateway === undefined,
  );
  const more = [dns, mtu, mac].some((one) => one !== undefined) || hooks.length + extra.length > 0;
  return name === "lo" && isBare && !more;
}

/** What the boot waits for is the bond: its ports are never waited for, whether a file says so or not. */
function withoutOptional(iface: Interface): Interface {
  const { optional: _, ...rest } = iface;
  return rest;
}

function addBond(found: Map<string, string>, bond: Bond): void {
  const key = `bond/${bond.name}`;
  found.set(key, "");
  found.set(`${key}/ports`, text(bond.ports.toSorted()));
  for (const [option, value] of Object.entries(bond.options)) found.set(`${key}/option/${option}`, text(value));
  for (const [port, options] of Object.entries(bond.portOptions ?? {}))
    for (const [option, value] of Object.entries(options)) found.set(`${key}/port/${port}/${option}`, text(value));
}

function addInterface(found: Map<string, string>, name: string, iface: Interface | undefined): void {
  const key = `interface/${name}`;
  found.set(key, "");
  found.set(`${key}/start`, iface?.start ?? "boot");
  if (iface === undefined) return;
  const add = (field: string, value: unknown): void => {
    if (value !== undefined) found.set(`${key}/${field}`, text(value));
  };
  for (const [field, value] of Object.entries(iface.match ?? {})) add(`match/${field}`, value);
  if (iface.optional === true) add("optional", true);
  add("mtu", iface.mtu);
  add("mac", iface.mac?.toLowerCase());
  add("dns/servers", listOrNothing(iface.dns?.servers));
  add("dns/search", listOrNothing(iface.dns?.search));
  add("vlan", iface.vlan === undefined ? undefined : [iface.vlan.parent, iface.vlan.id]);
  add("bridge/ports", iface.bridge?.ports.toSorted());
  for (const [setting, value] of Object.entries(iface.bridge?.settings ?? {})) add(`bridge/${setting}`, value);
  addWifi(add, iface.wifi);
  add("hooks", listOrNothing(iface.hooks.map(({ when, command, family }) => [when, command, family ?? null])));
  const extra = iface.extra.map(({ key: word, value, family, from }) => [from ?? null, word, value, family ?? null]);
  add("extra", listOrNothing(extra.map(text).toSorted()));
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
  const routes = routesOf(settings);
  add(`${family}/routes`, listOrNothing(routes.map(text).toSorted()));
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

function text(value: unknown): string {
  return JSON.stringify(value);
}
