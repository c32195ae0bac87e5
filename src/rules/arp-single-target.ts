import { aboutBonds, inForce, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** With one target, that host's reboot is the death of every port at once. */
export const arpSingleTarget: Rule = {
  name: "arp-single-target",
  severity: "warning",
  about: "The ARP monitor asks at least two hosts",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const targets = [...(bond.options.arp_ip_target ?? []), ...(bond.options.ns_ip6_target ?? [])];
      if (numberInForce(bond, "arp_interval") === 0 || targets.length !== 1) return undefined;
      const isStrict = inForce(bond, "arp_validate") !== "none";
      return {
        message: `${bond.name} asks only ${targets[0]}: when that host is off, ${isStrict ? "every port counts as dead and the LAN is lost with it (72 % loss when measured)" : "its ports live on whatever other traffic happens to arrive"}`,
        hint: `Add a second address to ${spelt(subject, "arp_ip_target")}, of a host that does not fail together with the first.`,
        at: optionPlace(subject, bond, "arp_ip_target"),
      };
    }),
};
