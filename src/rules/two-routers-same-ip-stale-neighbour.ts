import { aboutBonds, bondPlace, inForce, isActiveBackup } from "./about/bonds.ts";
import { legsOf } from "./about/paths.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** After a failover the host goes on sending to the MAC address of the router it has lost. */
export const twoRoutersSameIpStaleNeighbour: Rule = {
  name: "two-routers-same-ip-stale-neighbour",
  severity: "warning",
  about: "Routers that share an address also share a MAC address, or the neighbour entry is refreshed at failover",
  source: [sources.bondMain, sources.bonding61, "the second article (VDSL and LTE)"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (!isActiveBackup(bond) || inForce(bond, "fail_over_mac") === "active") return undefined;
      const legs = legsOf(subject, bond);
      const twin = legs.find((leg) => legs.some((other) => other.gateway === leg.gateway && other.name !== leg.name));
      if (twin === undefined) return undefined;
      const twins = legs.filter((leg) => leg.gateway === twin.gateway);
      return {
        message: `${listed(twins.map((leg) => leg.name))} are two boxes with the one address ${twin.gateway}: after a failover the host keeps sending to the MAC address of the lost one until its neighbour entry expires, half a minute or more (43.9 s when measured)`,
        hint: `Say ${saying(subject, "fail_over_mac", "active")} (the change of MAC address empties the neighbour table), give both routers one virtual MAC address (VRRP), or flush the neighbour at failover.`,
        at: twins[1]?.at ?? bondPlace(subject, bond),
        also: twin.at === undefined ? [] : [{ at: twin.at, note: `${twin.name} has the same address` }],
      };
    }),
};
