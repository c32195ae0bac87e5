import { aboutBonds, inForce, interfacePlace, portPlace } from "./about/bonds.ts";
import { extraOf } from "./about/consumers.ts";
import { isRadio } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule, Subject } from "./rule.ts";

/** A profile wants a random MAC address on a port, and the bond wants its own there. */
export const randomMacOnPort: Rule = {
  name: "random-mac-on-port",
  severity: "warning",
  about: "No profile gives a port a random MAC address",
  source: [sources.wifi61, "NetworkManager, nm-settings: cloned-mac-address"],
  applies: ["networkmanager", "netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (inForce(bond, "fail_over_mac") !== "none") return [];
      return bond.ports.flatMap((port) => {
        const policy = policyOf(subject, port);
        if (policy === undefined) return [];
        const isDeaf = isRadio(subject.config, port);
        return {
          message: `${port} is to change its MAC address (${policy}) while ${bond.name} puts its own on every port: whoever comes last wins${isDeaf ? "; a radio may send from the address it joined with only, so the port goes dead" : ""}`,
          hint: `Write preserve for the port's MAC address, or say ${saying(subject, "fail_over_mac", "active")} for ${bond.name}.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        };
      });
    }),
};

function policyOf({ config }: Subject, port: string): string | undefined {
  return ["wifi.cloned-mac-address", "ethernet.cloned-mac-address", "macaddress"]
    .map((key) => extraOf(config, port, key)?.replaceAll('"', ""))
    .find((value) => value !== undefined && /^(?:random|stable|stable-ssid)$/.test(value));
}
