import type { Span } from "../diagnostic/diagnostic.ts";
import { aboutBonds, bondPlace } from "./about/bonds.ts";
import type { Rule, Subject } from "./rule.ts";

/** NetworkManager starts a bond when a port asks for it, but no port when the bond is asked for. */
export const nmBondUpWithoutPorts: Rule = {
  name: "nm-bond-up-without-ports",
  severity: "warning",
  about: "Activating a bond's profile activates its ports",
  source: ["NetworkManager, nm-settings: connection.autoconnect-slaves", "measured with NetworkManager 1.42.4"],
  applies: ["networkmanager"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const at = bondPlace(subject, bond);
      if (at === undefined || bond.ports.length === 0 || pullsItsPorts(subject, at)) return undefined;
      return {
        message: `nmcli connection up ${bond.name} brings ${bond.name} up without its ports: it counts as connected, has its address, and carries nothing, and whoever is logged in through it is out`,
        hint: `Write autoconnect-slaves=1 in [connection] of ${bond.name} (autoconnect-ports=1 from 1.46 on).`,
        at,
      };
    }),
};

function pullsItsPorts({ files }: Subject, { file }: Span): boolean {
  return /^[ \t]*autoconnect-(?:slaves|ports)[ \t]*=[ \t]*(?:1|true|yes)\b/m.test(files.get(file) ?? "");
}
