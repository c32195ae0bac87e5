import type { Bond } from "./bond.ts";
import type { Config, Interface, IpSettings, Route } from "./config.ts";
import { isSame, recordDifferences } from "./same.ts";

/** In what two configurations of a host's network differ in meaning, as keys: "bond/NAME", "bond/NAME/ports",
 *  "bond/NAME/option/OPTION", "bond/NAME/port/PORT/OPTION", "interface/NAME", "interface/NAME/FIELD" and, for the two families,
 *  "interface/NAME/ipv4/FIELD". Sorted, none twice; where a whole thing is missing, its parts are not told. What has no meaning is no
 *  difference: the order of bonds, interfaces and ports,
 *  an interface that a bond or bridge lists and nobody describes, "manual" against nothing said, a gateway against a default route, a port
 *  that is not waited for (the bond is what is waited for), a loopback of which nothing else is said. */
export function differences(one: Config, other: Config): readonly string[] {
  const keys = new Set<string>();
  const bonds = [bondsOf(one), bondsOf(other)] as const;
  const interfaces = [interfacesOf(one), interfacesOf(other)] as const;
  comparePairs(keys, "bond", bonds, bondDifferences);
  comparePairs(keys, "interface", interfaces, interfaceDifferences);
  return keys.size < 2 ? [...keys] : [...keys].toSorted();
}

/** Tells a field that differs. */
type Tell = (field: string) => void;

function comparePairs<T>(
  keys: Set<string>,
  kind: "bond" | "interface",
  [left, right]: readonly [ReadonlyMap<string, T>, ReadonlyMap<string, T>],
  compare: (one: T, other: T, tell: Tell) => void,
): void {
  for (const [name, thing] of left) {
    const there = right.get(name);
    if (there === undefined) keys.add(`${kind}/${name}`);
    else compare(thing, there, (field) => keys.add(`${kind}/${name}/${field}`));
  }
  for (const name of right.keys()) if (!left.has(name)) keys.add(`${kind}/${name}`);
}

/** Whether a key names the thing or something in it. */
export function isWithin(key: string, thing: string): boolean {
  return key === thing || key.startsWith(`${thing}/`);
}

/** A bond described twice is one bond: what is said last counts. */
function bondsOf({ bonds }: Config): ReadonlyMap<string, Bond> {
  const found = new Map<string, Bond>();
  for (const bond of bonds) {
    const before = found.get(bond.name);
    found.set(bond.name, before === undefined ? bond : together(before, bond));
  }
  return found;
}

function together(one: Bond, other: Bond): Bond {
  const portOptions = { ...one.portOptions };
  for (const [port, options] of Object.entries(other.portOptions ?? {}))
    portOptions[port] = { ...portOptions[port], ...options };
  return { ...other, options: { ...one.options, ...other.options }, portOptions };
}

function bondDifferences(one: Bond, other: Bond, tell: Tell): void {
  if (!isSame(one.ports, other.ports) && !isSame(one.ports.toSorted(), other.ports.toSorted())) tell("ports");
  recordDifferences(one.options, other.options, (option) => tell(`option/${option}`));
  if (isSame(one.portOptions, other.portOptions)) return;
  const ports = new Set([...Object.keys(one.portOptions ?? {}), ...Object.keys(other.portOptions ?? {})]);
  for (const port of ports)
    recordDifferences(one.portOptions?.[port], other.portOptions?.[port], (option) => tell(`port/${port}/${option}`));
}

/** An interface, and whether it is a port: what the boot waits for is the bond, whatever is said of its ports. */
interface Described {
  readonly iface: Interface;
  readonly isPort: boolean;
}

/** Every interface of a configuration: those that are described, and those that only others list. */
function interfacesOf(config: Config): ReadonlyMap<string, Described> {
  const ports = new Set(config.bonds.flatMap((bond) => bond.ports));
  const found = new Map<string, Described>();
  for (const iface of config.interfaces) found.set(iface.name, { iface, isPort: ports.has(iface.name) });
  const bridged = config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []);
  for (const name of [...config.bonds.map((bond) => bond.name), ...ports, ...bridged])
    if (!found.has(name)) found.set(name, { iface: listed, isPort: ports.has(name) });
  const lo = found.get("lo");
  if (lo !== undefined && isPlainLoopback(lo.iface)) found.delete("lo");
  return found;
}

const nothing: IpSettings = { method: "none", addresses: [] };

/** What is said of an interface that nobody describes. */
const listed: Interface = { name: "", start: "boot", ipv4: nothing, ipv6: nothing, hooks: [], extra: [] };

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

function interfaceDifferences(
  { iface: one, isPort }: Described,
  { iface: other, isPort: isPortThere }: Described,
  tell: Tell,
): void {
  if ((one.start ?? "boot") !== (other.start ?? "boot")) tell("start");
  if ((one.optional === true && !isPort) !== (other.optional === true && !isPortThere)) tell("optional");
  if (one.mtu !== other.mtu) tell("mtu");
  if (one.mac?.toLowerCase() !== other.mac?.toLowerCase()) tell("mac");
  if (one.dns !== undefined || other.dns !== undefined)
    for (const field of ["servers", "search"] as const)
      if (!isSame(one.dns?.[field] ?? [], other.dns?.[field] ?? [])) tell(`dns/${field}`);
  if (one.match !== undefined || other.match !== undefined)
    recordDifferences(one.match, other.match, (field) => tell(`match/${field}`));
  if (!isSame(one.vlan, other.vlan)) tell("vlan");
  if (one.bridge !== undefined || other.bridge !== undefined) {
    if (!isSame(one.bridge?.ports.toSorted(), other.bridge?.ports.toSorted())) tell("bridge/ports");
    recordDifferences(one.bridge?.settings, other.bridge?.settings, (setting) => tell(`bridge/${setting}`));
  }
  if (one.wifi !== undefined || other.wifi !== undefined) wifiDifferences(one.wifi, other.wifi, tell);
  if (!isSame(one.hooks, other.hooks)) tell("hooks");
  if (!isSame(one.extra, other.extra) && !isSame(extraTexts(one), extraTexts(other))) tell("extra");
  familyDifferences(one.ipv4, other.ipv4, (field) => tell(`ipv4/${field}`));
  familyDifferences(one.ipv6, other.ipv6, (field) => tell(`ipv6/${field}`));
}

function extraTexts({ extra }: Interface): readonly string[] {
  return extra.map(({ key, value, family, from }) => text([from ?? null, key, value, family ?? null])).toSorted();
}

function wifiDifferences(one: Interface["wifi"], other: Interface["wifi"], tell: Tell): void {
  if (one?.ssid !== other?.ssid) tell("wifi/ssid");
  if (keyText(one) !== keyText(other)) tell("wifi/psk");
  recordDifferences(one?.settings, other?.settings, (setting) => tell(`wifi/settings/${setting}`));
}

function keyText(wifi: Interface["wifi"]): string | undefined {
  if (wifi?.psk === undefined) return undefined;
  return "file" in wifi.psk ? `file ${wifi.psk.file}` : `text ${wifi.psk.inline.reveal()}`;
}

function familyDifferences(one: IpSettings, other: IpSettings, tell: Tell): void {
  if (isSame(one, other)) return;
  if (methodOf(one) !== methodOf(other)) tell("method");
  if (!isSame(one.addresses, other.addresses)) tell("addresses");
  if (!isSame(one.gateway, other.gateway) || one.metric !== other.metric || !isSame(one.routes, other.routes))
    if (!isSame(routesOf(one), routesOf(other))) tell("routes");
  if (metricOf(one) !== metricOf(other)) tell("metric");
  if (one.acceptRa !== other.acceptRa) tell("acceptRa");
  for (const field of ["useDns", "useRoutes"] as const)
    if ((one.dhcp?.[field] === false) !== (other.dhcp?.[field] === false)) tell(`dhcp/${field}`);
}

/** "manual" says nothing, and neither does "static" without an address. */
function methodOf({ method, addresses }: IpSettings): IpSettings["method"] {
  return method === "manual" || (method === "static" && addresses.length === 0) ? "none" : method;
}

/** Without a gateway the metric is for the routes that DHCP or advertisements bring, and for nothing elsewhere. */
function metricOf(settings: IpSettings): number | undefined {
  return settings.method === "dhcp" || settings.method === "auto" ? settings.metric : undefined;
}

/** As comparable texts, in one order. */
function routesOf({ gateway, metric, routes = [] }: IpSettings): readonly string[] {
  const all: readonly Route[] =
    gateway === undefined
      ? routes
      : [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }, ...routes];
  return all.map(routeText).toSorted();
}

function routeText({ to, via, metric, onLink, table, source }: Route): string {
  const target = to === "0.0.0.0/0" || to === "::/0" ? "default" : to;
  // No address holds a NUL, so the parts stay apart.
  return `${target}\0${via ?? ""}\0${metric ?? ""}\0${onLink === true}\0${table ?? ""}\0${source ?? ""}`;
}

function text(value: unknown): string {
  return JSON.stringify(value);
}
