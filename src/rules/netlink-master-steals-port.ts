import { declaredPorts, portOrLink } from "./about/host.ts";
import { sources } from "./about/sources.ts";
import type { Finding, Rule } from "./rule.ts";

/** rtnetlink moves a port from one master to the next without asking; only sysfs refuses. */
export const netlinkMasterStealsPort: Rule = {
  name: "netlink-master-steals-port",
  severity: "warning",
  about: "No bridge and no other bond takes a port away",
  source: ["Linux 6.1, net/core/rtnetlink.c, do_set_master()", sources.bonding61],
  applies: "any",
  check: (subject) =>
    declaredPorts(subject).flatMap(({ bond, port, link }): readonly Finding[] =>
      link === undefined || link.master === "" || link.master === bond.name
        ? []
        : [
            {
              bond: bond.name,
              message: `${port} is declared as a port of ${bond.name} and belongs to ${link.master}: whoever put it there took it out of the bond, and nothing said so`,
              hint: `Put ${bond.name} into ${link.master} instead, or take ${port} out of it, and let the port join again.`,
              at: portOrLink(subject, bond.name, port),
            },
          ],
    ),
};
