import { whereIs } from "../diagnostic/origins.ts";
import { aboutBonds, bondPlace, inForce, isActiveBackup, numberInForce, optionPlace } from "./about/bonds.ts";
import { deviceNamed, pathOfPort } from "./about/paths.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** A switch port with spanning tree gives carrier at once and forwards after twice its forward delay. */
export const failbackIntoStp: Rule = {
  name: "failback-into-stp",
  severity: "warning",
  about: "The bond goes back to its primary only when the switch forwards there again",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const primary = bond.options.primary;
      if (!isActiveBackup(bond) || primary === undefined || inForce(bond, "primary_reselect") === "failure")
        return undefined;
      const first = pathOfPort(subject.config, primary)[0];
      const quietSeconds = 2 * (first?.stpForwardDelay ?? 0);
      const updelay = numberInForce(bond, "updelay");
      if (first === undefined || quietSeconds === 0 || updelay > quietSeconds * 1000) return undefined;
      const at = whereIs(subject.origins, `device/${first.name}/stpForwardDelay`);
      return {
        message: `when ${primary} comes back, ${bond.name} moves to it ${updelay === 0 ? "at once" : `after ${updelay} ms`}, but ${deviceNamed(first)} forwards nothing on that port for ${quietSeconds} s: the cure brings an outage of its own`,
        hint: `Say ${saying(subject, "updelay", (quietSeconds + 2) * 1000)} for ${bond.name}, make it an edge port on ${first.name}, or say ${saying(subject, "primary_reselect", "failure")}.`,
        at:
          bond.options.updelay === undefined
            ? (optionPlace(subject, bond, "primary") ?? bondPlace(subject, bond))
            : optionPlace(subject, bond, "updelay"),
        ...(at === undefined
          ? {}
          : { also: [{ at, note: `spanning tree: ${quietSeconds} s of listening and learning` }] }),
      };
    }),
};
