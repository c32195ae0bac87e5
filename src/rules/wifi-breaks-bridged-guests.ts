import { aboutBonds, bridgesOver, interfacePlace } from "./about/bonds.ts";
import { hasGeneratedMac } from "./about/consumers.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** A Wi-Fi station may send only from its own address; frames of guests never pass, nor those of a bridge that has one of its own. */
export const wifiBreaksBridgedGuests: Rule = {
  name: "wifi-breaks-bridged-guests",
  severity: "warning",
  about: "No bridge with guests stands on a bond with a Wi-Fi port",
  source: [sources.wifi61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const radio = radioPorts(subject.config, bond)[0];
      return (radio === undefined ? [] : bridgesOver(subject.config, bond.name)).map((bridge) => {
        const hasOwn = bridge.mac !== undefined || hasGeneratedMac(subject, bridge.name);
        const who = hasOwn ? `guests on ${bridge.name}, and the host's own address on it,` : `guests on ${bridge.name}`;
        const cure = hasOwn
          ? `Leave ${bridge.name} the MAC address of ${bond.name}, and say ${saying(subject, "fail_over_mac", "none")}. `
          : "";
        return {
          message: `${who} lose the network when ${radio} is active: a Wi-Fi station may send only from its own MAC address, and theirs are others`,
          hint: `${cure}Route or NAT the guests, or use ipvlan, which shares the host's MAC address.`,
          at: interfacePlace(subject, bridge.name),
        };
      });
    }),
};
