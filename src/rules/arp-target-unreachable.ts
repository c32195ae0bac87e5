import { parseCidr } from "../model/address.ts";
import { aboutBonds, addressesOn, numberInForce, optionPlace } from "./about/bonds.ts";
import { isWithin } from "./about/networks.ts";
import { sources } from "./about/sources.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** ARP ends at the router: a target on another subnet never answers, and neither does the host itself. */
export const arpTargetUnreachable: Rule = {
  name: "arp-target-unreachable",
  severity: "error",
  about: "ARP targets are other hosts on the bond's own subnet",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const targets = bond.options.arp_ip_target ?? [];
      const networks = addressesOn(subject.config, bond.name).filter(
        (address) => !address.includes(":") && parseCidr(address).ok,
      );
      if (numberInForce(bond, "arp_interval") === 0 || targets.length === 0 || networks.length === 0) return undefined;
      const own = networks.map((address) => address.split("/")[0]);
      const dead = targets.filter((target) => own.includes(target) || !isWithin(networks, target));
      if (dead.length === 0) return undefined;
      const isLast = dead.length === targets.length;
      return {
        message: `${listed(dead)} ${agreeing(dead, "is", "are")} no other host on ${listed(networks)} and never ${agreeing(dead, "answers", "answer")} ARP${isLast ? `: ${bond.name} gives up one port after the other without end` : ""}`,
        hint: "Ask hosts on the same subnet, such as the gateway; to watch farther, probe through each port.",
        at: optionPlace(subject, bond, "arp_ip_target"),
        ...(isLast ? {} : { severity: "warning" as const }),
      };
    }),
};
