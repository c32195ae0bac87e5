import type { Span } from "../../diagnostic/diagnostic.ts";
import type { OptionName } from "../../model/options.ts";
import { globMatches } from "../source-paths.ts";
import type { InterfacesDocument, Word } from "./document.ts";
import type { KernelBond } from "./kernel-bond.ts";
import { newBond } from "./kernel-bond.ts";
import { splitWords } from "./scan.ts";
import type { SaidOption, StoryFact } from "./story.ts";
import { lineSpan, type ResolvedStanza, spanOfVariable, type Variable } from "./variables.ts";

/** The host as ifup finds and leaves it: what exists, what is up, and what has been said about it. */
export interface Machine {
  readonly stanzas: ReadonlyMap<string, readonly ResolvedStanza[]>;
  /** Interfaces of `auto` and of every allow- class, in order, patterns worked out over the stanzas. */
  readonly classes: ReadonlyMap<string, ReadonlyMap<string, Word>>;
  /** Patterns of `no-scripts` lines, at most a few hundred. */
  readonly noScripts: readonly string[];
  /** Names that only exist once something makes them: bonds, bridges, VLANs. */
  readonly virtual: ReadonlySet<string>;
  readonly bonds: Map<string, KernelBond>;
  /** Bonds that loading the module made. */
  readonly fromModule: ReadonlySet<string>;
  /** Bridges and VLANs made so far. */
  readonly made: Set<string>;
  readonly portOf: Map<string, string>;
  /** Links that are administratively down although they are ports. */
  readonly down: Set<string>;
  /** Interfaces ifup holds for configured (or being configured). */
  readonly state: Set<string>;
  /** How often bringing an interface up was tried and failed. */
  readonly failures: Map<string, number>;
  /** Stanzas of each bond that ran ifenslave's set-up of a bond, in order. */
  readonly setUps: Map<string, ResolvedStanza[]>;
  /** Which line each option of a bond came from. */
  readonly applied: Map<string, Map<OptionName, SaidOption>>;
  readonly facts: Map<string, StoryFact>;
}

/** Stanzas of one interface that take part; more of one name is no real file, and would cost its square. */
const stanzasLimit = 256;

/** The machine before ifup runs. */
export function bootedMachine(
  document: InterfacesDocument,
  resolved: readonly ResolvedStanza[],
  maxBonds: number,
): Machine {
  const stanzas = new Map<string, ResolvedStanza[]>();
  for (const one of resolved) {
    const name = one.stanza.name.text;
    const list = stanzas.get(name);
    if (list === undefined) stanzas.set(name, [one]);
    else if (list.length < stanzasLimit) list.push(one);
  }
  const names = Array.from({ length: Math.min(Math.max(0, Math.floor(maxBonds)), 256) }, (_, index) => `bond${index}`);
  return {
    stanzas,
    classes: readClasses(document, stanzas),
    noScripts: document.stanzas
      .flatMap((one) => (one.kind === "other" && one.keyword.text === "no-scripts" ? one.words : []))
      .slice(0, stanzasLimit)
      .map((word) => word.text),
    virtual: virtualNames(resolved),
    bonds: new Map(names.map((name) => [name, newBond(name)])),
    fromModule: new Set(names),
    made: new Set(),
    portOf: new Map(),
    down: new Set(),
    state: new Set(),
    failures: new Map(),
    setUps: new Map(),
    applied: new Map(),
    facts: new Map(),
  };
}

/** Most names one pattern of an `auto` line may stand for, times patterns: keeps a hostile file linear. */
const patternBudget = 2_000_000;

function readClasses(
  document: InterfacesDocument,
  stanzas: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, ReadonlyMap<string, Word>> {
  const classes = new Map<string, Map<string, Word>>();
  let budget = patternBudget;
  for (const stanza of document.stanzas) {
    if (stanza.kind !== "auto") continue;
    const held = classes.get(stanza.allow) ?? new Map<string, Word>();
    classes.set(stanza.allow, held);
    for (const word of stanza.names) {
      const pattern = word.text.startsWith("/") ? word.text.slice(1) : undefined;
      if (pattern !== undefined) budget -= stanzas.size;
      const names = pattern === undefined || budget < 0 ? [plainName(word.text)] : matching(stanzas, pattern);
      for (const name of names) if (!held.has(name)) held.set(name, word);
    }
  }
  return classes;
}

function matching(stanzas: ReadonlyMap<string, unknown>, pattern: string): readonly string[] {
  return [...stanzas.keys()].filter((name) => globMatches(pattern, name));
}

/** `eth0=home` brings up eth0 by the stanza home; the stanza is what has a name here. */
function plainName(text: string): string {
  return text.slice(text.indexOf("=") + 1);
}

function virtualNames(resolved: readonly ResolvedStanza[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { stanza, env } of resolved) {
    const name = stanza.name.text;
    const master = env.get("BOND_MASTER");
    if (master !== undefined) names.add(master.value);
    // In a port's stanza bond-mode and bond-slaves make nothing.
    const bond = master === undefined && ["BOND_SLAVES", "SLAVES", "BOND_MODE"].some((key) => env.has(key));
    const makes = bond || env.has("BRIDGE_PORTS") || env.has("VLAN_RAW_DEVICE");
    if (makes || name.includes(".")) names.add(name);
  }
  return names;
}

/** Whether a link of that name is there now. Names nobody makes are taken for hardware. */
export function exists(machine: Machine, name: string): boolean {
  return machine.bonds.has(name) || machine.made.has(name) || !machine.virtual.has(name);
}

/** What tells one fact from another: its kind, its place and its bond. */
export function factKey(fact: StoryFact["fact"], at: Span, bond: string): string {
  return `${fact} ${at.file} ${at.start} ${bond}`;
}

/** Notes a fact once per place. */
export function note(machine: Machine, fact: StoryFact): void {
  const key = factKey(fact.fact, fact.at, "bond" in fact ? (fact.bond ?? "") : "");
  if (!machine.facts.has(key)) machine.facts.set(key, fact);
}

/** A variable as a fact speaks of it. */
export function saidOption(variable: Variable, option: OptionName | undefined): SaidOption {
  const first = variable.said[0];
  const at: Span = first === undefined ? spanOfVariable(variable) : lineSpan(first);
  return { key: variable.name, value: variable.value, at, ...(option === undefined ? {} : { option }) };
}

/** The names in the bond-slaves (or slaves) of a stanza, and the variable that says them. `none` is an empty list. What cannot be
 *  a link is left out, as the hook fails on it and goes on: a comment behind the names, or none and all among others. */
export function listedPorts(stanza: ResolvedStanza): { variable: Variable; names: readonly string[] } | undefined {
  const said = stanza.env.get("BOND_SLAVES");
  const variable = said !== undefined && said.value !== "" ? said : stanza.env.get("SLAVES");
  if (variable === undefined) return undefined;
  if (variable.value === "none") return { variable, names: [] };
  const words = splitWords(variable.value);
  const comment = words.findIndex((word) => word.startsWith("#"));
  const names = (comment === -1 ? words : words.slice(0, comment)).filter((word) => word !== "none" && word !== "all");
  return { variable, names: [...new Set(names)] };
}
