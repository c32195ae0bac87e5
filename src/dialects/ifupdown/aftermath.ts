import type { Span } from "../../diagnostic/diagnostic.ts";
import { nearest } from "../../model/nearest.ts";
import { type OptionName, optionNamed } from "../../model/options.ts";
import { readValue } from "./kernel-bond.ts";
import { exists, factKey, listedPorts, type Machine, note, saidOption } from "./machine.ts";
import { tellRepetitions } from "./repetitions.ts";
import { splitWords } from "./scan.ts";
import { knownKeys, optionOfEnv, otherBondVariables } from "./spelling.ts";
import type { NoBondCause, SaidOption } from "./story.ts";
import { type ResolvedStanza, spanOfVariable, type Variable } from "./variables.ts";

/** What can only be said once boot is over: what took no effect, what is missing, what is said twice. */
export function tellAftermath(machine: Machine, resolved: readonly ResolvedStanza[]): void {
  for (const stanza of resolved) {
    tellSelfMaster(machine, stanza);
    tellUnknownOptions(machine, stanza);
    tellIgnoredOnPort(machine, stanza);
  }
  for (const name of spokenOfAsBond(machine, resolved)) {
    if (machine.bonds.has(name)) tellBond(machine, name);
    else tellNoBond(machine, name);
  }
}

/** Names the text treats as bonds: named by bond-master, or with a bond's options in their own stanza. */
function spokenOfAsBond(machine: Machine, resolved: readonly ResolvedStanza[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const stanza of resolved) {
    const master = stanza.env.get("BOND_MASTER")?.value;
    if (master !== undefined && machine.stanzas.has(master)) names.add(master);
    if (master === undefined && bondVariables(stanza).length > 0) names.add(stanza.stanza.name.text);
  }
  return names;
}

/** Variables of a stanza that are written as bonding options, known or not. */
function bondVariables(stanza: ResolvedStanza): readonly [string, Variable][] {
  return [...stanza.env].filter(([env]) => env.startsWith("BOND_") || env === "SLAVES");
}

/** Told of every stanza that has the line, also where ifup never came so far as to run into it. */
function tellSelfMaster(machine: Machine, stanza: ResolvedStanza): void {
  const name = stanza.stanza.name.text;
  const master = stanza.env.get("BOND_MASTER");
  if (master?.value !== name) return;
  const outcome = machine.bonds.has(name) ? "left-at-defaults" : "no-bond";
  note(machine, { fact: "self-master", bond: name, at: spanOfVariable(master), outcome });
}

function tellUnknownOptions(machine: Machine, stanza: ResolvedStanza): void {
  for (const [env, variable] of bondVariables(stanza)) {
    if (optionOfEnv(env) !== undefined || otherBondVariables.has(env)) continue;
    const kernels = optionNamed(env.slice("BOND_".length).toLowerCase());
    const suggestion = kernels === undefined ? nearest(variable.name.replace(/_/g, "-"), knownKeys) : undefined;
    const said = saidOption(variable, kernels);
    const iface = stanza.stanza.name.text;
    note(machine, { fact: "unknown-bond-option", iface, said, at: said.at, ...(suggestion ? { suggestion } : {}) });
  }
}

/** Of a port's own stanza ifenslave reads bond-master, bond-primary, bond-primary-reselect and bond-give-a-chance. */
function tellIgnoredOnPort(machine: Machine, stanza: ResolvedStanza): void {
  const port = stanza.stanza.name.text;
  const bond = stanza.env.get("BOND_MASTER")?.value ?? machine.portOf.get(port);
  if (bond === undefined || bond === port || machine.setUps.has(port)) return;
  for (const [env, variable] of bondVariables(stanza)) {
    const option = optionOfEnv(env);
    if (option === undefined) continue;
    // Without bond-master the hook does not look at the stanza at all.
    const read = stanza.env.has("BOND_MASTER") && (option === "primary" || option === "primary_reselect");
    if (read) continue;
    const said = saidOption(variable, option);
    note(machine, {
      fact: "option-ignored-on-port",
      port,
      bond,
      said,
      at: said.at,
      bondSays: bondSays(machine, bond, env, variable),
    });
  }
}

function bondSays(machine: Machine, bond: string, env: string, variable: Variable): "same" | "different" | "nothing" {
  const own = (machine.stanzas.get(bond) ?? []).flatMap((stanza) => stanza.env.get(env) ?? []);
  if (own.length === 0) return "nothing";
  const option = optionOfEnv(env);
  const meaning = (text: string) => String((option && readValue(option, text)) ?? text);
  return own.some((one) => meaning(one.value) === meaning(variable.value)) ? "same" : "different";
}

function tellNoBond(machine: Machine, name: string): void {
  const stanzas = machine.stanzas.get(name);
  const [first] = stanzas ?? [];
  if (stanzas === undefined || first === undefined) return;
  const [cause, at] = causeOfNoBond(machine, name, stanzas);
  note(machine, { fact: "no-bond", bond: name, at, cause, stanza: first.stanza.span });
}

function causeOfNoBond(machine: Machine, name: string, stanzas: readonly ResolvedStanza[]): [NoBondCause, Span] {
  const find = (env: string) => stanzas.find((stanza) => stanza.env.has(env))?.env.get(env);
  const nameSpan = stanzas[0]?.stanza.name.span ?? { file: "", start: 0, end: 0 };
  const master = find("BOND_MASTER");
  if (master?.value === name) return ["self-master", spanOfVariable(master)];
  if (stanzas.some((stanza) => stanza.method === "static" && !stanza.variables.has("address"))) {
    return ["missing-address", nameSpan];
  }
  if (master !== undefined) return ["is-a-port", spanOfVariable(master)];
  const bridge = find("BRIDGE_PORTS");
  if (bridge !== undefined) return ["is-a-bridge", spanOfVariable(bridge)];
  const setting = stanzas.findIndex((stanza) => listedPorts(stanza) !== undefined || stanza.env.has("BOND_MODE"));
  const sets = setting !== -1;
  if (setting > 0 && machine.noScripts.length === 0) return ["set-in-later-stanza", nameSpan];
  return [sets && machine.noScripts.length > 0 ? "no-scripts" : "not-recognised", nameSpan];
}

function tellBond(machine: Machine, name: string): void {
  const stanzas = machine.stanzas.get(name) ?? [];
  const runs = machine.setUps.get(name) ?? [];
  if (runs.length === 0 && machine.fromModule.has(name)) {
    const [first] = stanzas;
    if (first === undefined) return;
    const ignored = stanzas.flatMap((stanza) => saidOptions(stanza));
    note(machine, { fact: "bond-from-module", bond: name, at: first.stanza.name.span, ignored });
    return;
  }
  tellVainOptions(machine, name, stanzas);
  tellSkippedPrimary(machine, name, runs);
  tellTwoFamilies(machine, name, runs);
  tellRestart(machine, name, stanzas);
  tellRepetitions(machine, name);
}

/** The kernel's options a stanza says, as facts speak of them. */
function saidOptions(stanza: ResolvedStanza): readonly SaidOption[] {
  return bondVariables(stanza).flatMap(([env, variable]) => {
    const option: OptionName | undefined = optionOfEnv(env);
    return option === undefined ? [] : [saidOption(variable, option)];
  });
}

function tellVainOptions(machine: Machine, bond: string, stanzas: readonly ResolvedStanza[]): void {
  for (const stanza of stanzas) {
    for (const [env, reason] of [
      ["BOND_ACTIVE_SLAVE", "before-ports"],
      ["BOND_QUEUE_ID", "no-such-file"],
    ] as const) {
      const variable = stanza.env.get(env);
      if (variable === undefined) continue;
      const said = saidOption(variable, optionNamed(env.slice("BOND_".length).toLowerCase()));
      note(machine, { fact: "option-never-works", bond, said, at: said.at, reason });
    }
  }
}

function tellSkippedPrimary(machine: Machine, bond: string, runs: readonly ResolvedStanza[]): void {
  const kernel = machine.bonds.get(bond);
  const applied = machine.applied.get(bond)?.get("primary");
  for (const stanza of runs) {
    const variable = stanza.env.get("BOND_PRIMARY");
    if (variable === undefined) continue;
    const at = spanOfVariable(variable);
    if (applied !== undefined && applied.at.start === at.start && applied.at.file === at.file) continue;
    if (machine.facts.has(factKey("option-refused", at, bond))) continue;
    const primary = splitWords(variable.value);
    const joins = primary.some((name) => kernel?.ports.has(name));
    const by = applied === undefined ? undefined : portThatSays(machine, bond, applied.at);
    const reason = joins ? ("no-ports-yet" as const) : ("not-a-port" as const);
    note(machine, {
      fact: "primary-skipped",
      bond,
      primary,
      at,
      reason,
      ...(by === undefined ? {} : { recoveredBy: by }),
    });
  }
}

function portThatSays(machine: Machine, bond: string, at: Span): string | undefined {
  return [...(machine.bonds.get(bond)?.ports ?? [])].find((port) =>
    machine.stanzas.get(port)?.some((stanza) => {
      const variable = stanza.env.get("BOND_PRIMARY");
      return (
        variable !== undefined &&
        spanOfVariable(variable).start === at.start &&
        spanOfVariable(variable).file === at.file
      );
    }),
  );
}

function tellTwoFamilies(machine: Machine, bond: string, runs: readonly ResolvedStanza[]): void {
  const distinct = [...new Set(runs)];
  const [first, second] = distinct;
  if (first === undefined || second === undefined) return;
  const portsDown = [...(machine.bonds.get(bond)?.ports ?? [])].filter((port) => machine.down.has(port));
  const place = (stanza: ResolvedStanza) => {
    const variable = listedPorts(stanza)?.variable ?? stanza.env.get("BOND_MODE");
    return variable === undefined ? stanza.stanza.name.span : spanOfVariable(variable);
  };
  note(machine, { fact: "bond-options-in-two-families", bond, at: place(second), first: place(first), portsDown });
}

function tellRestart(machine: Machine, bond: string, stanzas: readonly ResolvedStanza[]): void {
  const listed = new Set(stanzas.flatMap((stanza) => listedPorts(stanza)?.names ?? []));
  const all = stanzas.some((stanza) => listedPorts(stanza)?.variable.value === "all");
  const ports = [...(machine.bonds.get(bond)?.ports ?? [])].filter(
    (port) => !listed.has(port) && exists(machine, port),
  );
  const first = stanzas[0];
  if (all || ports.length === 0 || first === undefined) return;
  const said = stanzas.map((stanza) => listedPorts(stanza)?.variable).find((variable) => variable !== undefined);
  const at = said === undefined ? first.stanza.name.span : spanOfVariable(said);
  note(machine, { fact: "ports-lost-on-restart", bond, at, ports });
}
