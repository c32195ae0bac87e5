import type { FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { emptyConfig, type Interface, type IpSettings } from "../../model/config.ts";
import type { PortOptions } from "../../model/options.ts";
import type { Parsed } from "../dialect.ts";
import { withoutRivals } from "./claims.ts";
import { type Device, devicesOf, resolver } from "./devices.ts";
import { readExtras } from "./extras.ts";
import { readBondOptions, readPortOptions } from "./read-bond.ts";
import { readIp } from "./read-ip.ts";
import { readBridge, readLink, readVlanId, readWifi } from "./read-link.ts";
import { newReading, type Reading, readProfiles } from "./read-profile.ts";
import { entryOf, textAt } from "./value.ts";

interface Building {
  readonly reading: Reading;
  readonly origins: Map<string, Span>;
  /** Ports by the name of their bond or bridge. */
  readonly ports: ReadonlyMap<string, readonly Device[]>;
  readonly resolve: (word: string) => string;
}

const nothing: IpSettings = { method: "none", addresses: [] };

/** Reads keyfiles with the meaning NetworkManager gives them. */
export function parse(files: FileSet): Parsed {
  const reading = newReading();
  const devices = withoutRivals(devicesOf(readProfiles(profilesAmong(files), reading), reading), reading);
  const building: Building = { reading, origins: new Map(), ports: portsOf(devices), resolve: resolver(devices) };
  const interfaces = devices.map((device) => interfaceFrom(building, device));
  const bonds = devices.filter(({ profile }) => profile.kind === "bond").map((device) => bondFrom(building, device));
  return { config: { ...emptyConfig, bonds, interfaces }, origins: building.origins, diagnostics: reading.diagnostics };
}

function portsOf(devices: readonly Device[]): ReadonlyMap<string, readonly Device[]> {
  const ports = new Map<string, Device[]>();
  for (const device of devices) {
    if (device.controller === undefined) continue;
    const others = ports.get(device.controller.name);
    if (others === undefined) ports.set(device.controller.name, [device]);
    else others.push(device);
  }
  return ports;
}

function bondFrom(building: Building, { profile, name }: Device): Bond {
  const { reading, origins } = building;
  const { options, places } = readBondOptions(profile, reading);
  origins.set(`bond/${name}`, profile.at);
  for (const [option, at] of places)
    if (options[option] !== undefined) origins.set(`bond/${name}/option/${option}`, at);
  const ports = building.ports.get(name) ?? [];
  const portOptions: Record<string, PortOptions> = {};
  for (const port of ports) {
    origins.set(`bond/${name}/port/${port.name}`, port.profile.at);
    const said = readPortOptions(port.profile, reading).options;
    if (Object.keys(said).length > 0) portOptions[port.name] = said;
  }
  tellIdlePorts(building, name, profile, ports);
  return {
    name,
    ports: ports.map((port) => port.name),
    options,
    ...(Object.keys(portOptions).length === 0 ? {} : { portOptions }),
  };
}

/** A port that neither starts by itself nor is brought up by its bond stays out. */
function tellIdlePorts(building: Building, name: string, profile: Device["profile"], ports: readonly Device[]): void {
  const idle = ports.filter((port) => !port.autoconnect && !port.isPulled);
  for (const port of idle)
    building.reading.diagnostics.push({
      code: "networkmanager-port-stays-out",
      severity: "warning",
      message: `${port.name}: it has autoconnect=false and ${name} doesn't bring up its ports, so it stays out of the bond`,
      hint: "Set autoconnect=true in the port's profile, or autoconnect-slaves=1 in the bond's.",
      at: entryOf(port.profile, "connection", "autoconnect")?.keyAt ?? port.profile.at,
      also: [{ at: profile.at, note: "the bond" }],
    });
}

function interfaceFrom(building: Building, device: Device): Interface {
  const { reading, origins } = building;
  const { profile, name, controller } = device;
  origins.set(`interface/${name}`, profile.at);
  const isPort = controller !== undefined;
  const wifi = profile.kind === "wifi" ? readWifi(profile, reading) : undefined;
  return {
    name,
    ...readLink(profile, reading),
    start: device.autoconnect ? "boot" : "manual",
    ...(isPort ? portAddresses(building, device) : ownAddresses(building, device)),
    ...(wifi === undefined ? {} : { wifi }),
    ...(profile.kind === "vlan" ? { vlan: vlanOf(building, device) } : {}),
    ...(profile.kind === "bridge" ? { bridge: bridgeOf(building, device) } : {}),
    hooks: [],
    extra: readExtras(profile, reading, isPort ? "port" : "own"),
  };
}

function vlanOf(building: Building, { profile }: Device): NonNullable<Interface["vlan"]> {
  const parent = textAt(profile, "vlan", "parent") ?? "";
  return { parent: building.resolve(parent), id: readVlanId(profile, building.reading) };
}

function bridgeOf(building: Building, { profile, name }: Device): NonNullable<Interface["bridge"]> {
  const ports = (building.ports.get(name) ?? []).map((port) => port.name);
  return { ports, settings: readBridge(profile, building.reading) };
}

function ownAddresses(building: Building, { profile, name }: Device): Pick<Interface, "ipv4" | "ipv6" | "dns"> {
  const v4 = readIp(profile, building.reading, "ipv4");
  const v6 = readIp(profile, building.reading, "ipv6");
  for (const family of ["ipv4", "ipv6"] as const) {
    const entry = entryOf(profile, family, "address1") ?? entryOf(profile, family, "method");
    if (entry !== undefined) building.origins.set(`interface/${name}/${family}`, entry.keyAt);
  }
  const servers = [...v4.servers, ...v6.servers];
  const search = [...new Set([...v4.search, ...v6.search])];
  return {
    ipv4: v4.settings,
    ipv6: v6.settings,
    ...(servers.length + search.length === 0 ? {} : { dns: { servers, search } }),
  };
}

/** Whatever a port's profile says of addresses NetworkManager drops when it loads it. */
function portAddresses(building: Building, { profile }: Device): Pick<Interface, "ipv4" | "ipv6"> {
  for (const family of ["ipv4", "ipv6"] as const) {
    const entries = [...(profile.sections.get(family)?.values() ?? [])];
    const address =
      entries.find(({ key }) => /^address/.test(key)) ?? entries.find(({ key }) => /^(?:dns|gateway|route)/.test(key));
    if (address !== undefined)
      building.reading.report(
        "warning",
        "networkmanager-port-address",
        `${profile.id}: a port has no addresses; NetworkManager drops its [${family}]`,
        address.keyAt,
        "Move it to the profile of the bond or bridge.",
      );
  }
  return { ipv4: nothing, ipv6: nothing };
}

/** Without the program's own settings, ours for radios among them: they name no network. */
function profilesAmong(files: FileSet): FileSet {
  return new Map([...files].filter(([path]) => !/\/NetworkManager\/(?:conf\.d\/|NetworkManager\.conf$)/.test(path)));
}
