import { aboutBonds, bondPlace, interfacePlace } from "./about/bonds.ts";
import { extraOf } from "./about/consumers.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** Files that only the initscripts read do nothing where there are none. */
export const ifcfgOnNetworkmanagerEra: Rule = {
  name: "ifcfg-on-networkmanager-era",
  severity: "advice",
  about: "ifcfg files are read by what the host runs",
  source: [sources.bondingRst, "RHEL 9, network-scripts removed", "initscripts issue 383"],
  applies: ["ifcfg-rh"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const unmanaged = [bond.name, ...bond.ports].find((name) =>
        /^(?:no|false|n|f|0|off)$/i.test(extraOf(subject.config, name, "NM_CONTROLLED") ?? ""),
      );
      if (unmanaged === undefined) return undefined;
      return {
        message: `${unmanaged} is left to the initscripts by NM_CONTROLLED=no, which RHEL 9 and its kin no longer have: there nothing reads the file, and ${bond.name} is not made`,
        hint: "Remove NM_CONTROLLED, or convert the files to NetworkManager's (holdfast convert --to networkmanager).",
        at: interfacePlace(subject, unmanaged) ?? bondPlace(subject, bond),
      };
    }),
};
