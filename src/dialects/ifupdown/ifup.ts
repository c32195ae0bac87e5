import { globMatches } from "../source-paths.ts";
import { setUpBonding } from "./ifenslave.ts";
import { exists, type Machine, note } from "./machine.ts";
import { required } from "./methods.ts";
import type { ResolvedStanza } from "./variables.ts";

/** Who called: the interfaces being configured further up (ifup tells its children by IFUPDOWN_* variables). */
export interface Caller {
  readonly configuring: readonly string[];
  /** `--allow CLASS`: interfaces outside the class are passed over. */
  readonly allow?: string;
}

/** Nobody called: ifup from the boot script or from a shell. */
export const topLevel: Caller = { configuring: [] };

/** ifup within ifup within ifup: real files go three deep. Also keeps a hostile file from exhausting the stack. */
const depthLimit = 32;

/** A failing interface is tried again by each of its ports; the outcome is the same, so twice is enough. */
const retryLimit = 2;

/** Brings up an interface as `ifup NAME` does. false: it failed. Source: do_interface() of ifupdown 0.8.41. */
export function ifup(machine: Machine, name: string, caller: Caller): boolean {
  const { configuring, allow } = caller;
  if (allow !== undefined && !machine.classes.get(allow)?.has(name)) return true;
  const stanzas = machine.stanzas.get(name);
  if (stanzas === undefined || configuring.includes(name) || configuring.length >= depthLimit) return false;
  const dot = name.indexOf(".");
  if (dot > 0 && !configuring.includes(name.slice(0, dot))) ifup(machine, name.slice(0, dot), { configuring });
  if (machine.state.has(name)) return true;
  if ((machine.failures.get(name) ?? 0) >= retryLimit) return false;
  machine.state.add(name);
  if (dot > 0 && exists(machine, name.slice(0, dot))) machine.made.add(name);
  const inner = { configuring: [...configuring, name] };
  for (const stanza of stanzas) {
    if (bringUp(machine, stanza, inner)) continue;
    machine.state.delete(name);
    machine.failures.set(name, (machine.failures.get(name) ?? 0) + 1);
    return false;
  }
  return true;
}

/** One stanza: the check for missing variables comes first, then the hooks, then the method's own commands. */
function bringUp(machine: Machine, stanza: ResolvedStanza, caller: Caller): boolean {
  const name = stanza.stanza.name.text;
  const { family, method } = stanza;
  if (missesVariable(machine, stanza)) return false;
  if (!machine.noScripts.some((pattern) => globMatches(pattern, name))) {
    // Hooks run in the order of their names: bridge, ifenslave, vlan.
    if (stanza.env.has("BRIDGE_PORTS") && !machine.bonds.has(name)) machine.made.add(name);
    if (!setUpBonding(machine, stanza, caller)) return false;
    const raw = stanza.env.get("VLAN_RAW_DEVICE");
    if (raw !== undefined && exists(machine, raw.value)) machine.made.add(name);
  }
  // `manual` and `loopback` ignore that there is no such link; every other method fails without it.
  if (!exists(machine, name)) return method === "manual" || method === "loopback" || family === undefined;
  machine.down.delete(name);
  return true;
}

function missesVariable(machine: Machine, stanza: ResolvedStanza): boolean {
  const { family, method } = stanza;
  if (family === undefined || method === undefined) return false;
  const missing = required(family, method).filter((variable) => !stanza.variables.has(variable));
  if (missing.length === 0) return false;
  if ((family === "inet" || family === "inet6") && missing.includes("address")) {
    const { name, method: word } = stanza.stanza;
    const end = word?.span.file === name.span.file ? Math.max(name.span.end, word.span.end) : name.span.end;
    note(machine, { fact: "missing-address", iface: name.text, at: { ...name.span, end }, family });
  }
  return true;
}
