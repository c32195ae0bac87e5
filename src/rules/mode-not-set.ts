import { nearest } from "../model/nearest.ts";
import { modes } from "../model/options.ts";
import { aboutBonds, bondPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Rule, Subject } from "./rule.ts";

/** Without a mode that the kernel takes, a bond deals packets out to all ports in turn. */
export const modeNotSet: Rule = {
  name: "mode-not-set",
  severity: "error",
  about: "Every bond says its mode",
  source: [sources.bondingRst, sources.bondOptions, sources.ifenslave, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const refused = factsOf(subject, "option-refused").find(
        (fact) => fact.bond === bond.name && fact.said.option === "mode",
      );
      if (bond.options.mode !== undefined && refused === undefined) return undefined;
      return {
        message:
          refused === undefined
            ? `${bond.name} says no mode and so runs in balance-rr: it sends packets out of every port in turn, the slow and the half-dead one too`
            : `${bond.name} stays in balance-rr: the kernel has no mode "${refused.said.value}", and ifup carries on after the error`,
        hint: hintFor(subject, bond.name, refused?.said.value),
        at: refused?.at ?? bondPlace(subject, bond),
        explains: [
          "primary-in-wrong-mode",
          "ifenslave-option-refused",
          "no-primary-no-failback",
          "primary-not-set-where-it-counts",
        ],
      };
    }),
};

function hintFor(subject: Subject, bond: string, refused: string | undefined): string {
  if (refused?.includes("#")) return "Put the comment on a line of its own: ifupdown takes it for a part of the value.";
  const meant = refused === undefined ? undefined : nearest(refused, Object.keys(modes));
  return meant === undefined
    ? `Say ${saying(subject, "mode", "active-backup")} for ${bond}.`
    : `Write ${saying(subject, "mode", meant)}.`;
}
