import { linkNamed } from "../model/host-state.ts";
import { managers } from "../model/managers.ts";
import { bondOrLink } from "./about/host.ts";
import type { Finding, Rule } from "./rule.ts";

/** Files that declare a bond, and a host without it: the first thing anybody would want to know. */
export const bondNotRunning: Rule = {
  name: "bond-not-running",
  severity: "error",
  about: "Every bond that is declared is there",
  source: ["/sys/class/net/NAME/bonding, as the bonding driver shows it"],
  applies: "any",
  check: (subject) => {
    const { host } = subject;
    if (host === undefined) return [];
    return subject.config.bonds.flatMap(({ name }): readonly Finding[] => {
      if (host.bonds.some((bond) => bond.name === name)) return [];
      const other = linkNamed(host, name);
      const title = host.inCharge === undefined ? "its manager" : managers[host.inCharge].title;
      return [
        {
          bond: name,
          message:
            other === undefined
              ? `${name} is declared and this host has no such bond: nothing fails over`
              : `${name} is declared as a bond and is ${other.kind === "" ? "another interface" : `a ${other.kind}`} on this host`,
          hint:
            host.bonding?.driver === "absent"
              ? "Install the kernel's further modules (linux-modules-extra, kernel-modules): this one has no bonding driver."
              : `Look what ${title} says of ${name} in the journal, then bring it up.`,
          at: bondOrLink(subject, name),
        },
      ];
    });
  },
};
