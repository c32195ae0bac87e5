import { aboutBonds, bondPlace, interfaceNamed, interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** The DHCP client sits out its whole timeout, and the boot with it. */
export const ifupdownBootBlocked: Rule = {
  name: "ifupdown-boot-blocked",
  severity: "advice",
  about: "The boot does not wait for a DHCP answer on the bond",
  source: [
    sources.ifupdown,
    "ifupdown 0.8.41, networking.service",
    "ifupdown2 3.0, addons/dhcp.py, dhcp-wait",
    "ifupdown-ng 0.11, libexec/ifupdown-ng/dhcp",
  ],
  applies: ["ifupdown", "ifupdown2", "ifupdown-ng"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const own = interfaceNamed(subject.config, bond.name);
      if (own?.start !== "boot" || own.ipv4.method !== "dhcp") return undefined;
      return {
        message: `when no port of ${bond.name} has a way to the DHCP server at boot, networking.service waits for the client's whole timeout, and everything behind network.target with it`,
        hint: hints[subject.dialect] ?? "",
        at: interfacePlace(subject, bond.name) ?? bondPlace(subject, bond),
      };
    }),
};

const shorter = "Use a static address, or shorten timeout in /etc/dhcp/dhclient.conf.";
const hints: Readonly<Record<string, string>> = {
  ifupdown: shorter,
  ifupdown2: 'Use a static address, or set dhcp-wait to "no" in a policy of /etc/network/ifupdown2/policy.d.',
  "ifupdown-ng": shorter,
};
