import { packagesPlace, versionOf } from "./about/packages.ts";
import { ifaceStanzas, optionSpan, optionsNamed } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** Three releases of ifenslave lost ports that say bond-master. */
export const debian11BondingRegression: Rule = {
  name: "debian11-bonding-regression",
  severity: "warning",
  about: "Ports that join by bond-master do so with an ifenslave that lets them",
  source: ["ifenslave 2.13, debian/changelog", "reports from Debian 11 (ifenslave 2.12)"],
  applies: ["ifupdown"],
  check: (subject) => {
    const version = versionOf(subject, "ifenslave");
    if (version === undefined || !/^2\.1[0-2](?!\d)/.test(version)) return [];
    const [first, ...rest] = ifaceStanzas(subject).flatMap((stanza) => optionsNamed(stanza, "bond-master"));
    if (first === undefined) return [];
    return [
      {
        message: `ifenslave ${version} is one of those (2.10 to 2.12) that leave ports with ${first.key.text} outside after a boot: the bond then has none`,
        hint: "Upgrade ifenslave to 2.13, or list the ports with bond-slaves in the bond's own stanza.",
        at: optionSpan(first),
        also: [
          ...rest.map((option) => ({ at: optionSpan(option), note: "this one too" })),
          { at: packagesPlace, note: `ifenslave ${version}` },
        ],
      },
    ];
  },
};
