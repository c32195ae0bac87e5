import { aboutBonds, interfaceNamed, interfacePlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/* IEEE80211_MAX_DATA_LEN, the most mac80211 lets an interface have. */
const radioMaxBytes = 2304;

/** A bond sets its MTU on every port; a port that can't have it does not join. */
export const mtuLimitOfPort: Rule = {
  name: "mtu-limit-of-port",
  severity: "error",
  about: "The bond's MTU fits every port",
  source: [sources.bondMain, sources.wifi61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const mtu = interfaceNamed(subject.config, bond.name)?.mtu ?? 0;
      const radio = radioPorts(subject.config, bond)[0];
      if (mtu <= radioMaxBytes || radio === undefined) return undefined;
      return {
        message: `${radio} cannot join ${bond.name}: a radio carries at most ${radioMaxBytes} bytes, and ${bond.name} has an MTU of ${mtu}`,
        hint: `Give ${bond.name} an MTU of 1500.`,
        at: interfacePlace(subject, bond.name, "mtu"),
      };
    }),
};
