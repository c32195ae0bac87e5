import { aboutBonds, isActiveBackup, numberInForce, portPlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** A radio has carrier once it has joined, which is before it may send. Between two radios there is no steadier port meanwhile. */
export const wifiUpBeforeAuthenticated: Rule = {
  name: "wifi-up-before-authenticated",
  severity: "warning",
  about: "A bond of radios waits until a radio that comes back may send",
  source: [sources.wifi61, sources.bondMain],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const [, second] = radioPorts(subject.config, bond);
      if (!isActiveBackup(bond) || second === undefined || numberInForce(bond, "miimon") === 0) return undefined;
      if (numberInForce(bond, "updelay") > 0) return undefined;
      return {
        message: `${bond.name} counts ${second} as up from the moment it has joined its network, before the keys are agreed: with a wrong key, or none yet, the traffic goes to a radio that may not send`,
        hint: `Say ${saying(subject, "updelay", 5000)} for ${bond.name}.`,
        at: portPlace(subject, bond, second),
      };
    }),
};
