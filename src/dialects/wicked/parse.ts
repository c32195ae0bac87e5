import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import { containsAddress, parseAddress, parseCidr } from "../../model/address.ts";
import type { Bond } from "../../model/bond.ts";
import { emptyConfig, type Interface, type IpSettings, type Route } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type AssignedFile, isLeftover, readAssignedFile, type Said } from "../assigned-file.ts";
import type { Parsed } from "../dialect.ts";
import { isBond, readBond } from "./parse-bond.ts";
import { placeParts, readExtras, readIp, readLink, startOf } from "./parse-interface.ts";
import { type RouteLine, readRoutes } from "./routes.ts";

/** Where the files live. */
export const folder = "/etc/sysconfig/network";

interface Sorted {
  readonly interfaces: readonly AssignedFile[];
  readonly routes: ReadonlyMap<string, readonly RouteLine[]>;
  readonly globalRoutes: readonly RouteLine[];
  /** accept_ra by interface, from ifsysctl files. */
  readonly acceptRa: ReadonlyMap<string, boolean>;
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

const none: IpSettings = { method: "none", addresses: [] };

/** Reads the files as wicked 0.6 does. A bond that wicked refuses isn't there, and neither is its interface. Never throws. */
export function parse(files: FileSet): Parsed {
  const diagnostics: Diagnostic[] = [];
  const origins = new Map<string, Span>();
  const sorted = sortFiles(files, diagnostics);
  const bonds: Bond[] = [];
  const refused = new Set<string>();
  for (const file of sorted.interfaces.filter(isBond)) {
    const bond = readBond(file, origins, diagnostics);
    if (bond === undefined) refused.add(file.suffix);
    else bonds.push(bond);
  }
  const above = new Map(bonds.flatMap(({ name, ports }) => ports.map((port) => [port, name] as const)));
  const read = sorted.interfaces.flatMap((file) => {
    if (refused.has(file.suffix)) return [];
    const iface = readInterface(file, sorted, origins, diagnostics);
    return iface === undefined ? [] : [iface];
  });
  for (const { name, bridge } of read)
    for (const port of bridge?.ports ?? []) if (!above.has(port)) above.set(port, name);
  const bondNames = new Set(bonds.map(({ name }) => name));
  const described = new Set(read.map(({ name }) => name));
  // wicked invents what nobody describes: it comes by hotplug and has no addresses.
  const invented = [...above.keys()].filter((name) => !described.has(name) && !bondNames.has(name)).map(inventedPort);
  const interfaces = withGlobalRoutes([...read, ...invented], sorted.globalRoutes, diagnostics).map((iface) =>
    withoutIp(iface, above.get(iface.name), sorted, diagnostics),
  );
  return { config: { ...emptyConfig, bonds, interfaces: withDns(interfaces, sorted) }, origins, diagnostics };
}

const named = /(?:^|\/)(ifcfg|ifroute|ifsysctl)-([^/]+)$/;

function sortFiles(files: FileSet, diagnostics: Diagnostic[]): Sorted {
  const interfaces: AssignedFile[] = [];
  const routes = new Map<string, readonly RouteLine[]>();
  const acceptRa = new Map<string, boolean>();
  let globalRoutes: readonly RouteLine[] = [];
  let config: AssignedFile | undefined;
  for (const [path, text] of [...files].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const [, kind, suffix = ""] = named.exec(path) ?? [];
    if (isLeftover(suffix) || suffix === "lo") continue;
    if (kind === "ifroute") routes.set(suffix, readRoutes(path, text, diagnostics));
    else if (kind === "ifsysctl") readSysctl(text, suffix, acceptRa);
    else if (/(^|\/)routes$/.test(path)) globalRoutes = readRoutes(path, text, diagnostics);
    else if (path.endsWith("/network/config")) config = readAssignedFile(path, "", text, "lines").file;
    else if (kind === "ifcfg" || files.size === 1) {
      const read = readAssignedFile(path, suffix, text, "lines");
      for (const one of read.diagnostics) diagnostics.push(one);
      if (isInterfaceName(suffix)) interfaces.push(read.file);
      else if (read.file.said.size > 0) diagnostics.push(aboutName(path, suffix));
    }
  }
  const words = (key: string): readonly string[] =>
    (config?.said.get(key)?.value ?? "").split(/\s+/).filter((word) => word !== "");
  const servers = words("NETCONFIG_DNS_STATIC_SERVERS");
  return { interfaces, routes, globalRoutes, acceptRa, servers, search: words("NETCONFIG_DNS_STATIC_SEARCHLIST") };
}

function aboutName(path: string, suffix: string): Diagnostic {
  return {
    code: "bad-value",
    severity: "error",
    message: `${JSON.stringify(suffix)} cannot be an interface's name: wicked rejects the file`,
    hint: "Call the file ifcfg-NAME, with the name that `ip link` shows.",
    at: { file: path, start: 0, end: 0 },
  };
}

function readSysctl(text: string, suffix: string, acceptRa: Map<string, boolean>): void {
  for (const [, value] of text.matchAll(
    /^[ \t]*net[./]ipv6[./]conf[./][^=\n]{1,40}[./]accept_ra[ \t]*=[ \t]*([0-2])/gm,
  ))
    acceptRa.set(suffix, value !== "0");
}

function readInterface(
  file: AssignedFile,
  sorted: Sorted,
  origins: Map<string, Span>,
  diagnostics: Diagnostic[],
): Interface | undefined {
  const complain = (said: Said, message: string, hint: string, severity: "error" | "warning" = "error"): void =>
    void diagnostics.push({ code: "bad-value", severity, message: `${said.key}: ${message}`, hint, at: said.valueAt });
  const link = readLink(file, complain);
  if (link === false) return undefined;
  const lines = sorted.routes.get(file.suffix) ?? [];
  const of = (family: "ipv4" | "ipv6"): readonly Route[] =>
    lines.filter((line) => line.family === family).map(({ route }) => route);
  placeParts(file, origins);
  return {
    name: file.suffix,
    start: startOf(file, complain),
    ...(file.said.get("LINK_REQUIRED")?.value === "no" ? { optional: true } : {}),
    ...link,
    ...readIp(file, { ipv4: of("ipv4"), ipv6: of("ipv6") }, sorted.acceptRa.get(file.suffix), complain),
    hooks: [],
    extra: readExtras(file, diagnostics),
  };
}

function inventedPort(name: string): Interface {
  return { name, start: "hotplug", ipv4: none, ipv6: none, hooks: [], extra: [] };
}

/** A line of the global routes goes to the interface it names, or to the one in whose subnet its router is. */
function withGlobalRoutes(
  interfaces: readonly Interface[],
  lines: readonly RouteLine[],
  diagnostics: Diagnostic[],
): readonly Interface[] {
  const added = new Map<string, RouteLine[]>();
  for (const line of lines) {
    const owner = interfaces.find((iface) =>
      line.device === undefined ? reaches(iface, line) : iface.name === line.device,
    );
    if (owner !== undefined) added.set(owner.name, [...(added.get(owner.name) ?? []), line]);
    else
      diagnostics.push({
        code: "wicked-route-of-nobody",
        severity: "warning",
        message: `this route belongs to no interface: ${line.device === undefined ? "its router is in none of their subnets" : `${line.device} has no file`}`,
        hint: "Name the interface in the fourth column, or mend the router's address.",
        at: line.at,
      });
  }
  return interfaces.map((iface) => {
    const own = added.get(iface.name) ?? [];
    return own.length === 0
      ? iface
      : { ...iface, ipv4: withRoutes(iface.ipv4, own, "ipv4"), ipv6: withRoutes(iface.ipv6, own, "ipv6") };
  });
}

function reaches(iface: Interface, { route, family }: RouteLine): boolean {
  const via = parseAddress(route.via ?? "");
  if (!via.ok) return false;
  return iface[family].addresses.some((cidr) => {
    const network = parseCidr(cidr);
    return network.ok && containsAddress(network.value, via.value);
  });
}

/** What the interface's own file says of a destination goes before the global routes. */
function withRoutes(settings: IpSettings, lines: readonly RouteLine[], family: "ipv4" | "ipv6"): IpSettings {
  const own = settings.routes ?? [];
  const more = lines.filter((line) => line.family === family && !own.some(({ to }) => to === line.route.to));
  return more.length === 0 ? settings : { ...settings, routes: [...own, ...more.map(({ route }) => route)] };
}

/** wicked switches IP off on what is in a bond or a bridge, whatever its file says. */
function withoutIp(iface: Interface, above: string | undefined, sorted: Sorted, diagnostics: Diagnostic[]): Interface {
  if (above === undefined) return iface;
  const file = sorted.interfaces.find(({ suffix }) => suffix === iface.name);
  const isSaid = [iface.ipv4, iface.ipv6].some(({ method }) => method !== "none");
  const at = file?.said.get("IPADDR")?.at ?? file?.said.get("BOOTPROTO")?.at;
  if (isSaid)
    diagnostics.push({
      code: "wicked-ignored-below",
      severity: "warning",
      message: `${iface.name} is in ${above}: wicked switches IP off on it, whatever this file says of addresses`,
      hint: "Write BOOTPROTO='none', and move the addresses up.",
      ...(at === undefined ? {} : { at }),
    });
  return { ...iface, ipv4: none, ipv6: none };
}

/** Name servers are the host's, not an interface's: they go with the default route. */
function withDns(interfaces: readonly Interface[], { servers, search }: Sorted): readonly Interface[] {
  if (servers.length + search.length === 0) return interfaces;
  const leads = ({ ipv4, ipv6 }: Interface): boolean =>
    [ipv4, ipv6].some(({ routes = [] }) => routes.some(({ to }) => to === "default"));
  const owner =
    interfaces.find(leads) ?? interfaces.find(({ ipv4, ipv6 }) => ipv4.method !== "none" || ipv6.method !== "none");
  return interfaces.map((iface) => (iface === owner ? { ...iface, dns: { servers, search } } : iface));
}
