import type { OptionName } from "../../model/options.ts";
import { type Caller, ifup } from "./ifup.ts";
import { newBond, writeOption } from "./kernel-bond.ts";
import { exists, listedPorts, type Machine, note, saidOption } from "./machine.ts";
import { splitWords } from "./scan.ts";
import { optionOfEnv, writeOrder } from "./spelling.ts";
import type { SaidOption } from "./story.ts";
import { type ResolvedStanza, spanOfVariable, type Variable } from "./variables.ts";

/** The hook if-pre-up.d/ifenslave of ifenslave 2.13 for one stanza. false: it exits with an error and ifup gives the interface up.
 *  bond-master is looked at first and makes the stanza a port's, whatever else it says; a bond is seen by bond-slaves or bond-mode. */
export function setUpBonding(machine: Machine, stanza: ResolvedStanza, caller: Caller): boolean {
  const name = stanza.stanza.name.text;
  const master = stanza.env.get("BOND_MASTER");
  const listed = listedPorts(stanza);
  if (master !== undefined) {
    if (listed !== undefined) {
      const at = spanOfVariable(listed.variable);
      note(machine, { fact: "slaves-ignored", iface: name, at, master: spanOfVariable(master) });
    }
    return joinMaster(machine, stanza, master, caller);
  }
  if (listed !== undefined || stanza.env.has("BOND_MODE")) makeBond(machine, stanza, listed, caller);
  return true;
}

function joinMaster(machine: Machine, stanza: ResolvedStanza, master: Variable, caller: Caller): boolean {
  const port = stanza.stanza.name.text;
  const bond = master.value;
  const at = spanOfVariable(master);
  if (!machine.stanzas.has(bond)) {
    note(machine, { fact: "port-without-master-stanza", port, master: bond, at });
    return false;
  }
  if (!caller.configuring.includes(bond) && !machine.state.has(bond)) {
    const fresh = !machine.bonds.has(bond);
    ifup(machine, bond, { configuring: caller.configuring });
    if (fresh && machine.bonds.has(bond)) note(machine, { fact: "bond-brought-up-by-port", bond, port, at });
  }
  machine.down.add(port);
  // A bond that names itself is refused, or not even there; tellAftermath() says so once.
  if (bond !== port && !machine.bonds.has(bond)) {
    note(machine, { fact: "master-is-no-bond", port, master: bond, at });
  } else if (bond !== port) {
    enslave(machine, bond, port, at);
  }
  setPrimary(machine, bond, stanza);
  return true;
}

/** Writes +PORT to the bond's slaves file. A port that is in already is not written again, and stays as it is. */
function enslave(machine: Machine, bond: string, port: string, at: { file: string; start: number; end: number }): void {
  const kernel = machine.bonds.get(bond);
  if (kernel === undefined || kernel.ports.has(port) || !exists(machine, port)) return;
  const other = machine.portOf.get(port);
  if (port === bond || other !== undefined) {
    const reason = port === bond ? "is-itself" : "in-other-bond";
    note(machine, { fact: "port-not-joined", port, bond, at, reason });
    return;
  }
  kernel.ports.add(port);
  machine.portOf.set(port, bond);
  // The kernel opens a port as it joins.
  machine.down.delete(port);
}

function makeBond(
  machine: Machine,
  stanza: ResolvedStanza,
  listed: ReturnType<typeof listedPorts>,
  caller: Caller,
): void {
  const name = stanza.stanza.name.text;
  const runs = machine.setUps.get(name) ?? [];
  machine.setUps.set(name, [...runs, stanza]);
  // A bridge of that name came first: every write of the hook fails.
  if (machine.made.has(name)) return;
  if (!machine.bonds.has(name)) machine.bonds.set(name, newBond(name));
  for (const env of writeOrder) {
    const variable = stanza.env.get(env);
    const option = optionOfEnv(env);
    if (variable !== undefined && option !== undefined) write(machine, name, option, variable);
  }
  if (listed !== undefined) enslaveListed(machine, name, listed, caller);
  setPrimary(machine, name, stanza);
}

function enslaveListed(
  machine: Machine,
  bond: string,
  listed: NonNullable<ReturnType<typeof listedPorts>>,
  caller: Caller,
): void {
  const at = spanOfVariable(listed.variable);
  if (listed.variable.value === "all") note(machine, { fact: "slaves-all", bond, at });
  const names = listed.variable.value === "all" ? ethNames(machine) : listed.names;
  for (const port of names) {
    if (caller.configuring.includes(port) || (machine.state.has(port) && hasMaster(machine, port))) continue;
    machine.down.add(port);
    enslave(machine, bond, port, at);
    ifup(machine, port, { configuring: caller.configuring, allow: bond });
  }
}

/** `bond-slaves all`: whatever begins with "eth" in /proc/net/dev; of that we know the interfaces with a stanza. */
function ethNames(machine: Machine): readonly string[] {
  return [...machine.stanzas.keys()].filter((name) => /^eth[^:]*$/.test(name) && exists(machine, name));
}

/** As `ifquery PORT | grep bond-master`: the spelling with an underscore is not found. */
function hasMaster(machine: Machine, port: string): boolean {
  return machine.stanzas.get(port)?.some((stanza) => stanza.variables.has("bond-master")) ?? false;
}

function setPrimary(machine: Machine, bond: string, stanza: ResolvedStanza): void {
  const wanted = stanza.env.get("BOND_PRIMARY");
  const kernel = machine.bonds.get(bond);
  const found = splitWords(wanted?.value ?? "").find((port) => kernel?.ports.has(port));
  if (wanted !== undefined && found !== undefined) write(machine, bond, "primary", wanted, found);
  const reselect = stanza.env.get("BOND_PRIMARY_RESELECT");
  if (reselect !== undefined && kernel !== undefined) write(machine, bond, "primary_reselect", reselect);
}

/** Writes an option and keeps where it came from, or notes why the kernel refused it. */
function write(machine: Machine, bond: string, option: OptionName, variable: Variable, text = variable.value): void {
  const kernel = machine.bonds.get(bond);
  if (kernel === undefined) return;
  const said = saidOption(variable, option);
  const before = kernel.values.get(option);
  const result = writeOption(kernel, option, option === "arp_ip_target" ? targets(machine, bond, variable) : text);
  if (!result.done) {
    note(machine, { fact: "option-refused", bond, said, at: said.at, reason: result.reason });
    return;
  }
  const applied = machine.applied.get(bond) ?? new Map<OptionName, SaidOption>();
  machine.applied.set(bond, applied);
  // The first line that made it so is the one to point to; a later one that says the same changes nothing.
  if (!applied.has(option) || !sameValue(before, result.value)) applied.set(option, said);
  for (const [other, lost] of applied) {
    if (kernel.values.has(other)) continue;
    applied.delete(other);
    note(machine, { fact: "monitor-overridden", bond, said: lost, at: lost.at, by: said });
  }
}

function sameValue(one: unknown, other: unknown): boolean {
  return String(one) === String(other);
}

/** Each word is written as +WORD; of a list with commas the kernel takes what stands before the first. */
function targets(machine: Machine, bond: string, variable: Variable): string {
  const words = splitWords(variable.value);
  const installed = words.map((word) => word.split(",")[0] ?? "");
  if (words.some((word) => word.includes(","))) {
    note(machine, { fact: "targets-with-commas", bond, at: spanOfVariable(variable), installed });
  }
  return installed.join(" ");
}
