import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import type { Rule } from "./rule.ts";

/** NetworkManager doesn't look at a bond's carrier: what is dead stays the default route. */
export const nmConnectedWithoutCarrier: Rule = {
  name: "nm-connected-without-carrier",
  severity: "advice",
  about: "A bond that NetworkManager calls connected has a port with carrier",
  source: ["NetworkManager merge request 18", "measured with NetworkManager 1.42.4"],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ bond, link }) =>
      link?.hasCarrier === false && link.owners.includes("networkmanager")
        ? {
            message: `${bond.name} has no port with carrier, and NetworkManager keeps it connected with its addresses and routes: nothing falls back to another interface`,
            hint: "Watch carrier and reachability, not NetworkManager's state; give another interface's default route the better metric by hand if there is one.",
            at: inSysfs(bond.name, "carrier"),
          }
        : undefined,
    ),
};
