import type { IfaceStanza } from "../dialects/ifupdown/document.ts";
import type { Bond } from "../model/bond.ts";
import { nearest } from "../model/nearest.ts";
import { aboutBonds, portPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { dashed, ifaceStanzas } from "./about/stanzas.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** A port that stands nowhere else, and an interface of nearly that name that is used for nothing. */
export const portPerhapsMisspelt: Rule = {
  name: "port-perhaps-misspelt",
  severity: "warning",
  about: "Ports are called as their interfaces are",
  source: [sources.ifenslave],
  applies: ["ifupdown"],
  check: (subject) => {
    const stanzas = ifaceStanzas(subject);
    const byName = new Map(stanzas.map((stanza) => [stanza.name.text, stanza] as const).reverse());
    // The same for every bond, and dear where there are many.
    const idle = idleInterfaces(subject, stanzas);
    return aboutBonds(subject, (bond) => misspelt(subject, bond, { byName, idle }));
  },
};

interface Stanzas {
  /** The first of each name. */
  readonly byName: ReadonlyMap<string, IfaceStanza>;
  readonly idle: readonly string[];
}

function misspelt(subject: Subject, bond: Bond, { byName, idle }: Stanzas): readonly Finding[] {
  const strangers = bond.ports.filter((port) => !byName.has(port));
  return strangers.flatMap((port) => {
    const meant = nearest(port, idle);
    if (meant === undefined) return [];
    const others = bond.ports.filter((other) => other !== port);
    const rest = others.length === 0 ? "without a port" : `with ${listed(others)} alone`;
    const stanza = byName.get(meant);
    return {
      message: `${bond.name}: ${port} has no stanza, and ${meant}, which has one, is used for nothing: if ${meant} is meant, ${bond.name} comes up ${rest}`,
      hint: `Write ${meant} in place of ${port}, or give ${port} a stanza of its own (iface ${port} inet manual).`,
      at: portPlace(subject, bond, port),
      also: stanza === undefined ? [] : [{ at: stanza.name.span, note: "is this one meant?" }],
    };
  });
}

/** Interfaces that have nothing but a stanza: no address, and no bond, bridge or VLAN that uses them. */
function idleInterfaces(subject: Subject, stanzas: readonly IfaceStanza[]): readonly string[] {
  const { bonds } = subject.config;
  const used = new Set(bonds.flatMap((bond) => [bond.name, ...bond.ports]));
  for (const stanza of stanzas) {
    const says = stanza.options.some((option) => /^(bond|bridge|vlan)-/.test(dashed(option.key.text)));
    if (says || stanza.method?.text !== "manual") used.add(stanza.name.text);
    for (const option of stanza.options) {
      if (/^(bridge-ports|vlan-raw-device)$/.test(dashed(option.key.text)))
        for (const name of option.value.text.split(/\s+/)) used.add(name);
    }
  }
  return [...new Set(stanzas.map((stanza) => stanza.name.text))].filter(
    (name) => !used.has(name) && !name.includes("."),
  );
}
