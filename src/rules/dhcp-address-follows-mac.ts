import { aboutBonds, inForce, optionPlace, usesDhcp } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A DHCP server that knows hosts by MAC address gives another address after each failover. */
export const dhcpAddressFollowsMac: Rule = {
  name: "dhcp-address-follows-mac",
  severity: "warning",
  about: "The address does not change when the MAC address does",
  source: [sources.bondingRst, "measured with systemd-networkd 252"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (inForce(bond, "fail_over_mac") !== "active" || !usesDhcp(subject.config, bond.name)) return undefined;
      return {
        message: `with fail_over_mac active the MAC address of ${bond.name} changes at a failover, and the DHCP server may then give it another address: sessions break`,
        hint: "Reserve one address for the MAC addresses of all ports, or use a static address.",
        at: optionPlace(subject, bond, "fail_over_mac"),
      };
    }),
};
