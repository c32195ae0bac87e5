import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** With fail_over_mac none every port wears the bond's address; who changes it later makes the port deaf and dumb. */
export const portMacChangedLater: Rule = {
  name: "port-mac-changed-later",
  severity: "error",
  about: "Nobody changes the MAC address of a port that is in a bond",
  source: [sources.bondMain, sources.wifi61, "dhcpcd issue 99"],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ bond, link, ports }) => {
      if (link === undefined || (bond.options.fail_over_mac ?? "none") !== "none") return [];
      return ports
        .filter(({ mac }) => mac !== "" && mac !== link.mac)
        .map(({ name, mac, isRadio }) => ({
          message: `${name} has the MAC address ${mac} and ${bond.name} sends as ${link.mac}: ${isRadio ? "its access point drops what a station sends under another address" : "answers come to an address it doesn't listen to"}, so nothing gets through when it is active`,
          hint: isRadio
            ? `Switch off address randomisation for ${name} (wifi.scan-rand-mac-address=no, cloned-mac-address=preserve), and let it join again.`
            : `Find what sets the address of ${name} (a .link file, dhcpcd, a script), stop it, and let the port join again.`,
          at: inSysfs(name, "address"),
        }));
    }),
};
