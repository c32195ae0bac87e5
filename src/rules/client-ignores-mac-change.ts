import { aboutBonds, inForce, optionPlace, usesDhcp } from "./about/bonds.ts";
import { versionOf } from "./about/packages.ts";
import { sources } from "./about/sources.ts";
import type { Rule, Subject } from "./rule.ts";

/** dhcpcd learns a bond's MAC address once. */
export const clientIgnoresMacChange: Rule = {
  name: "client-ignores-mac-change",
  severity: "advice",
  about: "The DHCP client notices that the bond's MAC address has changed",
  source: [sources.bondingRst, "dhcpcd issue 303"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (inForce(bond, "fail_over_mac") !== "active" || !usesDhcp(subject.config, bond.name)) return undefined;
      if (!asksByDhcpcd(subject)) return undefined;
      return {
        message: `with fail_over_mac active ${bond.name} changes its MAC address at a failover, and dhcpcd, which reads it when it starts, goes on asking with the old one: the lease is not renewed`,
        hint: "Restart dhcpcd after a failover, or use a static address.",
        at: optionPlace(subject, bond, "fail_over_mac"),
      };
    }),
};

/** dhcpcd manages the host, or is the only client that ifupdown finds. */
function asksByDhcpcd(subject: Subject): boolean {
  const { host, dialect } = subject;
  if (host === undefined) return false;
  if (host.managers.some(({ name, isRunning }) => name === "dhcpcd" && isRunning)) return true;
  const isForIfupdown = dialect === "ifupdown" || dialect === "ifupdown2";
  return (
    isForIfupdown &&
    versionOf(subject, "dhcpcd-base") !== undefined &&
    versionOf(subject, "isc-dhcp-client") === undefined
  );
}
