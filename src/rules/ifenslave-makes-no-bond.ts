import type { NoBondCause } from "../dialects/ifupdown/story.ts";
import { sources } from "./about/sources.ts";
import { factsOf, ifaceStanzas, optionSpan, optionsNamed } from "./about/stanzas.ts";
import type { Rule, Subject } from "./rule.ts";

/* Two causes have rules of their own: ifenslave-bond-master-on-itself and static-without-address. */
const causes: Partial<Record<NoBondCause, { readonly why: string; readonly hint: string }>> = {
  "not-recognised": {
    why: "its stanza has neither bond-slaves nor bond-mode, and ifenslave looks for one of them",
    hint: "Say bond-slaves and bond-mode in the stanza of the bond.",
  },
  "set-in-later-stanza": {
    why: "ifup works its stanzas in their order, and the first one has neither bond-slaves nor bond-mode: ifenslave makes nothing, the first stanza fails for want of the interface, and the one with the bond's options is never reached",
    hint: "Move the stanza with bond-slaves before the other one.",
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

function laterStanza(subject: Subject, bond: string) {
  const setting = ifaceStanzas(subject, bond).flatMap((stanza) =>
    ["bond-slaves", "slaves", "bond-mode"].flatMap((key) => optionsNamed(stanza, key)),
  );
  return setting.slice(0, 1).map((option) => ({ at: optionSpan(option), note: "said too late" }));
}

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
        also: [
          ...(fact.cause === "set-in-later-stanza" ? laterStanza(subject, fact.bond) : []),
          ...outside.map((one) => ({ at: one.at, note: `${one.port} finds no ${fact.bond} to join` })),
        ],
        explains: ["ifenslave-options-only-on-ports", "options-repeated"],
      };
    }),
};
