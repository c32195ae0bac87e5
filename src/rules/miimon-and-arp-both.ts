import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** The two monitors exclude each other: one request with both is refused, of two writes the later wins without a word. */
export const miimonAndArpBoth: Rule = {
  name: "miimon-and-arp-both",
  severity: "error",
  about: "A bond uses one link monitor, by carrier or by ARP",
  source: [sources.bondOptions, sources.bondMain, sources.ifenslave],
  applies: "any",
  check: (subject) => {
    const overridden = factsOf(subject, "monitor-overridden");
    const bonds = new Set(overridden.map((fact) => fact.bond));
    const undone = [...bonds].flatMap((bond): readonly Finding[] => {
      const [first, ...rest] = overridden.filter((fact) => fact.bond === bond);
      if (first === undefined) return [];
      return [
        {
          bond,
          message: `${bond} asks for two monitors that exclude each other: ${first.by.key} ${first.by.value} is written last and turns ${first.said.key} off, so ${bond} watches only the carrier`,
          hint: `Remove ${first.by.key} to watch by ARP, or the bond-arp- options to watch the carrier.`,
          at: first.at,
          also: [
            { at: first.by.at, note: "this one wins" },
            ...rest.map((fact) => ({ at: fact.at, note: "has no effect either" })),
          ],
          explains: ["arp-without-validate", "arp-single-target"],
        },
      ];
    });
    const both = aboutBonds(subject, (bond) => {
      if (numberInForce(bond, "miimon") === 0 || numberInForce(bond, "arp_interval") === 0) return undefined;
      return {
        message: `${bond.name} asks for two monitors that exclude each other, miimon and arp_interval: the kernel refuses to make the bond, or turns one of them off without a word`,
        hint: "Remove miimon, or the arp_ options.",
        at: optionPlace(subject, bond, "arp_interval"),
        explains: ["arp-without-validate", "arp-single-target"],
      };
    });
    return [...undone, ...both.filter((finding) => finding.bond === undefined || !bonds.has(finding.bond))];
  },
};
