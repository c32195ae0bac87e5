import type { Bond } from "../model/bond.ts";
import { emptyConfig } from "../model/config.ts";
import { differences } from "../model/differences.ts";
import { formatOption } from "../model/option-value.ts";
import { type BondOptions, type OptionName, optionNamed, optionRow } from "../model/options.ts";
import { optionPlace } from "./about/bonds.ts";
import { aboutRunningBonds, bondOrLink } from "./about/host.ts";
import { spelt } from "./about/spelling.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** What edited files say, a bond that is there already doesn't do: most managers set options only when they make it. */
export const existingBondUnchanged: Rule = {
  name: "existing-bond-unchanged",
  severity: "error",
  about: "A bond runs with the options its files say",
  source: ["systemd 252, netdev.c: an existing device is used without changing its parameters", "systemd issue 36406"],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ bond, declared }): readonly Finding[] => {
      if (declared === undefined || subject.dialect === "running") return [];
      const changed = changedOptions(declared, bond.options).filter(
        (option) =>
          bond.known.includes(optionRow(option).sysfs ?? "") &&
          // A running agent takes the kernel's primary away, leads traffic back itself, and gives it back when it stops.
          !(option === "primary" && subject.host?.hasAgent === true && bond.options.primary === undefined),
      );
      const [first, ...rest] = changed;
      if (first === undefined) return [];
      const tell = (option: OptionName) =>
        `${spelt(subject, option)} ${shown(declared.options, option)} is said and ${shown(bond.options, option)} is in force`;
      return [
        {
          message: `${bond.name} doesn't run as its files say: ${listed(changed.map(tell))}`,
          hint: `Set ${agree(changed)} on the running bond, or remove ${bond.name} and let it be made anew; both cost an outage when mode or fail_over_mac is among them.`,
          at: optionPlace(subject, declared, first) ?? bondOrLink(subject, bond.name),
          also: rest.flatMap((option) => {
            const at = optionPlace(subject, declared, option);
            return at === undefined ? [] : [{ at, note: `in force: ${shown(bond.options, option)}` }];
          }),
        },
      ];
    }),
};

/** Options that are said and differ. What is not said may be anything: the manager's defaults are its own. */
function changedOptions(declared: Bond, running: BondOptions): readonly OptionName[] {
  const said = Object.keys(declared.options);
  const same = Object.fromEntries(Object.entries(running).filter(([option]) => said.includes(option)));
  const left = { ...emptyConfig, bonds: [{ name: declared.name, ports: [], options: declared.options }] };
  const right = { ...emptyConfig, bonds: [{ name: declared.name, ports: [], options: same as BondOptions }] };
  return differences(left, right).flatMap((key) => optionNamed(key.split("/").at(-1) ?? "") ?? []);
}

function shown(options: BondOptions, option: OptionName): string {
  const value = options[option];
  return value === undefined ? "nothing" : formatOption(option, value);
}

function agree(changed: readonly OptionName[]): string {
  return changed.length === 1 ? "it" : "them";
}
