import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { Origins } from "../../diagnostic/origins.ts";
import type { Bond } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import type { BondOptions, OptionName } from "../../model/options.ts";
import type { HostFacts } from "../dialect.ts";
import { withoutAwake } from "../stay-awake.ts";
import { boot } from "./boot.ts";
import type { InterfacesDocument } from "./document.ts";
import { listedPorts, type Machine } from "./machine.ts";
import { otherThings } from "./other-things.ts";
import { readSettings } from "./settings.ts";
import { optionOfEnv, otherBondVariables } from "./spelling.ts";
import type { Story } from "./story.ts";
import { type ResolvedStanza, resolveStanzas, spanOfVariable, type Variable } from "./variables.ts";

/** What the stanzas amount to once ifup and ifenslave have run: not what they say, what they do. `diagnostics` holds what is
 *  wrong with single values; what becomes of the bonds is in `story`, for rules to judge and for tell() to put into words. */
export function interpret(
  document: InterfacesDocument,
  facts: HostFacts,
): {
  readonly config: Config;
  readonly origins: Origins;
  readonly diagnostics: readonly Diagnostic[];
  readonly story: Story;
} {
  const resolved = resolveStanzas(document);
  const machine = boot(document, resolved, facts.maxBonds);
  const origins = new Map<string, Span>();
  const names = [...machine.stanzas.keys()];
  const order = new Map(names.map((name, index) => [name, index]));
  const bonds = names.filter((name) => isBond(machine, name)).map((name) => readBond(machine, name, order, origins));
  const others = otherThings(document, machine);
  const diagnostics: Diagnostic[] = [...others.diagnostics];
  const interfaces: Interface[] = [];
  for (const [name, stanzas] of groupByName(resolved)) {
    const bonding = (variable: Variable, env: string) => isUsedUp(machine, name, variable, env);
    const start = startOf(machine, name, origins);
    const read = readSettings({ name, stanzas, start, bonding, marks: others.marks.get(name) ?? [] });
    interfaces.push(read.iface);
    diagnostics.push(...read.diagnostics);
    origins.set(`interface/${name}`, stanzas[0]?.stanza.name.span ?? { file: "", start: 0, end: 0 });
    for (const [field, span] of read.places) origins.set(`interface/${name}/${field}`, span);
  }
  return {
    config: withoutAwake({ ...emptyConfig, bonds, interfaces }),
    origins,
    diagnostics,
    story: [...machine.facts.values()],
  };
}

function groupByName(resolved: readonly ResolvedStanza[]): ReadonlyMap<string, readonly ResolvedStanza[]> {
  const groups = new Map<string, ResolvedStanza[]>();
  for (const one of resolved) {
    const name = one.stanza.name.text;
    const list = groups.get(name);
    if (list === undefined) groups.set(name, [one]);
    else list.push(one);
  }
  return groups;
}

/** A bond the module made counts only if the text means it for one. */
function isBond(machine: Machine, name: string): boolean {
  const kernel = machine.bonds.get(name);
  if (kernel === undefined) return false;
  const stanzas = machine.stanzas.get(name) ?? [];
  return machine.setUps.has(name) || kernel.ports.size > 0 || stanzas.some((one) => one.env.has("BOND_MASTER"));
}

function startOf(machine: Machine, name: string, origins: Map<string, Span>): Interface["start"] {
  const auto = machine.classes.get("auto")?.get(name);
  const hotplug = machine.classes.get("hotplug")?.get(name);
  const word = auto ?? hotplug;
  if (word !== undefined) origins.set(`interface/${name}/start`, word.span);
  if (auto !== undefined) return "boot";
  return hotplug === undefined ? "manual" : "hotplug";
}

function readBond(
  machine: Machine,
  name: string,
  order: ReadonlyMap<string, number>,
  origins: Map<string, Span>,
): Bond {
  const stanzas = machine.stanzas.get(name) ?? [];
  const joined = machine.bonds.get(name)?.ports ?? new Set<string>();
  const first = stanzas[0]?.stanza.name.span;
  if (first !== undefined) origins.set(`bond/${name}`, first);
  const ports = new Set<string>();
  for (const stanza of machine.setUps.get(name) ?? []) {
    const listed = listedPorts(stanza);
    for (const port of listed?.names ?? []) {
      if (!joined.has(port) || listed === undefined) continue;
      ports.add(port);
      origins.set(`bond/${name}/port/${port}`, spanOfVariable(listed.variable));
    }
  }
  // Then those that come by bond-master, in the order of their stanzas; the place that attaches a port is its own line if it has one.
  const inOrder = [...joined].sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0));
  for (const port of inOrder) {
    ports.add(port);
    const own = machine.stanzas.get(port) ?? [];
    const master = own.find((stanza) => stanza.env.has("BOND_MASTER"))?.env.get("BOND_MASTER");
    if (master !== undefined) origins.set(`bond/${name}/port/${port}`, spanOfVariable(master));
  }
  return { name, ports: [...ports], options: readOptions(machine, name, origins) };
}

/** Options in force that somebody said. Where mode or miimon was said and did not take effect, the value the kernel has instead
 *  stands here, so that nobody who reads the model fills in a default of his own. */
function readOptions(machine: Machine, name: string, origins: Map<string, Span>): BondOptions {
  const kernel = machine.bonds.get(name);
  const options: Partial<Record<OptionName, unknown>> = {};
  for (const [option, value] of kernel?.values ?? []) {
    options[option] = value;
    const said = machine.applied.get(name)?.get(option);
    if (said !== undefined) origins.set(`bond/${name}/option/${option}`, said.at);
  }
  for (const [option, value] of [
    ["mode", kernel?.mode],
    ["miimon", defaultMiimon(kernel?.mode)],
  ] as const) {
    if (option in options) continue;
    const said = saidInVain(machine, name, option);
    if (said === undefined || (option === "miimon" && "arp_interval" in options)) continue;
    options[option] = value;
    origins.set(`bond/${name}/option/${option}`, spanOfVariable(said));
  }
  return options as BondOptions;
}

function defaultMiimon(mode: string | undefined): number {
  return mode === "802.3ad" || mode === "balance-tlb" || mode === "balance-alb" ? 100 : 0;
}

function saidInVain(machine: Machine, bond: string, option: OptionName): Variable | undefined {
  for (const name of [bond, ...(machine.bonds.get(bond)?.ports ?? [])]) {
    for (const stanza of machine.stanzas.get(name) ?? []) {
      for (const env of stanza.env) if (optionOfEnv(env[0]) === option) return env[1];
    }
  }
  return undefined;
}

/** Bonding lines that are told or held elsewhere; what is left goes to the extras. */
function isUsedUp(machine: Machine, name: string, variable: Variable, env: string): boolean {
  const known = optionOfEnv(env) !== undefined || otherBondVariables.has(env);
  if (!known || env === "BOND_GIVE_A_CHANCE") return false;
  // A port outside its bond keeps its bond-master; an interface that is no bond keeps lines that mean nothing there.
  return takesPart(machine, name) || (variable.name !== "" && machine.setUps.has(name));
}

function takesPart(machine: Machine, name: string): boolean {
  return machine.portOf.has(name) || isBond(machine, name);
}
