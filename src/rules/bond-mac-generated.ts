import { aboutBonds, bondPlace, inForce, interfaceNamed, usesDhcp } from "./about/bonds.ts";
import { hasGeneratedMac } from "./about/consumers.ts";
import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** The DHCP server sees a MAC address that stands on no card and in no list. */
export const bondMacGenerated: Rule = {
  name: "bond-mac-generated",
  severity: "warning",
  about: "A bond that asks by DHCP does so with a MAC address somebody chose",
  source: ["systemd.netdev(5), MACAddress=", "measured with systemd-networkd 252", "systemd issues 13712 and 21783"],
  applies: "any",
  check: (subject) => {
    const said = subject.dialect === "networkd" || subject.dialect === "netplan" ? inFiles(subject) : [];
    return [...said, ...onHost(subject, new Set(said.map(({ bond }) => bond)))];
  },
};

function inFiles(subject: Subject): readonly Finding[] {
  return aboutBonds(subject, (bond) => {
    if (!usesDhcp(subject.config, bond.name) || !hasGeneratedMac(subject, bond.name)) return undefined;
    // Then it is the active port's, whatever it was at first.
    if (inForce(bond, "fail_over_mac") === "active") return undefined;
    return {
      message: `${bond.name} asks for its address with a MAC address that networkd works out from the host's machine-id: no port has it, an address reserved for one of them is not given, and a cloned host has the same`,
      hint: `${subject.dialect === "netplan" ? "Give macaddress:" : "Write MACAddress= in [NetDev]"} with the MAC address of the preferred port, and reserve that.`,
      at: bondPlace(subject, bond),
    };
  });
}

/** On a host that runs: whoever made it up, udev's link policy or a script. A MAC address that was declared is nobody's surprise. */
function onHost(subject: Subject, told: ReadonlySet<string | undefined>): readonly Finding[] {
  return aboutRunningBonds(subject, ({ bond, link, ports, declared }) => {
    if (told.has(bond.name) || declared === undefined || link === undefined || !usesDhcp(subject.config, bond.name))
      return undefined;
    if (bond.options.fail_over_mac === "active" || interfaceNamed(subject.config, bond.name)?.mac !== undefined)
      return undefined;
    const isSeen = ports.length > 0 && ports.every(({ permanentMac }) => permanentMac !== "");
    if (!isSeen || ports.some(({ permanentMac }) => permanentMac === link.mac)) return undefined;
    return {
      message: `${bond.name} asks for its address as ${link.mac}, which is no port's own: an address reserved for one of them is not given`,
      hint: `Set the MAC address of the preferred port (${ports[0]?.name}: ${ports[0]?.permanentMac}) on ${bond.name}, and reserve that.`,
      at: bondPlace(subject, declared) ?? inSysfs(bond.name, "address"),
    };
  });
}
