import { inForce, isActiveBackup } from "./about/bonds.ts";
import { declaredPorts, portOrLink } from "./about/host.ts";
import { sources } from "./about/sources.ts";
import type { Finding, Rule } from "./rule.ts";

/* Drivers without ndo_set_mac_address, and InfiniBand, whose addresses are no MAC addresses. */
const fixed = new Set(["ena", "gvnic", "gve", "mana", "ipheth", "ib_ipoib"]);

/** A bond gives its MAC address to every port, and these don't take it. */
export const portCannotChangeMac: Rule = {
  name: "port-cannot-change-mac",
  severity: "error",
  about: "A port whose driver keeps its MAC address is in a bond that lets it",
  source: [
    sources.bondMain,
    "Linux 6.1, drivers/net/ethernet/{amazon/ena,google/gve,microsoft/mana} and drivers/net/usb/ipheth.c: no ndo_set_mac_address",
  ],
  applies: "any",
  check: (subject) =>
    declaredPorts(subject).flatMap(({ bond, port, link }): readonly Finding[] => {
      if (link === undefined || !fixed.has(link.driver) || inForce(bond, "fail_over_mac") === "active") return [];
      const isBackup = isActiveBackup(bond);
      return [
        {
          bond: bond.name,
          message: `${port} is driven by ${link.driver}, which can't change its MAC address: the kernel refuses it as a port of ${bond.name}${isBackup ? ", unless it comes first, and then changes fail_over_mac to active by itself" : ""}`,
          hint: isBackup ? "Set fail_over_mac to active." : "Use mode active-backup with fail_over_mac active.",
          at: portOrLink(subject, bond.name, port),
        },
      ];
    }),
};
