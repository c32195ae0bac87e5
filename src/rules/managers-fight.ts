import { type ManagerName, managers } from "../model/managers.ts";
import { aboutRunningBonds, bondOrLink } from "./about/host.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Rule, Subject } from "./rule.ts";

/** Two programs that run and were both told to make the same bond. What they say they configure is rule two-supplicants. */
export const managersFight: Rule = {
  name: "managers-fight",
  severity: "warning",
  about: "A bond is declared for one of the managers that run",
  source: ["systemd.network(5), ManageForeignRoutes=", "NetworkManager.conf(5), unmanaged-devices"],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ host, bond }) => {
      const rivals = rivalsOf(subject, bond.name);
      if (rivals.length === 0 || host.inCharge === undefined) return undefined;
      const titles = listed(rivals.map((name) => managers[name].title));
      return {
        message: `${bond.name} is configured by ${managers[host.inCharge].title} and declared for ${titles} too, which ${agreeing(rivals, "runs", "run")}: at a restart of either it may be made anew without its ports or addresses`,
        hint: `Leave ${bond.name} to one of them, and remove its files for the other.`,
        at: bondOrLink(subject, bond.name),
      };
    }),
};

/** Managers that run beside the one in charge and have files of their own for this bond, in a language the other doesn't read. */
function rivalsOf({ host, elsewhere = [] }: Subject, bond: string): readonly ManagerName[] {
  const languages = elsewhere.flatMap(({ language, config }) =>
    config.bonds.some(({ name }) => name === bond) ? [language] : [],
  );
  const others = (host?.managers ?? []).filter(({ name, isRunning }) => isRunning && name !== host?.inCharge);
  return others.flatMap(({ name }) =>
    // ifupdown keeps nothing running: its files are only read when somebody says ifup.
    managers[name].process !== "" && managers[name].languages.some((one) => languages.includes(one)) ? [name] : [],
  );
}
