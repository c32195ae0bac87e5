import { aboutBonds, bondPlace, inForce, interfaceNamed, usesDhcp } from "./about/bonds.ts";
import { hasGeneratedMac } from "./about/consumers.ts";
import { isOnUsb, isRadio } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** Who joins first gives the bond its MAC address, and with it the address DHCP hands out. */
export const bondMacByJoiningOrder: Rule = {
  name: "bond-mac-by-joining-order",
  severity: "warning",
  about: "A bond that asks by DHCP does not get its MAC address from whichever port comes first",
  source: [sources.bondMain, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const { config } = subject;
      if (bond.ports.length < 2 || inForce(bond, "fail_over_mac") === "active") return undefined;
      if (!usesDhcp(config, bond.name) || interfaceNamed(config, bond.name)?.mac !== undefined) return undefined;
      const late = bond.ports.find((port) => isOnUsb(config, port) || isRadio(config, port));
      const steady = bond.ports.find((port) => port !== late);
      if (late === undefined || steady === undefined || hasGeneratedMac(subject, bond.name)) return undefined;
      return {
        message: `${bond.name} takes the MAC address of the port that joins first: ${steady} at one boot, ${late} at another, and DHCP then gives it another address`,
        hint: `Give ${bond.name} the MAC address of ${steady} as its own.`,
        at: bondPlace(subject, bond),
      };
    }),
};
