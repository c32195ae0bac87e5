import { leavesNetworkAlone } from "../model/managers.ts";
import { aboutBonds, bondPlace } from "./about/bonds.ts";
import type { Rule, Subject } from "./rule.ts";

/** cloud-init writes its file anew, and whatever was edited in it is gone. */
export const cloudInitOwnsNetplan: Rule = {
  name: "cloud-init-owns-netplan",
  severity: "warning",
  about: "A bond is declared in a file that nobody writes over",
  source: ["cloud-init, network configuration: disabling", "cloud-init issues 2857, 2888 and 2970"],
  applies: ["netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const at = bondPlace(subject, bond);
      if (at === undefined || !/(^|\/)50-cloud-init\.yaml$/.test(at.file) || isDisabled(subject)) return undefined;
      return {
        message: `${bond.name} is declared in cloud-init's own file: with a new instance, or after cloud-init clean, it is written anew without ${bond.name}, and the host comes up unbonded or not at all`,
        hint: "Move it to a file of your own (60-bond.yaml), and write network: {config: disabled} to /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg.",
        at,
      };
    }),
};

function isDisabled({ files }: Subject): boolean {
  return [...files].some(([path, text]) => path.includes("/cloud.cfg.d/") && leavesNetworkAlone(text));
}
