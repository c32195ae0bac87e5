import { aboutBonds, interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A VLAN made on a port dies with it; the bond does not know of it. */
export const vlanOnPort: Rule = {
  name: "vlan-on-port",
  severity: "warning",
  about: "VLANs stand on the bond, not on one of its ports",
  source: [sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      subject.config.interfaces.flatMap((one) => {
        const vlan = one.vlan;
        if (vlan === undefined || !bond.ports.includes(vlan.parent)) return [];
        return {
          message: `${one.name} is VLAN ${vlan.id} on ${vlan.parent}, a port of ${bond.name}: it does not fail over with it`,
          hint: `Put the VLAN on ${bond.name} (${bond.name}.${vlan.id}).`,
          at: interfacePlace(subject, one.name),
        };
      }),
    ),
};
