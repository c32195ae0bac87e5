import { aboutBonds, bondPlace, isActiveBackup } from "./about/bonds.ts";
import { isRadio } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Without a primary, active-backup changes ports only when the active one fails. */
export const noPrimaryNoFailback: Rule = {
  name: "no-primary-no-failback",
  severity: "advice",
  about: "A bond over unlike links says which one it prefers",
  source: [sources.bondingRst],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (!isActiveBackup(bond) || bond.options.primary !== undefined) return undefined;
      const metered = subject.config.uplinks.filter((uplink) => uplink.metered === true).map((uplink) => uplink.port);
      const isSecondBest = (port: string) => isRadio(subject.config, port) || metered.includes(port);
      const best = bond.ports.find((port) => !isSecondBest(port));
      const worse = bond.ports.find(isSecondBest);
      if (best === undefined || worse === undefined) return undefined;
      return {
        message: `${bond.name} prefers no port: once it has moved to ${worse} it stays there, though ${best} is back`,
        hint: `Say ${saying(subject, "primary", best)} for ${bond.name}.`,
        at: bondPlace(subject, bond),
      };
    }),
};
