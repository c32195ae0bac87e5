import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Origins } from "../../diagnostic/origins.ts";
import { parseMac } from "../../model/address.ts";
import type { Bond } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import { type Here, itemsOf, type Reading, refuse, shown, textOf, textsOf, wholeOf } from "../netplan/reading.ts";
import { notKept } from "../netplan/take.ts";
import { isPattern } from "../netplan/take-link.ts";
import { bondOptionsOf, bridgeSettingsOf } from "./params.ts";
import { type Families, readSubnets } from "./subnets.ts";

/** The values of a map by their keys, the last of each. */
type Fields = ReadonlyMap<string, { readonly value: Tree; readonly keyAt: Span }>;

interface Writable {
  readonly bonds: Bond[];
  readonly interfaces: Interface[];
  readonly origins: Map<string, Span>;
  /** Name servers of no interface: for those with a fixed address and none of their own. */
  readonly servers: string[];
  readonly search: string[];
}

/** Reads version 1: a list of things by their types. */
export function parseVersion1(network: Tree, reading: Reading): { readonly config: Config; readonly origins: Origins } {
  const all: Writable = { bonds: [], interfaces: [], origins: new Map(), servers: [], search: [] };
  const config = network.kind === "map" ? network.entries.find(({ key }) => key === "config") : undefined;
  const outer: Here = { reading, label: "config", keyAt: config?.keyAt ?? network.at };
  if (config === undefined)
    refuse(outer, "missing-key", "the list config: is missing", "Add config: with an entry for each interface.");
  // `config: disabled` is cloud-init's word for leaving the network alone.
  const isDisabled = config?.value.kind === "scalar" && config.value.source === "disabled";
  for (const item of config === undefined || isDisabled ? [] : itemsOf(outer, config.value))
    readThing(item, all, outer);
  const interfaces = all.interfaces.map((iface) => withServers(iface, all));
  return { config: { ...emptyConfig, bonds: all.bonds, interfaces }, origins: all.origins };
}

function fieldsOf(tree: Tree): Fields {
  return new Map(tree.kind === "map" ? tree.entries.map(({ key, value, keyAt }) => [key, { value, keyAt }]) : []);
}

function readThing(item: Tree, all: Writable, outer: Here): undefined {
  const fields = fieldsOf(item);
  const here = { ...outer, keyAt: item.at };
  const type = textField(fields, "type", here);
  if (type === "nameserver") {
    readNameserver(fields, all, here);
    return;
  }
  if (type === "route") {
    notKept({ ...here, label: "route" }, "a route of no interface");
    return;
  }
  const name = textField(fields, "name", here);
  if (type === undefined || name === undefined || name === "")
    return refuse(here, "missing-key", "an entry needs a type and a name", "Add type: and name:.");
  if (isPattern(name)) return refuse(here, "bad-name", `${shown(name)} is no interface's name`, "Name one interface.");
  const keyAt = fields.get("name")?.keyAt ?? item.at;
  const inner = { ...here, label: name, keyAt };
  if (!["physical", "bond", "bridge", "vlan", "loopback", "infiniband"].includes(type))
    notKept(inner, `what is special about a ${shown(type)}`);
  if (type === "bond") all.bonds.push(bondOf(name, fields, inner, all.origins));
  all.interfaces.push(interfaceOf(name, type, fields, inner));
  all.origins.set(`interface/${name}`, keyAt);
}

function textField(fields: Fields, key: string, here: Here): string | undefined {
  const field = fields.get(key);
  return field === undefined ? undefined : textOf({ ...here, keyAt: field.keyAt }, field.value);
}

/** A text or a list of texts. */
function words(fields: Fields, key: string, here: Here): readonly string[] {
  const field = fields.get(key);
  if (field === undefined) return [];
  if (field.value.kind === "scalar") return field.value.source.split(/[\s,]+/).filter((word) => word !== "");
  return textsOf({ ...here, keyAt: field.keyAt }, field.value).map(({ text }) => text);
}

function readNameserver(fields: Fields, all: Writable, here: Here): void {
  all.servers.push(...words(fields, "address", here));
  all.search.push(...words(fields, "search", here));
}

function bondOf(name: string, fields: Fields, here: Here, origins: Map<string, Span>): Bond {
  origins.set(`bond/${name}`, here.keyAt);
  const ports = [...new Set(words(fields, "bond_interfaces", here))].filter((port) => port !== name);
  for (const port of ports)
    origins.set(`bond/${name}/port/${port}`, fields.get("bond_interfaces")?.keyAt ?? here.keyAt);
  const params = fields.get("params");
  const { options, places } =
    params === undefined ? { options: {}, places: new Map() } : bondOptionsOf(params.value, here);
  for (const [option, at] of places) origins.set(`bond/${name}/option/${option}`, at);
  return { name, ports, options };
}

function interfaceOf(name: string, type: string, fields: Fields, here: Here): Interface {
  const read = readSubnets(fields.get("subnets")?.value, here);
  const mac = macOf(fields, here);
  const mtu = numberOf(fields, "mtu", here) ?? read.mtu;
  const isFound = type === "physical" && mac !== undefined;
  const params = fields.get("params");
  return {
    name,
    ...(isFound ? { match: { mac } } : {}),
    start: read.isManual ? "manual" : "boot",
    ipv4: type === "loopback" && read.ipv4.method === "none" ? { ...read.ipv4, method: "loopback" } : read.ipv4,
    ipv6: read.ipv6,
    ...dnsOf(read),
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined || isFound || type === "infiniband" ? {} : { mac }),
    ...vlanOf(type, fields, here),
    ...(type === "bridge"
      ? {
          bridge: {
            ports: words(fields, "bridge_interfaces", here),
            settings: params === undefined ? {} : bridgeSettingsOf(params.value, here),
          },
        }
      : {}),
    hooks: [],
    extra: [],
  };
}

function dnsOf({ servers, search }: Families): Pick<Interface, "dns"> {
  return servers.length + search.length === 0 ? {} : { dns: { servers, search } };
}

function macOf(fields: Fields, here: Here): string | undefined {
  const text = textField(fields, "mac_address", here);
  const mac = text === undefined || !/^[\da-f:]{17}$/i.test(text) ? undefined : parseMac(text);
  if (text !== undefined && mac === undefined && !/^([\da-f]{2}:){19}[\da-f]{2}$/i.test(text.trim()))
    refuse(
      { ...here, label: `${here.label}: mac_address` },
      "bad-value",
      `${shown(text)} is no MAC address`,
      "Write six bytes with colons.",
      fields.get("mac_address")?.value.at,
    );
  return mac;
}

function numberOf(fields: Fields, key: string, here: Here): number | undefined {
  const field = fields.get(key);
  const isNothing = field?.value.kind === "scalar" && field.value.value === null;
  return field === undefined || isNothing
    ? undefined
    : wholeOf({ ...here, label: `${here.label}: ${key}`, keyAt: field.keyAt }, field.value);
}

function vlanOf(type: string, fields: Fields, here: Here): Pick<Interface, "vlan"> {
  if (type !== "vlan") return {};
  const parent = textField(fields, "vlan_link", here);
  const id = numberOf(fields, "vlan_id", here);
  if (parent !== undefined && id !== undefined) return { vlan: { parent, id } };
  refuse(here, "missing-key", "a VLAN needs vlan_link and vlan_id", "Add both.");
  return {};
}

/** Source: cloud-init's netplan renderer: interfaces with a fixed address and no name servers of their own get the general ones. */
function withServers(iface: Interface, { servers, search }: Writable): Interface {
  const isFixed = iface.ipv4.addresses.length + iface.ipv6.addresses.length > 0;
  if (iface.dns !== undefined || !isFixed || servers.length + search.length === 0) return iface;
  return { ...iface, dns: { servers, search } };
}
