import { aboutBonds, bridgesOver, interfacePlace, isActiveBackup } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** The kernel announces its own addresses on the bond, not those of whoever stands behind a bridge. */
export const bridgedGuestsStaleSwitchTables: Rule = {
  name: "bridged-guests-stale-switch-tables",
  severity: "warning",
  about: "Guests behind a bridge on the bond are announced after a failover",
  source: [sources.bridge, "Linux 6.1, net/8021q/vlan.c", sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      // Guests on a bond with a radio have a worse problem, which has a rule of its own.
      if (!isActiveBackup(bond) || bond.ports.length < 2 || radioPorts(subject.config, bond).length > 0) return [];
      return bridgesOver(subject.config, bond.name).map((bridge) => ({
        message: `after a failover of ${bond.name} nobody announces ${bridge.name} and the guests on it: switches go on sending to the old port until each guest speaks by itself`,
        hint: `Announce them when the active port changes (arping -U -I ${bridge.name} for the host, RARP for guests), and rehearse with a guest that only listens.`,
        at: interfacePlace(subject, bridge.name),
      }));
    }),
};
