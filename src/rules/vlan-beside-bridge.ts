import { aboutBonds, bridgesOver, interfacePlace } from "./about/bonds.ts";
import type { Finding, Rule } from "./rule.ts";

/** A VLAN on a bond takes its frames before a bridge over that bond sees them. */
export const vlanBesideBridge: Rule = {
  name: "vlan-beside-bridge",
  severity: "warning",
  about: "Where a bridge tells VLANs apart, they stand on the bridge and not on the bond below it",
  source: ["Linux 6.1, net/core/dev.c, __netif_receive_skb_core(): VLANs come before a bridge", "ifupdown2 issue 124"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const { interfaces } = subject.config;
      const bridge = bridgesOver(subject.config, bond.name).find(
        (one) => one.bridge?.settings["vlan_filtering"] === "1" && one.bridge.ports.includes(bond.name),
      );
      if (bridge === undefined) return [];
      return interfaces.flatMap((one): readonly Finding[] => {
        // A VLAN that is a port of another bridge has been taken out on purpose.
        const isPort = interfaces.some(({ bridge: other }) => other?.ports.includes(one.name));
        if (one.vlan?.parent !== bond.name || isPort) return [];
        const { id } = one.vlan;
        return [
          {
            message: `${one.name} takes VLAN ${id} out of ${bond.name} before ${bridge.name} sees it: guests of ${bridge.name} in VLAN ${id} are cut off from outside and from this host`,
            hint: `Put the VLAN, with its address and gateway, on the bridge: ${bridge.name}.${id}.`,
            at: interfacePlace(subject, one.name),
          },
        ];
      });
    }),
};
