import type { Span } from "../../diagnostic/diagnostic.ts";
import type { IfaceStanza, InterfacesDocument, StanzaOption } from "./document.ts";

/** What ifupdown holds of an option: repeated lines are one variable, their values joined by a line feed. */
export interface Variable {
  /** As written. */
  readonly name: string;
  readonly value: string;
  /** The lines that say it, inherited ones first. */
  readonly said: readonly StanzaOption[];
}

/** A stanza with what it inherits worked in. */
export interface ResolvedStanza {
  readonly stanza: IfaceStanza;
  readonly family: string | undefined;
  readonly method: string | undefined;
  /** Options in order of first appearance; commands (up, down, pre-up, post-down and their other names) are in `commands`. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly commands: readonly StanzaOption[];
  /** The same variables under the name hooks see, e.g. BOND_MODE for bond-mode and bond_mode; the last one of a name wins. */
  readonly env: ReadonlyMap<string, Variable>;
}

const commandKeys: ReadonlySet<string> = new Set(["up", "post-up", "pre-up", "down", "pre-down", "post-down"]);

/** Whether an option is a command ifup runs, not a variable. */
export function isCommand(key: string): boolean {
  return commandKeys.has(key);
}

/** The name hooks see behind "IF_": upper case, "-" as "_", everything but ASCII letters, digits and "_" left out.
 *  Source: setlocalenv() of ifupdown 0.8.41. */
export function envName(key: string): string {
  return key
    .replace(/-/g, "_")
    .replace(/[^A-Za-z0-9_]/g, "")
    .toUpperCase();
}

/** Characters and options that may be copied by `inherits` in one document, so that a hostile one can't square its size. */
const inheritBudget = 4_000_000;

/** Works out every iface stanza, in order. Linear in the text plus what is inherited, which is bounded. */
export function resolveStanzas(document: InterfacesDocument): readonly ResolvedStanza[] {
  const resolved: ResolvedStanza[] = [];
  const byName = new Map<string, ResolvedStanza>();
  let budget = inheritBudget;
  for (const stanza of document.stanzas) {
    if (stanza.kind !== "iface") continue;
    const other = stanza.inherits[0]?.text;
    const family = stanza.family?.text;
    let base = other === undefined ? undefined : byName.get(family === undefined ? other : `${other} ${family}`);
    if (base !== undefined) {
      budget -= sizeOf(base);
      if (budget < 0) base = undefined;
    }
    const result = resolveStanza(stanza, base);
    resolved.push(result);
    for (const key of [stanza.name.text, `${stanza.name.text} ${result.family ?? ""}`]) {
      if (!byName.has(key)) byName.set(key, result);
    }
  }
  return resolved;
}

function sizeOf(base: ResolvedStanza): number {
  let size = base.commands.length * 16;
  for (const variable of base.variables.values()) size += 16 + variable.value.length;
  return size;
}

function resolveStanza(stanza: IfaceStanza, base: ResolvedStanza | undefined): ResolvedStanza {
  const parts = new Map<string, { values: string[]; said: StanzaOption[] }>();
  for (const [name, variable] of base?.variables ?? []) {
    parts.set(name, { values: [variable.value], said: [...variable.said] });
  }
  const commands = [...(base?.commands ?? [])];
  for (const option of stanza.options) {
    const name = option.key.text;
    if (isCommand(name)) {
      commands.push(option);
      continue;
    }
    const part = parts.get(name) ?? { values: [], said: [] };
    part.values.push(option.value.text);
    part.said.push(option);
    parts.set(name, part);
  }
  const variables = new Map<string, Variable>();
  const env = new Map<string, Variable>();
  for (const [name, { values, said }] of parts) {
    const variable = { name, value: values.join("\n"), said };
    variables.set(name, variable);
    // One name's variables stand where the last of them stands: the one that counts.
    const seen = envName(name);
    env.delete(seen);
    env.set(seen, variable);
  }
  const family = stanza.family?.text ?? base?.family;
  const method = stanza.method?.text ?? base?.method;
  return { stanza, family, method, variables, commands, env };
}

/** The line that says a variable: key and value of its first line. */
export function spanOfVariable(variable: Variable): Span {
  const [first] = variable.said;
  if (first === undefined) return { file: "", start: 0, end: 0 };
  return lineSpan(first);
}

/** An option line from key to value. */
export function lineSpan(option: StanzaOption): Span {
  return {
    file: option.key.span.file,
    start: option.key.span.start,
    end: Math.max(option.key.span.end, option.value.span.end),
  };
}
