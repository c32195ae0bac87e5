import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A bond keeps the address of its first port even when that port is taken out, and the port gets it back. */
export const releasedFirstPortDuplicatesMac: Rule = {
  name: "released-first-port-duplicates-mac",
  severity: "warning",
  about: "No interface outside a bond has the bond's MAC address",
  source: [sources.bondMain, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ host, bond, link }) =>
      host.links
        .filter(
          ({ name, mac, master, kind }) =>
            mac === link?.mac && name !== bond.name && master !== bond.name && kind === "",
        )
        .map(({ name, mac }) => ({
          message: `${name} is not in ${bond.name} and has its MAC address ${mac}: a switch sees it in two places, and IPv6 takes neither's addresses`,
          hint: `Give ${bond.name} a MAC address of its own, or let ${name} join again.`,
          at: inSysfs(name, "address"),
        })),
    ),
};
