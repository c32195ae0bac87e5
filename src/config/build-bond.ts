import { canonicalAddress, parseMac } from "../model/address.ts";
import type { Bond, Wifi } from "../model/bond.ts";
import type { Interface, IpSettings } from "../model/config.ts";
import { type BondOptions, type OptionName, optionNamed, type PortOptions } from "../model/options.ts";
import type { bondShape } from "./bond-shape.ts";
import { type Building, present, remember } from "./building.ts";
import type { Decoded } from "./shape.ts";

type ReadBond = Decoded<typeof bondShape>;
type ReadPort = Exclude<NonNullable<ReadBond["ports"]>[number], string | undefined>;

interface BuiltBond {
  readonly bond: Bond;
  /** The bond's own settings first, then its ports'. */
  readonly interfaces: readonly Interface[];
}

/** The bonds of a file. A single one is called bond0 unless it says otherwise. */
export function buildBonds(read: readonly (ReadBond | undefined)[], building: Building): readonly BuiltBond[] {
  return read.flatMap((bond, index) => (bond === undefined ? [] : [buildBond(bond, `bond/${index}`, building)]));
}

function buildBond(read: ReadBond, path: string, building: Building): BuiltBond {
  const name = read.name ?? "bond0";
  remember(
    building,
    `bond/${name}`,
    read.name === undefined ? path : `${path}/name`,
    read.name === undefined ? "key" : "value",
  );
  remember(
    building,
    `interface/${name}`,
    read.name === undefined ? path : `${path}/name`,
    read.name === undefined ? "key" : "value",
  );
  const ports = (read.ports ?? []).flatMap((port, index) =>
    port === undefined ? [] : buildPort(port, name, `${path}/ports/${index}`, building),
  );
  if (read.ports !== undefined) remember(building, `bond/${name}/ports`, `${path}/ports`, "key");
  const portOptions = Object.fromEntries(
    ports.flatMap((port) => (port.options === undefined ? [] : [[port.interface.name, port.options]])),
  );
  return {
    bond: {
      name,
      ports: ports.map((port) => port.interface.name),
      options: buildOptions(read, name, path, building),
      ...(Object.keys(portOptions).length === 0 ? {} : { portOptions }),
    },
    interfaces: [buildInterface(read, name, path, building), ...ports.map((port) => port.interface)],
  };
}

function buildOptions(read: ReadBond, name: string, path: string, building: Building): BondOptions {
  const found: Partial<Record<OptionName, unknown>> = {};
  const said = [
    ...Object.entries(read).map(([key, value]) => ({ key, value, at: `${path}/${key}` })),
    ...Object.entries(read.options ?? {}).map(([key, value]) => ({ key, value, at: `${path}/options/${key}` })),
  ];
  for (const { key, value, at } of said) {
    const option = key === "name" ? undefined : optionNamed(key);
    if (option === undefined) continue;
    const place = building.places.get(at);
    const first = building.origins.get(`bond/${name}/option/${option}`);
    if (Object.hasOwn(found, option)) {
      building.problems.push({
        code: "option-said-twice",
        severity: "error",
        message: `${name}: ${option} is said twice`,
        hint: "Keep one of the two.",
        ...(place?.key === undefined ? {} : { at: place.key }),
        ...(first === undefined ? {} : { also: [{ at: first, note: "first said here" }] }),
      });
      continue;
    }
    found[option] = value;
    remember(building, `bond/${name}/option/${option}`, at);
  }
  // The decoder has read every value by the table's row of its option.
  return found as BondOptions;
}

function buildPort(
  read: string | ReadPort,
  bond: string,
  path: string,
  building: Building,
): readonly { readonly interface: Interface; readonly options: PortOptions | undefined }[] {
  const port: ReadPort = typeof read === "string" ? { name: read } : read;
  const { name } = port;
  if (name === undefined) return [];
  const namePath = typeof read === "string" ? path : `${path}/name`;
  remember(building, `bond/${bond}/port/${name}`, namePath);
  remember(building, `interface/${name}`, namePath);
  remember(building, `interface/${name}/wifi`, `${path}/wifi`, "key");
  remember(building, `interface/${name}/wifi/psk`, `${path}/wifi/psk`, "key");
  for (const field of ["match", "mtu", "start"])
    remember(building, `interface/${name}/${field}`, `${path}/${field}`, field === "match" ? "key" : "value");
  const match =
    port.match === undefined ? undefined : present({ mac: lowerMac(port.match.mac), path: port.match.path });
  const wifi = buildWifi(port.wifi);
  const built: Interface = {
    name,
    start: startOf(port.start),
    // A port is brought up, and the address is the bond's.
    ipv4: { method: "manual", addresses: [] },
    ipv6: { method: "none", addresses: [] },
    hooks: [],
    extra: [],
    ...present({ match, mtu: port.mtu, wifi }),
  };
  return [{ interface: built, options: port.options === undefined ? undefined : (port.options as PortOptions) }];
}

function startOf(word: string | undefined): Interface["start"] {
  return word === "hotplug" || word === "manual" ? word : "boot";
}

function lowerMac(mac: string | undefined): string | undefined {
  return mac === undefined ? undefined : parseMac(mac);
}

function buildWifi(read: ReadPort["wifi"]): Wifi | undefined {
  if (read?.ssid === undefined) return undefined;
  const settings =
    read.settings === undefined || read.settings.size === 0 ? undefined : Object.fromEntries(read.settings);
  return { ssid: read.ssid, ...present({ psk: read.psk, settings }) };
}

function buildInterface(read: ReadBond, name: string, path: string, building: Building): Interface {
  for (const field of ["address", "gateway", "dns", "mtu", "mac", "dhcp", "ipv6", "routes", "start"]) {
    remember(building, `interface/${name}/${field}`, `${path}/${field}`, field === "routes" ? "key" : "value");
  }
  for (const [index] of (read.address ?? []).entries())
    remember(building, `interface/${name}/address/${index}`, `${path}/address/${index}`);
  for (const [index] of (read.gateway ?? []).entries())
    remember(building, `interface/${name}/gateway/${index}`, `${path}/gateway/${index}`);
  reportLeftOut(read, name, path, building);
  const dns = buildDns(read);
  return {
    name,
    start: startOf(read.start),
    ipv4: ipv4Of(read),
    ipv6: ipv6Of(read),
    hooks: [],
    extra: [],
    ...present({ dns, mtu: read.mtu, mac: lowerMac(read.mac) }),
  };
}

/** What the model has no place for must not vanish in silence. */
function reportLeftOut(read: ReadBond, name: string, path: string, building: Building): void {
  const gateways = said(read.gateway);
  const report = (field: string, message: string, hint: string) => {
    const place = building.places.get(`${path}/${field}`);
    const at = place === undefined ? {} : { at: place.value };
    building.problems.push({ code: "bad-value", severity: "error", message: `${name}: ${message}`, hint, ...at });
  };
  for (const family of [4, 6] as const) {
    if (gateways.filter((gateway) => gateway.includes(":") === (family === 6)).length > 1)
      report(
        "gateway",
        `more than one IPv${family} gateway`,
        "Keep one; ways through other routers belong under uplinks.",
      );
  }
  if (read.metric !== undefined && gateways.length === 0 && read.dhcp !== true && read.ipv6 === undefined)
    report("metric", "a metric needs a default route", "Give gateway too, or remove metric.");
  for (const [index, route] of (read.routes ?? []).entries()) {
    if (route?.to === "default" && route.via === undefined)
      report(`routes/${index}`, "a default route needs via", "Add via: ADDRESS, or use gateway.");
    else if (
      route?.to !== undefined &&
      route.via !== undefined &&
      route.to !== "default" &&
      route.to.includes(":") !== route.via.includes(":")
    )
      report(
        `routes/${index}`,
        "a route and its router are of different families",
        "Give both as IPv4 or both as IPv6.",
      );
  }
}

function buildDns(read: ReadBond): Interface["dns"] {
  const servers = said(read.dns).map(canonical);
  const search = said(read.search);
  return servers.length + search.length === 0 ? undefined : { servers, search };
}

function ipv4Of(read: ReadBond): IpSettings {
  const settings = familySettings(read, 4);
  if (read.dhcp === true) return { ...settings, method: "dhcp" };
  if (settings.addresses.length > 0) return { ...settings, method: "static" };
  // Nothing said of either family: the bond still comes up, without an address.
  return { ...settings, method: read.ipv6 === undefined && said(read.address).length === 0 ? "manual" : "none" };
}

function ipv6Of(read: ReadBond): IpSettings {
  const settings = familySettings(read, 6);
  if (read.ipv6 === "auto" || read.ipv6 === "dhcp") return { ...settings, method: read.ipv6 };
  return { ...settings, method: settings.addresses.length > 0 ? "static" : "none" };
}

function familySettings(read: ReadBond, family: 4 | 6): Omit<IpSettings, "method"> {
  const ofFamily = (text: string) => text.includes(":") === (family === 6);
  const addresses = said(read.address).filter(ofFamily).map(canonicalCidr);
  const gateway = said(read.gateway).filter(ofFamily).map(canonical)[0];
  const routes = said(read.routes).flatMap((route) => {
    const { to, via, metric } = route;
    if (to === undefined || !ofFamily(to === "default" ? (via ?? "") : to)) return [];
    const target = to === "default" ? to : canonicalCidr(to);
    return [{ to: target, ...present({ via: via === undefined ? undefined : canonical(via), metric }) }];
  });
  const bringsRoute = gateway !== undefined || (family === 4 ? read.dhcp === true : read.ipv6 !== undefined);
  const metric = bringsRoute ? read.metric : undefined;
  return { addresses, ...present({ gateway, metric, routes: routes.length === 0 ? undefined : routes }) };
}

function said<T>(items: readonly (T | undefined)[] | undefined): readonly T[] {
  return (items ?? []).filter((item) => item !== undefined);
}

/** One spelling for one address, so that models compare. */
function canonical(address: string): string {
  return canonicalAddress(address) ?? address;
}

function canonicalCidr(cidr: string): string {
  const slash = cidr.indexOf("/");
  return `${canonical(cidr.slice(0, slash))}/${Number(cidr.slice(slash + 1))}`;
}
