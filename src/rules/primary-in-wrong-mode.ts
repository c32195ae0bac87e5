import { type Mode, modes } from "../model/options.ts";
import { allowedIn } from "../model/validate-options.ts";
import { aboutBonds, inForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { spelt } from "./about/spelling.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** Only modes with one preferred port have a primary; elsewhere the kernel refuses it. */
export const primaryInWrongMode: Rule = {
  name: "primary-in-wrong-mode",
  severity: "warning",
  about: "A primary is named only in modes that have one",
  source: [sources.bondOptions, sources.bonding61],
  applies: "any",
  check: (subject) => {
    const refused = factsOf(subject, "option-refused")
      .filter((fact) => fact.reason === "wrong-mode" && fact.said.option === "primary")
      .map((fact) => {
        const bond = subject.config.bonds.find((one) => one.name === fact.bond);
        return finding(
          fact.bond,
          String(bond === undefined ? "balance-rr" : inForce(bond, "mode")),
          fact.said.key,
          fact.at,
        );
      });
    const said = aboutBonds(subject, (bond) => {
      const mode = String(inForce(bond, "mode"));
      if (bond.options.primary === undefined || (isMode(mode) && allowedIn("primary", mode))) return undefined;
      return finding(bond.name, mode, spelt(subject, "primary"), optionPlace(subject, bond, "primary"));
    });
    return [...refused, ...said];
  },
};

function isMode(text: string): text is Mode {
  return Object.hasOwn(modes, text);
}

function finding(bond: string, mode: string, key: string, at: Finding["at"]): Finding {
  return {
    bond,
    message: `${bond} runs in mode ${mode}, which has no primary: the kernel refuses ${key}`,
    hint: `Use mode active-backup, or remove ${key}.`,
    at,
  };
}
