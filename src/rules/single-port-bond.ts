import { aboutBonds, bondPlace, interfaceNamed } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A bond of one port adds nothing but a layer. */
export const singlePortBond: Rule = {
  name: "single-port-bond",
  severity: "advice",
  about: "A bond has at least two ports",
  source: [sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      // A pattern may stand for any number of links.
      const isOpen = bond.ports.some((port) => interfaceNamed(subject.config, port)?.match?.pattern !== undefined);
      if (bond.ports.length > 1 || isOpen) return undefined;
      const only = bond.ports[0];
      return {
        message:
          only === undefined
            ? `${bond.name} has no port and so reaches nothing`
            : `${bond.name} has only ${only}: there is no second way to fail over to`,
        hint: `Add ${only === undefined ? "its ports" : "a second port"} to ${bond.name}.`,
        at: bondPlace(subject, bond),
      };
    }),
};
