import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { isMadeByNetworkd } from "./about/consumers.ts";
import { radioPorts } from "./about/radios.ts";
import type { Rule } from "./rule.ts";

/** netplan apply takes the radio down for a moment, also when nothing about it has changed. */
export const netplanApplyStopsWifi: Rule = {
  name: "netplan-apply-stops-wifi",
  severity: "advice",
  about: "netplan apply is not run while the bond lives on its radio",
  source: ["netplan 0.106, netplan/cli/commands/apply.py"],
  applies: ["netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      radioPorts(subject.config, bond)
        .filter((port) => interfaceNamed(subject.config, port)?.wifi !== undefined && isMadeByNetworkd(subject, port))
        .map((port) => ({
          message: `each netplan apply stops the supplicant of ${port} and starts it anew: if ${port} is the active port of ${bond.name} then, the host is gone until it has joined again, or for good`,
          hint: `See that a wired port is active (cat /sys/class/net/${bond.name}/bonding/active_slave) before netplan apply; accept this with a comment once it is your habit.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};
