import { aboutBonds, bridgesOver, interfacePlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A Wi-Fi station may send only from its own address; frames of guests never pass. */
export const wifiBreaksBridgedGuests: Rule = {
  name: "wifi-breaks-bridged-guests",
  severity: "warning",
  about: "No bridge with guests stands on a bond with a Wi-Fi port",
  source: [sources.wifi61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const radio = radioPorts(subject.config, bond)[0];
      return (radio === undefined ? [] : bridgesOver(subject.config, bond.name)).map((bridge) => ({
        message: `guests on ${bridge.name} lose the network when ${radio} is active: a Wi-Fi station may send only from its own MAC address, and theirs are others`,
        hint: "Route or NAT the guests, or use ipvlan, which shares the host's MAC address.",
        at: interfacePlace(subject, bridge.name),
      }));
    }),
};
