import { type OptionName, optionRow } from "../model/options.ts";
import { optionPlace } from "./about/bonds.ts";
import { aboutRunningBonds, bondOrLink } from "./about/host.ts";
import { spelt } from "./about/spelling.ts";
import type { Finding, Rule } from "./rule.ts";

/** Options come with kernels; who asks an old one for a new option gets none, or no bond at all. */
export const optionNotInKernel: Rule = {
  name: "option-not-in-kernel",
  severity: "error",
  about: "The running kernel has every bonding option that is said",
  source: ["/sys/class/net/NAME/bonding, as the bonding driver shows it"],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ bond, declared, host }) => {
      if (declared === undefined || bond.known.length === 0) return [];
      const said = Object.keys(declared.options) as readonly OptionName[];
      return said.flatMap((option): readonly Finding[] => {
        const { sysfs, since } = optionRow(option);
        if (sysfs === null || bond.known.includes(sysfs)) return [];
        return [
          {
            message: `the bonding driver of kernel ${host.kernel} has no ${spelt(subject, option)} (it came with ${since}): the option is refused, by some managers with the whole bond`,
            hint: `Leave ${spelt(subject, option)} out, or run a newer kernel.`,
            at: optionPlace(subject, declared, option) ?? bondOrLink(subject, bond.name),
          },
        ];
      });
    }),
};
