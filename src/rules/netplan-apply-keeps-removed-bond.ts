import { inSysfs } from "./about/host.ts";
import type { Rule } from "./rule.ts";

/** `netplan apply` makes what the files say and doesn't remember what they said before. */
export const netplanApplyKeepsRemovedBond: Rule = {
  name: "netplan-apply-keeps-removed-bond",
  severity: "warning",
  about: "No bond runs that the netplan files no longer speak of",
  source: ["netplan 0.106, cli/commands/apply.py and netplan-apply(8), --state"],
  applies: ["netplan", "running"],
  check: ({ config, dialect, elsewhere = [], host }) => {
    if (host?.language !== "netplan") return [];
    // Where the files speak of no bond at all, what runs is what is judged.
    const said = [...(dialect === "netplan" ? config.bonds : []), ...elsewhere.flatMap((one) => one.config.bonds)];
    return host.bonds
      .filter(({ name }) => !said.some((bond) => bond.name === name))
      .map(({ name, ports }) => ({
        bond: name,
        message: `${name} runs${ports.length === 0 ? "" : ` and holds ${ports.join(", ")}`}, and no netplan file speaks of it: netplan apply makes bonds and removes none, so it stays until the next boot`,
        hint: `Remove it with ip link delete ${name} when nothing needs it, or put it into the files again.`,
        at: inSysfs(name),
      }));
  },
};
