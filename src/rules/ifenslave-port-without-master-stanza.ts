import { nearest } from "../model/nearest.ts";
import { sources } from "./about/sources.ts";
import { factsOf, ifaceStanzas } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** ifenslave makes a bond from its own stanza only. */
export const ifenslavePortWithoutMasterStanza: Rule = {
  name: "ifenslave-port-without-master-stanza",
  severity: "error",
  about: "The bond a port names has a stanza",
  source: [sources.ifenslave],
  applies: ["ifupdown"],
  check: (subject) => {
    const names = [...new Set(ifaceStanzas(subject).map((stanza) => stanza.name.text))];
    return factsOf(subject, "port-without-master-stanza").map((fact) => {
      const meant = nearest(
        fact.master,
        names.filter((name) => name !== fact.port),
      );
      return {
        bond: fact.master,
        message: `${fact.port} wants to join ${fact.master}, which has no iface stanza: ifup gives ${fact.port} up`,
        hint: `${meant === undefined ? "" : `Write bond-master ${meant} if that is meant, or add `}${meant === undefined ? "Add " : ""}iface ${fact.master} with bond-mode, bond-miimon and an address.`,
        at: fact.at,
      };
    });
  },
};
