import { aboutBonds, interfaceNamed, interfacePlace } from "./about/bonds.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/* What ifupdown2 gives an interface whose stanza says no MTU. */
const usualBytes = 1500;

/** A file moved from ifenslave, where ports follow the bond, to ifupdown2, where they don't. */
export const ifupdown2PortMtuStays: Rule = {
  name: "ifupdown2-port-mtu-stays",
  severity: "warning",
  about: "Under ifupdown2 ports are told the bond's MTU themselves",
  source: ["ifupdown2 issue 72"],
  applies: ["ifupdown2"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const mtu = interfaceNamed(subject.config, bond.name)?.mtu ?? 0;
      const silent = bond.ports.filter((port) => interfaceNamed(subject.config, port)?.mtu === undefined);
      if (mtu <= usualBytes || silent.length === 0) return undefined;
      return {
        message: `${bond.name} has an MTU of ${mtu}, and ${listed(silent)} ${agreeing(silent, "stays", "stay")} at ${usualBytes}: ifupdown2 hands it to no port, and larger packets get lost without a word`,
        hint: `Write mtu ${mtu} in the ${agreeing(silent, "stanza", "stanzas")} of ${listed(silent)} too.`,
        at: interfacePlace(subject, bond.name, "mtu"),
      };
    }),
};
