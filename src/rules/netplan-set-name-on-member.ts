import { aboutBonds, interfaceNamed, interfacePlace } from "./about/bonds.ts";
import type { Rule, Subject } from "./rule.ts";

/** A name given to a port takes effect at the next boot, and until then the bond lacks the port. */
export const netplanSetNameOnMember: Rule = {
  name: "netplan-set-name-on-member",
  severity: "advice",
  about: "A port that netplan is to rename has its name before the bond is built",
  source: ["netplan 0.106, netplan/cli/commands/apply.py"],
  applies: ["netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports
        .filter((port) => isRenamed(subject, port))
        .map((port) => ({
          message: `netplan apply renames no port of a bond: until the next boot ${port} is called as before, and ${bond.name} lacks it`,
          hint: `Reboot after the first netplan apply, or rename it by hand before (ip link set dev OLD name ${port}).`,
          at: interfacePlace(subject, port),
        })),
    ),
};

function isRenamed({ config, files }: Subject, port: string): boolean {
  if (interfaceNamed(config, port)?.match === undefined) return false;
  const escaped = port.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const setName = new RegExp(`\\bset-name["']?\\s*:\\s*["']?${escaped}["']?\\s*(?:[,}#\\n\\r]|$)`);
  return [...files].some(([path, text]) => /\.ya?ml$/.test(path) && setName.test(text));
}
