import { aboutBonds, inForce, interfaceNamed, interfacePlace, isActiveBackup } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** The bond wears the active port's address, whatever was said for it. */
export const macLostWithFomActive: Rule = {
  name: "mac-lost-with-fom-active",
  severity: "warning",
  about: "A bond with fail_over_mac active is given no MAC address of its own",
  source: [sources.bondMain, sources.bondingRst, "nmstate pull requests 827 and 2963"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const mac = interfaceNamed(subject.config, bond.name)?.mac;
      if (mac === undefined || !isActiveBackup(bond) || inForce(bond, "fail_over_mac") !== "active") return undefined;
      return {
        message: `${bond.name} is to have the MAC address ${mac} and, with fail_over_mac active, that of its active port: the port's wins, at the latest with the first failover, and what is reserved for ${mac} is lost`,
        hint: `Remove the MAC address of ${bond.name}, or say ${saying(subject, "fail_over_mac", "none")} where every port can change its own.`,
        at: interfacePlace(subject, bond.name, "mac"),
        explains: ["dhcp-address-follows-mac"],
      };
    }),
};
