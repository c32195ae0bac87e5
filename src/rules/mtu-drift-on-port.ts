import { aboutBonds, interfaceNamed, interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A port's MTU set by itself, later, is not corrected by the bond. */
export const mtuDriftOnPort: Rule = {
  name: "mtu-drift-on-port",
  severity: "advice",
  about: "The MTU is set on the bond, not on its ports",
  source: [sources.bondMain, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const own = interfaceNamed(subject.config, bond.name);
      // A command of its own may set the bond's MTU.
      if (own?.hooks.some((hook) => hook.command.includes("mtu"))) return [];
      const bondMtu = own?.mtu ?? 1500;
      return bond.ports.flatMap((port) => {
        const mtu = interfaceNamed(subject.config, port)?.mtu;
        if (mtu === undefined || mtu === bondMtu) return [];
        return {
          message: `${port} has an MTU of ${mtu} and ${bond.name} one of ${bondMtu}: large packets get lost only when ${port} is active`,
          hint: `Set the MTU on ${bond.name}, which passes it on to its ports.`,
          at: interfacePlace(subject, port, "mtu"),
        };
      });
    }),
};
