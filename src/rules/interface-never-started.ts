import { sources } from "./about/sources.ts";
import { factsOf, ifaceStanzas, optionsNamed } from "./about/stanzas.ts";
import type { Rule, Subject } from "./rule.ts";

/** A stanza without auto or allow-hotplug is brought up only by hand. */
export const interfaceNeverStarted: Rule = {
  name: "interface-never-started",
  severity: "warning",
  about: "Bonds and their ports come up at boot or when they appear",
  source: [sources.ifupdown],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "never-started")
      .filter((fact) => fact.bond !== undefined || isBond(subject, fact.iface))
      .map((fact) => ({
        message:
          fact.bond === undefined
            ? `nothing brings ${fact.iface} up at boot: no auto line names it or one of its ports`
            : `nothing brings ${fact.iface} up at boot, so it never joins ${fact.bond}`,
        hint: `Add auto ${fact.iface}.`,
        at: fact.at,
      })),
};

function isBond(subject: Subject, name: string): boolean {
  return ifaceStanzas(subject, name).some((stanza) =>
    ["bond-slaves", "bond-mode", "slaves"].some((key) => optionsNamed(stanza, key).length > 0),
  );
}
