import { aboutBonds, bondPlace, inForce, isActiveBackup, optionPlace, portPlace } from "./about/bonds.ts";
import { radioPorts, wiredPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** An access point delivers frames for a MAC it has as a station to the radio, where a waiting port drops them.
 *  A warning, as everybody but the Wi-Fi clients of that access point still reaches the host. */
export const wifiSameMacHairpin: Rule = {
  name: "wifi-same-mac-hairpin",
  severity: "warning",
  about: "A Wi-Fi port does not wear the MAC address of the wired port",
  source: [sources.wifi61, sources.bondingRst],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const radios = radioPorts(subject.config, bond);
      const wired = wiredPorts(subject.config, bond);
      if (!isActiveBackup(bond) || radios.length === 0 || wired.length === 0) return undefined;
      if (inForce(bond, "fail_over_mac") !== "none" || inForce(bond, "all_slaves_active") === 1) return undefined;
      const at = portPlace(subject, bond, radios[0] ?? "");
      const isSaid = bond.options.fail_over_mac !== undefined;
      return {
        message: `${listed([...wired, ...radios])} share one MAC address: while ${wired[0]} is active, other Wi-Fi clients of the same access point cannot reach this host (100 % loss when measured)`,
        hint: `Say ${saying(subject, "fail_over_mac", "active")} for ${bond.name}; each port then keeps its own MAC address. Radios that drop off when theirs is rewritten need that in any case.`,
        at: isSaid ? optionPlace(subject, bond, "fail_over_mac") : (at ?? bondPlace(subject, bond)),
      };
    }),
};
