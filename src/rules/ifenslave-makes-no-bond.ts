import type { NoBondCause } from "../dialects/ifupdown/story.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/* Two causes have rules of their own: ifenslave-bond-master-on-itself and static-without-address. */
const causes: Partial<Record<NoBondCause, { readonly why: string; readonly hint: string }>> = {
  "not-recognised": {
    why: "its stanza has neither bond-slaves nor bond-mode, and ifenslave looks for one of them",
    hint: "Say bond-slaves and bond-mode in the stanza of the bond.",
  },
  "is-a-port": {
    why: "its stanza has a bond-master, so ifenslave takes it for a port of another bond",
    hint: "Delete bond-master from the stanza of the bond.",
  },
  "is-a-bridge": {
    why: "bridge_ports in the same stanza makes a bridge of that name first",
    hint: "Give the bridge a stanza and a name of its own.",
  },
  "no-scripts": {
    why: "no-scripts keeps the hooks of /etc/network from running, ifenslave among them",
    hint: "Take the bond and its ports out of no-scripts.",
  },
};

/** The text speaks of a bond that ifenslave never makes. */
export const ifenslaveMakesNoBond: Rule = {
  name: "ifenslave-makes-no-bond",
  severity: "error",
  about: "Every bond a file speaks of is made",
  source: [sources.ifenslave, sources.ifupdown],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "no-bond").flatMap((fact) => {
      const cause = causes[fact.cause];
      if (cause === undefined) return [];
      const outside = factsOf(subject, "master-is-no-bond").filter((one) => one.master === fact.bond);
      return {
        bond: fact.bond,
        message: `there is no bond ${fact.bond} after boot: ${cause.why}`,
        hint: cause.hint,
        at: fact.at,
        also: outside.map((one) => ({ at: one.at, note: `${one.port} finds no ${fact.bond} to join` })),
        explains: ["ifenslave-options-only-on-ports", "options-repeated"],
      };
    }),
};
