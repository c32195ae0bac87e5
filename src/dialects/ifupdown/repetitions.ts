import type { Span } from "../../diagnostic/diagnostic.ts";
import type { OptionName } from "../../model/options.ts";
import { readValue } from "./kernel-bond.ts";
import { type Machine, note } from "./machine.ts";
import { optionOfEnv } from "./spelling.ts";
import { spanOfVariable, type Variable } from "./variables.ts";

interface Place {
  readonly owner: string;
  readonly value: string;
  readonly at: Span;
}

/** Finds options a bond's stanza and its ports' stanzas say alike, where one line is enough.
 *  bond-primary in the primary's own stanza is no repetition: it makes it primary again after a replug. */
export function tellRepetitions(machine: Machine, bond: string): void {
  const places = new Map<OptionName, Place[]>();
  for (const owner of [bond, ...(machine.bonds.get(bond)?.ports ?? [])]) {
    for (const stanza of machine.stanzas.get(owner) ?? []) {
      for (const [env, variable] of stanza.env) collect(places, owner, env, variable);
    }
  }
  for (const [option, said] of places) tellOne(machine, bond, option, said);
}

function collect(places: Map<OptionName, Place[]>, owner: string, env: string, variable: Variable): void {
  const option = optionOfEnv(env);
  if (option === undefined) return;
  const value = String(readValue(option, variable.value) ?? variable.value);
  const list = places.get(option) ?? [];
  list.push({ owner, value, at: spanOfVariable(variable) });
  places.set(option, list);
}

function tellOne(machine: Machine, bond: string, option: OptionName, said: readonly Place[]): void {
  const applied = machine.applied.get(bond)?.get(option);
  const effective = said.find((place) => place.at.start === applied?.at.start && place.at.file === applied.at.file);
  if (effective === undefined) return;
  const useful = (place: Place) =>
    place === effective ||
    (option === "primary" && (place.owner === effective.value || owns(machine, bond, place, said)));
  const also = said.filter((place) => place.value === effective.value && !useful(place)).map((place) => place.at);
  if (also.length > 0) note(machine, { fact: "options-repeated", bond, option, at: effective.at, also });
}

/** The bond's own bond-primary matters when bond-slaves lists the primary: that is how a restart of the bond finds it. */
function owns(machine: Machine, bond: string, place: Place, said: readonly Place[]): boolean {
  if (place.owner !== bond) return false;
  const primary = said[0]?.value ?? "";
  return (machine.stanzas.get(bond) ?? []).some((stanza) => {
    const list = stanza.env.get("BOND_SLAVES") ?? stanza.env.get("SLAVES");
    return list?.value.split(/\s+/).includes(primary) ?? false;
  });
}
