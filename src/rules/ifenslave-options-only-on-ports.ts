import type { OptionName } from "../model/options.ts";
import { effectiveIn } from "../model/validate-options.ts";
import { isActiveBackup } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/* Without these the bond never fails over; other options cost less. */
const vital = ["mode", "miimon", "arp_interval", "arp_ip_target"];
const silenced: Readonly<Record<string, string>> = {
  mode: "mode-not-set",
  miimon: "no-link-monitor",
  arp_interval: "no-link-monitor",
};

/** ifenslave reads a bond's options in the bond's own stanza; of a port's it reads bond-master and bond-primary. */
export const ifenslaveOptionsOnlyOnPorts: Rule = {
  name: "ifenslave-options-only-on-ports",
  severity: "error",
  about: "A bond's options stand in the bond's own stanza",
  source: [sources.ifenslave, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) => {
    const ignored = factsOf(subject, "option-ignored-on-port").filter(
      (fact) => fact.bondSays !== "same" && !isIdle(subject, fact.bond, fact.said.option),
    );
    const bonds = [...new Set(ignored.map((fact) => fact.bond))];
    return bonds.flatMap((bond): readonly Finding[] => {
      const own = ignored.filter((fact) => fact.bond === bond);
      const [first, ...rest] = own;
      if (first === undefined) return [];
      const keys = [...new Set(own.map((fact) => fact.said.key))];
      const lost = own.filter((fact) => fact.bondSays === "nothing").flatMap((fact) => fact.said.option ?? []);
      const isVital = lost.some((option) => vital.includes(option));
      return [
        {
          bond,
          message: `ifenslave reads ${listed(keys)} in the stanza of ${bond} only, not on its ports: ${outcome(bond, keys, lost)}`,
          hint: `Move ${listed(keys)} to the stanza of ${bond}.`,
          at: first.at,
          also: rest.map((fact) => ({
            at: fact.at,
            note: fact.bondSays === "different" ? `not read; ${bond} says otherwise` : "not read",
          })),
          severity: isVital ? "error" : "warning",
          explains: lost.flatMap((option) => silenced[option] ?? []),
        },
      ];
    });
  },
};

/** Whether it would do nothing in the bond's own stanza either: bond-options-without-effect says so. */
function isIdle({ config }: Subject, name: string, option: OptionName | undefined): boolean {
  const bond = config.bonds.find((one) => one.name === name);
  return option !== undefined && bond !== undefined && isActiveBackup(bond) && !effectiveIn(option, "active-backup");
}

function outcome(bond: string, keys: readonly string[], lost: readonly string[]): string {
  const parts = [
    lost.includes("mode") ? "it runs in balance-rr" : "",
    lost.includes("miimon") || lost.includes("arp_interval") ? "it has no monitor and never fails over" : "",
  ].filter((part) => part !== "");
  return parts.length === 0
    ? `${agreeing(keys, "it changes", "they change")} nothing for ${bond}`
    : parts.join(", and ");
}
