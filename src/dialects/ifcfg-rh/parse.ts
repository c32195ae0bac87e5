import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface, type IpSettings } from "../../model/config.ts";
import { isInterfaceName, parseOption } from "../../model/option-value.ts";
import type { PortOptions } from "../../model/options.ts";
import { booleanOf } from "../assigned-file.ts";
import type { Parsed } from "../dialect.ts";
import { bareInterface } from "../sayable.ts";
import { type IfcfgFile, type Sorted, sortFiles } from "./files.ts";
import { type ModuleFiles, readModuleFiles } from "./modprobe.ts";
import { aboutEvidence, bondEvidence, readBondOptions } from "./parse-bond.ts";
import { type Complain, complainer, ipv4Addresses, readDns, readIpv4, readIpv6 } from "./parse-ip.ts";
import { readBridgeSettings, readExtras, readLink, readWifi } from "./parse-link.ts";
import { masterOf } from "./parse-port.ts";
import { portKeys } from "./spelling.ts";

interface Reading {
  readonly sorted: Sorted;
  readonly modules: ModuleFiles;
  readonly diagnostics: Diagnostic[];
  readonly origins: Map<string, Span>;
  readonly complain: Complain;
  /** The bond each port is in, by file. */
  readonly masters: ReadonlyMap<IfcfgFile, string>;
}

const none: IpSettings = { method: "none", addresses: [] };

/** Reads the files with the meaning that NetworkManager's plugin and the initscripts give them; where they differ, what either makes
 *  a bond or a port is one, and a diagnostic says which of them doesn't. Never throws. */
export function parse(files: FileSet): Parsed {
  const modules = readModuleFiles(files);
  const sorted = sortFiles(files);
  const diagnostics = [...modules.diagnostics, ...sorted.diagnostics];
  const complain = complainer(diagnostics);
  const uuids = new Map(sorted.interfaces.flatMap((file) => uuidOf(file)));
  const masters = new Map<IfcfgFile, string>();
  for (const file of sorted.interfaces) {
    const master = file.isAlias ? undefined : masterOf(file, uuids, diagnostics);
    if (master !== undefined && master !== file.device) masters.set(file, master);
  }
  const reading: Reading = { sorted, modules, diagnostics, origins: new Map(), complain, masters };
  const bonds = readBonds(reading);
  const interfaces = readInterfaces(reading, new Set(bonds.map(({ name }) => name)));
  const config: Config = { ...emptyConfig, bonds, interfaces };
  return { config, origins: reading.origins, diagnostics };
}

function uuidOf({ said, device }: IfcfgFile): readonly [string, string][] {
  const uuid = said.get("UUID")?.value ?? "";
  return uuid === "" ? [] : [[uuid, device]];
}

function readBonds(reading: Reading): readonly Bond[] {
  const { sorted, modules, diagnostics, origins, masters } = reading;
  const portsOf = new Map<string, IfcfgFile[]>();
  for (const [file, master] of masters) portsOf.set(master, [...(portsOf.get(master) ?? []), file]);
  const bonds: Bond[] = [];
  for (const file of sorted.interfaces) {
    if (file.isAlias || masters.has(file)) continue;
    const evidence = bondEvidence(file, modules);
    const ports = portsOf.get(file.device);
    if (!evidence.networkmanager && !evidence.initscripts && ports === undefined) continue;
    diagnostics.push(...aboutEvidence(file, evidence, ports !== undefined));
    const place = (option: string, at: Span): void => void origins.set(`bond/${file.device}/option/${option}`, at);
    const options = readBondOptions(file, modules, place, diagnostics);
    origins.set(`bond/${file.device}`, file.said.get("DEVICE")?.at ?? { file: file.path, start: 0, end: 0 });
    bonds.push({ name: file.device, options, ...withPorts(file.device, ports ?? [], reading) });
    portsOf.delete(file.device);
  }
  for (const [name, ports] of portsOf) {
    const at = ports[0]?.said.get("MASTER")?.at;
    diagnostics.push({
      code: "ifcfg-rh-bond-without-file",
      severity: "warning",
      message: `${name} has no ifcfg file: the initscripts make it in balance-rr and without a monitor, NetworkManager waits for it`,
      hint: `Add ifcfg-${name} with TYPE=Bond, BONDING_MASTER=yes and BONDING_OPTS, or name its file along with this one.`,
      ...(at === undefined ? {} : { at }),
    });
    if (at !== undefined) origins.set(`bond/${name}`, at);
    const options = { ...modules.ofAll, ...modules.ofOne.get(name) };
    bonds.push({ name, options, ...withPorts(name, ports, reading) });
  }
  return bonds;
}

function withPorts(bond: string, files: readonly IfcfgFile[], reading: Reading): Pick<Bond, "ports" | "portOptions"> {
  const portOptions: Record<string, PortOptions> = {};
  for (const file of files) {
    const at = (file.said.get("MASTER") ?? file.said.get("MASTER_UUID"))?.at;
    if (at !== undefined) reading.origins.set(`bond/${bond}/port/${file.device}`, at);
    const options: Record<string, unknown> = {};
    for (const [key, option] of portKeys) {
      const said = file.said.get(key);
      if (said === undefined || said.value === "") continue;
      const parsed = parseOption(option, said.value);
      if (parsed.ok) options[option] = parsed.value;
      else reading.complain(said, `${parsed.error.message}: it is not set`, "Write a value in that range.");
    }
    if (Object.keys(options).length > 0) portOptions[file.device] = options as PortOptions;
  }
  const ports = files.map(({ device }) => device);
  return { ports, ...(Object.keys(portOptions).length === 0 ? {} : { portOptions }) };
}

function readInterfaces(reading: Reading, bonds: ReadonlySet<string>): readonly Interface[] {
  const { sorted, complain, diagnostics } = reading;
  const bridgePorts = new Map<string, string[]>();
  for (const file of sorted.interfaces) {
    const bridge = file.isAlias || reading.masters.has(file) ? "" : (file.said.get("BRIDGE")?.value ?? "");
    if (bridge !== "") bridgePorts.set(bridge, [...(bridgePorts.get(bridge) ?? []), file.device]);
  }
  const aliases = new Map<string, string[]>();
  for (const file of sorted.interfaces)
    if (file.isAlias) aliases.set(file.device, [...(aliases.get(file.device) ?? []), ...ipv4Addresses(file, complain)]);
  const described = new Set(sorted.interfaces.map(({ device }) => device));
  const undescribed = [...bridgePorts].filter(([bridge]) => !described.has(bridge) && isInterfaceName(bridge));
  for (const [bridge] of undescribed) diagnostics.push(aboutBridge(bridge, sorted));
  const read = sorted.interfaces.flatMap((file) => {
    if (file.isAlias) return [];
    const iface = readInterface(file, reading, bonds.has(file.device), bridgePorts.get(file.device));
    const more = (aliases.get(file.device) ?? []).filter((address) => !iface.ipv4.addresses.includes(address));
    if (more.length === 0) return [iface];
    const method = iface.ipv4.method === "none" ? "static" : iface.ipv4.method;
    return [{ ...iface, ipv4: { ...iface.ipv4, method, addresses: [...iface.ipv4.addresses, ...more] } }];
  });
  return [
    ...read,
    ...undescribed.map(([name, ports]) => ({ ...bareInterface(name), bridge: { ports, settings: {} } })),
  ];

  function readInterface(file: IfcfgFile, from: Reading, isBond: boolean, ports: string[] | undefined): Interface {
    const { said, device } = file;
    const above = from.masters.get(file) ?? (said.get("BRIDGE")?.value || undefined);
    const routes = sorted.routes.get(device) ?? sorted.routes.get(file.suffix) ?? { ipv4: [], ipv6: [] };
    const isBridge = !isBond && said.get("TYPE")?.value.toLowerCase() === "bridge";
    const wifi = readWifi(file, sorted.keys.get(file.suffix) ?? sorted.keys.get(device));
    const dns = above === undefined ? readDns(file, complain) : undefined;
    if (above !== undefined) sayIgnored(file, above, diagnostics);
    placeParts(file, from.origins);
    return {
      name: device,
      start: booleanOf(said.get("ONBOOT")) === false ? "manual" : "boot",
      ...readLink(file, complain),
      ipv4: above === undefined ? readIpv4(file, routes.ipv4, complain) : none,
      ipv6: above === undefined ? readIpv6(file, routes.ipv6, complain) : none,
      ...(dns === undefined ? {} : { dns }),
      ...(wifi === undefined ? {} : { wifi }),
      ...(isBridge ? { bridge: { ports: ports ?? [], settings: readBridgeSettings(file) } } : {}),
      hooks: [],
      extra: [...readExtras(file, diagnostics), ...(sorted.rules.get(device) ?? [])],
    };
  }
}

function aboutBridge(bridge: string, sorted: Sorted): Diagnostic {
  const at = sorted.interfaces.find(({ said }) => said.get("BRIDGE")?.value === bridge)?.said.get("BRIDGE")?.at;
  return {
    code: "ifcfg-rh-bridge-without-file",
    severity: "warning",
    message: `${bridge} has no ifcfg file: the initscripts make a bridge of that name, and NetworkManager waits for one`,
    hint: `Add ifcfg-${bridge} with TYPE=Bridge, or name its file along with this one.`,
    ...(at === undefined ? {} : { at }),
  };
}

/** Both readers leave the addresses of a port or of a bridge's port alone. */
function sayIgnored({ said, device }: IfcfgFile, above: string, diagnostics: Diagnostic[]): void {
  const dhcp = said.get("BOOTPROTO");
  const one =
    ["IPADDR", "IPADDR0", "IPV6ADDR", "GATEWAY"]
      .map((key) => said.get(key))
      .find((found) => (found?.value ?? "") !== "") ?? (/^(dhcp|bootp)$/i.test(dhcp?.value ?? "") ? dhcp : undefined);
  if (one === undefined) return;
  diagnostics.push({
    code: "ifcfg-rh-ignored-below",
    severity: "warning",
    message: `${device} is in ${above}: ${one.key} has no effect here, and an address that is on it from before stays and draws traffic away from ${above}`,
    hint: `Write BOOTPROTO=none, and move the addresses to ifcfg-${above}.`,
    at: one.at,
  });
}

const placed: readonly (readonly [string, string])[] = [
  ["MTU", "mtu"],
  ["MACADDR", "mac"],
  ["HWADDR", "match"],
  ["IPADDR", "ipv4/addresses"],
  ["GATEWAY", "ipv4/gateway"],
  ["IPV6ADDR", "ipv6/addresses"],
  ["IPV6_DEFAULTGW", "ipv6/gateway"],
  ["DNS1", "dns"],
  ["ESSID", "wifi"],
  ["VLAN", "vlan"],
];

function placeParts({ said, device, path }: IfcfgFile, origins: Map<string, Span>): void {
  origins.set(`interface/${device}`, said.get("DEVICE")?.at ?? { file: path, start: 0, end: 0 });
  for (const [key, field] of placed) {
    const one = said.get(key);
    if (one !== undefined) origins.set(`interface/${device}/${field}`, one.at);
  }
}
