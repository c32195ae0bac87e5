import { aboutBonds, bondPlace, inForce, usesDhcp } from "./about/bonds.ts";
import { hasGeneratedMac } from "./about/consumers.ts";
import type { Rule } from "./rule.ts";

/** The DHCP server sees a MAC address that stands on no card and in no list. */
export const bondMacGenerated: Rule = {
  name: "bond-mac-generated",
  severity: "warning",
  about: "A bond that asks by DHCP does so with a MAC address somebody chose",
  source: ["systemd.netdev(5), MACAddress=", "measured with systemd-networkd 252", "systemd issues 13712 and 21783"],
  applies: ["networkd", "netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (!usesDhcp(subject.config, bond.name) || !hasGeneratedMac(subject, bond.name)) return undefined;
      // Then it is the active port's, whatever it was at first.
      if (inForce(bond, "fail_over_mac") === "active") return undefined;
      return {
        message: `${bond.name} asks for its address with a MAC address that networkd works out from the host's machine-id: no port has it, an address reserved for one of them is not given, and a cloned host has the same`,
        hint: `${subject.dialect === "netplan" ? "Give macaddress:" : "Write MACAddress= in [NetDev]"} with the MAC address of the preferred port, and reserve that.`,
        at: bondPlace(subject, bond),
      };
    }),
};
