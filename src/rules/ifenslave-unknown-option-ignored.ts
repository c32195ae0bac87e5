import { optionRow } from "../model/options.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** ifupdown passes every key on, and ifenslave looks at those it knows: a slip of the pen is silent. */
export const ifenslaveUnknownOptionIgnored: Rule = {
  name: "ifenslave-unknown-option-ignored",
  severity: "warning",
  about: "Every bond- option is one that ifenslave reads",
  source: [sources.ifenslave],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "unknown-bond-option").map((fact): Finding => {
      const { key, option } = fact.said;
      // The hint is made to be pasted into a shell: nothing but a plain word goes in.
      const value = /^[\w.:+-]+$/.test(fact.said.value) ? fact.said.value : "VALUE";
      const where = { bond: fact.iface, at: fact.at };
      if (option === undefined) {
        return {
          ...where,
          message: `ifenslave knows no ${key} and ignores it without a word`,
          hint: fact.suggestion === undefined ? `Remove ${key}.` : `Write ${fact.suggestion}.`,
        };
      }
      const row = optionRow(option);
      return {
        ...where,
        message: `ifenslave ignores ${key}: the kernel has ${option}, but ifenslave does not pass it on`,
        hint:
          row.sysfs === null || row.needs.length > 0
            ? `Make the bond with it: pre-up ip link add $IFACE type bond ${option} ${value}`
            : `Write up echo ${value} > /sys/class/net/$IFACE/bonding/${row.sysfs}`,
      };
    }),
};
