import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface, type Route } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { libyamlManner, readTree, type Tree } from "../../syntax/yaml-tree.ts";
import type { Parsed } from "../dialect.ts";
import { readBond } from "./read-bond.ts";
import { bridgePorts, type Described, describe, readInterface } from "./read-interface.ts";
import { holderOfDns, type PlacedRoute, readDns, readRoutes } from "./read-routes.ts";
import { entry, itemsAt, mapAt, newReading, type Reading, textAt } from "./tree.ts";

/** Reads states: all of them together, a later one adding to the earlier ones, as nmstate.service applies a folder. */
export function parse(files: FileSet): Parsed {
  const reading = newReading();
  const origins = new Map<string, Span>();
  const problems: Diagnostic[] = [];
  const roots = [...files].flatMap(([path, text]) => {
    const read = readTree(path, text, libyamlManner("a state"));
    for (const problem of read.problems) problems.push(problem);
    return read.tree === undefined ? [] : [stateOf(read.tree, reading)];
  });
  const described = latest(roots.flatMap((root) => interfacesOf(root, reading)));
  const bonds = described
    .filter(({ kind }) => kind === "bond")
    .map((one) => bondFrom(one, described, origins, reading));
  const plain = described.map((one) => withPorts(readInterface(one, reading), one, described));
  for (const one of described) origins.set(`interface/${one.name}`, entry(one.tree, "name")?.value.at ?? one.tree.at);
  const routes = roots.flatMap((root) => readRoutes(root, reading));
  const interfaces = withDns(withRoutes(plain, routes, reading), roots);
  checkClaims(bonds, described, reading);
  checkInfiniband(bonds, described, reading);
  checkParents(described, roots, reading);
  const config: Config = { ...emptyConfig, bonds, interfaces };
  return { config, origins, diagnostics: [...problems, ...reading.diagnostics] };
}

/** The state itself, out of the policy or the Kubernetes object around it. */
function stateOf(tree: Tree, reading: Reading): Tree {
  const spec = mapAt(tree, "spec") ?? tree;
  const capture = entry(spec, "capture");
  if (capture !== undefined)
    reading.report(
      "advice",
      "nmstate-not-kept",
      "captures are resolved by nmstate on the host; what they name is not read",
      capture.keyAt,
    );
  return mapAt(spec, "desiredState") ?? mapAt(spec, "desired") ?? spec;
}

function interfacesOf(root: Tree, reading: Reading): readonly Described[] {
  return itemsAt(root, "interfaces").flatMap((item) => (item.kind === "map" ? (describe(item, reading) ?? []) : []));
}

/** Of an interface described twice, the last. */
function latest(all: readonly Described[]): readonly Described[] {
  const last = new Map(all.map((one) => [one.name, one]));
  return all.filter((one) => last.get(one.name) === one);
}

/** Ports a controller doesn't list and that name it themselves. */
function portsNaming(controller: string, described: readonly Described[]): readonly string[] {
  return described.filter((one) => one.controller === controller).map(({ name }) => name);
}

function bondFrom(
  { name, tree }: Described,
  described: readonly Described[],
  origins: Map<string, Span>,
  reading: Reading,
): Bond {
  const read = readBond(tree, name, reading);
  const listed = read.saysPorts ? read.ports : portsNaming(name, described);
  const ports = listed.filter(isInterfaceName);
  if (ports.length < listed.length)
    reading.report(
      "advice",
      "nmstate-not-kept",
      `${name}: a port is named by what only nmstate can resolve; it is not read`,
      tree.at,
    );
  origins.set(`bond/${name}`, tree.at);
  for (const [option, at] of read.places)
    if (read.options[option] !== undefined) origins.set(`bond/${name}/option/${option}`, at);
  const portOptions = Object.fromEntries(Object.entries(read.portOptions).filter(([port]) => ports.includes(port)));
  return { name, ports, options: read.options, ...(Object.keys(portOptions).length === 0 ? {} : { portOptions }) };
}

function withPorts(iface: Interface, { tree, name }: Described, described: readonly Described[]): Interface {
  if (iface.bridge === undefined || iface.bridge.ports.length > 0) return iface;
  const saysPorts = entry(mapAt(tree, "bridge"), "port", "ports") !== undefined;
  return saysPorts ? iface : { ...iface, bridge: { ...iface.bridge, ports: portsNaming(name, described) } };
}

function withRoutes(
  interfaces: readonly Interface[],
  routes: readonly PlacedRoute[],
  reading: Reading,
): readonly Interface[] {
  const known = new Set(interfaces.map(({ name }) => name));
  const byPlace = new Map<string, Route[]>();
  for (const { iface, family, route, at } of routes) {
    if (!known.has(iface))
      reading.report(
        "advice",
        "nmstate-not-kept",
        "a route by an interface that the state doesn't describe is not kept",
        at,
      );
    const key = `${family}/${iface}`;
    const others = byPlace.get(key);
    if (others === undefined) byPlace.set(key, [route]);
    else others.push(route);
  }
  return interfaces.map((iface) => {
    const v4 = byPlace.get(`ipv4/${iface.name}`);
    const v6 = byPlace.get(`ipv6/${iface.name}`);
    return {
      ...iface,
      ...(v4 === undefined ? {} : { ipv4: { ...iface.ipv4, routes: v4 } }),
      ...(v6 === undefined ? {} : { ipv6: { ...iface.ipv6, routes: v6 } }),
    };
  });
}

function withDns(interfaces: readonly Interface[], roots: readonly Tree[]): readonly Interface[] {
  const all = roots.map(readDns);
  const servers = [...new Set(all.flatMap((one) => one.servers))];
  const search = [...new Set(all.flatMap((one) => one.search))];
  if (servers.length + search.length === 0) return interfaces;
  const holder = holderOfDns(interfaces) ?? interfaces[0];
  return interfaces.map((iface) => (iface === holder ? { ...iface, dns: { servers, search } } : iface));
}

/** Ports that name another controller than the one that lists them, or one that lists others only. */
function checkClaims(bonds: readonly Bond[], described: readonly Described[], reading: Reading): void {
  const owner = new Map(bonds.flatMap((bond) => bond.ports.map((port) => [port, bond.name] as const)));
  const lists = new Set(
    described.filter(({ kind, tree }) => kind === "bridge" && listsPorts(tree)).map(({ name }) => name),
  );
  for (const { kind, name, tree } of described)
    if (kind === "bridge") for (const port of bridgePorts(tree)) owner.set(port, name);
  for (const { name, controller, tree } of described) {
    if (controller === undefined || controller === "") continue;
    const listed = owner.get(name);
    if (listed === controller || (listed === undefined && !lists.has(controller))) continue;
    const at = entry(tree, "controller", "master")?.value.at ?? tree.at;
    const what = listed === undefined ? `${controller} lists its ports, and not this one` : `${listed} lists it`;
    reading.report("error", "nmstate-refused", `${name}: it names ${controller} as its controller, but ${what}`, at);
  }
}

function listsPorts(tree: Tree): boolean {
  return entry(mapAt(tree, "bridge"), "port", "ports") !== undefined;
}

/** InfiniBand can be in a bond of one mode only. Source: validate_infiniband_as_bond_port(). */
function checkInfiniband(bonds: readonly Bond[], described: readonly Described[], reading: Reading): void {
  const infiniband = new Set(
    described.filter(({ tree }) => textAt(tree, "type") === "infiniband").map(({ name }) => name),
  );
  if (infiniband.size === 0) return;
  for (const bond of bonds) {
    const port = bond.ports.find((one) => infiniband.has(one));
    const at = described.find(({ name }) => name === bond.name)?.tree.at;
    if (port === undefined || at === undefined || (bond.options.mode ?? "active-backup") === "active-backup") continue;
    reading.report(
      "error",
      "nmstate-refused",
      `${bond.name}: ${port} is InfiniBand, which goes with mode active-backup only`,
      at,
    );
  }
}

/** A VLAN on what the same states remove. */
function checkParents(described: readonly Described[], roots: readonly Tree[], reading: Reading): void {
  const gone = new Set(
    roots.flatMap((root) =>
      itemsAt(root, "interfaces").flatMap((item) =>
        textAt(item, "state") === "absent" ? (textAt(item, "name") ?? []) : [],
      ),
    ),
  );
  for (const { name, tree } of described) {
    const parent = textAt(mapAt(tree, "vlan"), "base-iface");
    if (parent !== undefined && gone.has(parent))
      reading.report("error", "nmstate-refused", `${name}: the interface it is on is removed`, tree.at);
  }
}
