import { tellAftermath } from "./aftermath.ts";
import type { InterfacesDocument } from "./document.ts";
import { ifup, topLevel } from "./ifup.ts";
import { bootedMachine, listedPorts, type Machine, note } from "./machine.ts";
import type { ResolvedStanza } from "./variables.ts";

/** Runs `ifup -a` over the stanzas, then what udev brings up by allow-hotplug, then, by hand, the bonds nothing brought up
 *  (so that it is known what they would be). A small simulation: linear, no throw, assumes that hardware, cables and hooks
 *  other than ifenslave are in order. */
export function boot(document: InterfacesDocument, resolved: readonly ResolvedStanza[], maxBonds: number): Machine {
  const machine = bootedMachine(document, resolved, maxBonds);
  for (const name of machine.classes.get("auto")?.keys() ?? []) ifup(machine, name, topLevel);
  const hotplug = machine.classes.get("hotplug");
  const before = new Set(machine.state);
  for (const name of hotplug?.keys() ?? []) {
    // udev speaks only of links that are there.
    if (!machine.virtual.has(name) || machine.bonds.has(name)) ifup(machine, name, topLevel);
  }
  for (const [name, word] of hotplug ?? []) {
    const bond = machine.portOf.get(name);
    const late = !before.has(name) && machine.state.has(name);
    if (late && bond !== undefined) note(machine, { fact: "port-joins-when-plugged", port: name, bond, at: word.span });
  }
  byHand(machine);
  tellAftermath(machine, resolved);
  return machine;
}

/** Bonds nobody started: brought up as an administrator would, after it was noted that nothing else does. */
function byHand(machine: Machine): void {
  for (const [name, stanzas] of machine.stanzas) {
    if (machine.state.has(name) || machine.failures.has(name)) continue;
    const [first] = stanzas;
    if (first === undefined) continue;
    const makesBond = stanzas.some((stanza) => listedPorts(stanza) !== undefined || stanza.env.has("BOND_MODE"));
    const master = stanzas.find((stanza) => stanza.env.has("BOND_MASTER"))?.env.get("BOND_MASTER")?.value;
    if (!makesBond && master === undefined) continue;
    const joined = machine.portOf.has(name);
    const at = first.stanza.name.span;
    if (!joined) note(machine, { fact: "never-started", iface: name, at, ...(master ? { bond: master } : {}) });
    if (makesBond && (master === undefined || master === name)) ifup(machine, name, topLevel);
  }
}
