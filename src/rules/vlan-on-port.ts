import { aboutBonds, interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule, Subject } from "./rule.ts";

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
          message: `${one.name} is VLAN ${vlan.id} on ${vlan.parent}, a port of ${bond.name}: it does not fail over with it${refusal(subject)}`,
          hint: `Put the VLAN on ${bond.name} (${bond.name}.${vlan.id}).`,
          at: interfacePlace(subject, one.name),
        };
      }),
    ),
};

/** Source: slave_has_no_subinterface of ifupdown2's addons/bond.py after 3.0, and what its users say of Proxmox VE 9's. */
function refusal({ dialect }: Subject): string {
  if (dialect !== "ifupdown2") return "";
  return "; later versions of ifupdown2 than 3.0 end with an error for it (sub interfaces are not allowed on bond slave), but Proxmox VE 9's don't";
}
