import { aboutBonds, interfaceNamed, interfacePlace, isActiveBackup } from "./about/bonds.ts";
import { waysOut } from "./about/paths.ts";
import { sources } from "./about/sources.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** The bond itself never goes down, so nobody asks for a router anew. */
export const ipv6RouterNotResolicited: Rule = {
  name: "ipv6-router-not-resolicited",
  severity: "warning",
  about: "IPv6 has a default route that is good behind every router its ports lead to",
  source: [sources.bonding61, "systemd pull request 43440"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const { ipv6 } = interfaceNamed(subject.config, bond.name) ?? {};
      const isAdvertised = ipv6?.method === "auto" || (ipv6?.method === "dhcp" && ipv6.acceptRa !== false);
      const ways = waysOut(subject, bond);
      if (!isAdvertised || !isActiveBackup(bond) || ways.length < 2) return undefined;
      return {
        message: `${bond.name} learns its IPv6 router from advertisements and asks for one only when its own link comes up, which a failover from ${listed(ways)} to another never does: IPv6 keeps the dead router until its lifetime ends, often half an hour`,
        hint: `Give ${listed(ways)} one virtual router address (VRRP), or solicit a router at each failover (rdisc6 ${bond.name}).`,
        at: interfacePlace(subject, bond.name, "ipv6") ?? interfacePlace(subject, bond.name),
      };
    }),
};
