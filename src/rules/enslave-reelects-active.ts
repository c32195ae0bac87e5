import { aboutBonds, bondPlace, isActiveBackup } from "./about/bonds.ts";
import { isOnUsb, isRadio } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Without a preference the bond follows the order of joining, anew with every port that joins. */
export const enslaveReelectsActive: Rule = {
  name: "enslave-reelects-active",
  severity: "advice",
  about: "A bond whose ports come and go says which one it prefers",
  source: [sources.bondMain, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (!isActiveBackup(bond) || bond.options.primary !== undefined || bond.ports.length < 2) return undefined;
      if (Object.values(bond.portOptions ?? {}).some(({ prio }) => prio !== undefined)) return undefined;
      const late = bond.ports.find((port) => isOnUsb(subject.config, port));
      const best = bond.ports.find((port) => port !== late && !isRadio(subject.config, port));
      if (late === undefined || best === undefined) return undefined;
      return {
        message: `whenever ${late} is plugged in again and joins, ${bond.name} chooses its active port anew, by the order of joining: traffic moves though nothing is broken`,
        hint: `Say ${saying(subject, "primary", best)} for ${bond.name}.`,
        at: bondPlace(subject, bond),
        explains: ["no-primary-no-failback"],
      };
    }),
};
