import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { StoryFact } from "../dialects/ifupdown/story.ts";
import { withoutStatements } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

type SelfMaster = Extract<StoryFact, { readonly fact: "self-master" }>;

/** ifenslave looks at bond-master first and takes such a bond for one of its own ports. */
export const ifenslaveBondMasterOnItself: Rule = {
  name: "ifenslave-bond-master-on-itself",
  severity: "error",
  about: "A bond's stanza does not name the bond as its own master",
  source: [sources.ifenslave, "the second article (VDSL and LTE)"],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "self-master").map((fact) =>
      fact.outcome === "no-bond" ? noBond(subject, fact) : leftAtDefaults(subject, fact),
    ),
};

function noBond(subject: Subject, { bond, at }: SelfMaster): Finding {
  const outside = factsOf(subject, "master-is-no-bond").filter((fact) => fact.master === bond);
  return {
    bond,
    message: `${bond} names itself as bond-master, so ifenslave takes it for a port and never makes it: after boot there is no ${bond}, no port has joined, and nothing fails over`,
    hint: "Delete this line. Only the ports' stanzas say bond-master.",
    at,
    fix: withoutStatements(subject, [at]),
    also: outside.map((fact) => ({
      at: fact.at,
      note: `${fact.port} finds no ${bond} to join and is left without an address`,
    })),
    explains: ["*"],
  };
}

function leftAtDefaults(subject: Subject, { bond, at }: SelfMaster): Finding {
  const ignored = factsOf(subject, "bond-from-module")
    .filter((fact) => fact.bond === bond)
    .flatMap((fact) => fact.ignored);
  const lost = ignored.filter(({ option }) => option === "mode" || option === "miimon" || option === "primary");
  const answers = !factsOf(subject, "missing-address").some((fact) => fact.iface === bond);
  const also = lost.map((said): NonNullable<Diagnostic["also"]>[number] => ({
    at: said.at,
    note: consequence(said.option),
  }));
  return {
    bond,
    message: `${bond} names itself as bond-master, so ifenslave takes it for a port and applies none of its options: the ${bond} that loading the module made stays in balance-rr without a monitor: ${answers ? "it answers to ping, " : ""}loses packets as soon as a port is dead, and never fails over`,
    hint: "Delete this line. Only the ports' stanzas say bond-master.",
    at,
    fix: withoutStatements(subject, [at]),
    also,
    explains: ["*"],
  };
}

function consequence(option: string | undefined): string {
  if (option === "mode") return "never applied: packets go out of every port in turn, also out of a dead one";
  if (option === "miimon") return "never applied: nothing notices a dead port";
  return "never applied: balance-rr has no primary";
}
