import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** A stanza without auto or allow-hotplug is brought up only by hand. */
export const interfaceNeverStarted: Rule = {
  name: "interface-never-started",
  severity: "warning",
  about: "Bonds and their ports come up at boot or when they appear",
  source: [sources.ifupdown],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "never-started")
      .filter((fact) => fact.bond !== undefined)
      .map((fact) => ({
        message:
          fact.bond === fact.iface
            ? `nothing brings ${fact.iface} up at boot: no auto line names it or one of its ports`
            : `nothing brings ${fact.iface} up at boot, so it never joins ${fact.bond}`,
        hint: `Add auto ${fact.iface}.`,
        at: fact.at,
      })),
};
