import { aboutBonds, bridgesOver, inForce, interfacePlace, optionPlace } from "./about/bonds.ts";
import { hasGeneratedMac } from "./about/consumers.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** The bridge takes the bond's new MAC address, and nobody announces it. */
export const fomActiveUnderBridge: Rule = {
  name: "fom-active-under-bridge",
  severity: "warning",
  about: "A bridge over a bond with fail_over_mac active has a MAC address of its own",
  source: [sources.bridge, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (inForce(bond, "fail_over_mac") !== "active") return [];
      return bridgesOver(subject.config, bond.name)
        .filter((bridge) => bridge.mac === undefined && !hasGeneratedMac(subject, bridge.name))
        .map((bridge) => ({
          message: `at a failover ${bridge.name} changes its MAC address with ${bond.name} and tells nobody: it cannot be reached for half a minute (23.8 s when measured)`,
          // With one of its own it would be cut off by the radio, whose access point lets nothing else pass.
          hint:
            radioPorts(subject.config, bond).length === 0
              ? `Give ${bridge.name} a MAC address of its own.`
              : `Say ${saying(subject, "fail_over_mac", "none")}: ${bridge.name} then keeps the one that has joined by Wi-Fi.`,
          at: interfacePlace(subject, bridge.name) ?? optionPlace(subject, bond, "fail_over_mac"),
        }));
    }),
};
