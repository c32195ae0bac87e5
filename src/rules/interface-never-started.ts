import { aboutBonds, interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { factsOf, ifaceStanzas, optionsNamed } from "./about/stanzas.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** A stanza without auto or allow-hotplug is brought up only by hand. */
export const interfaceNeverStarted: Rule = {
  name: "interface-never-started",
  severity: "warning",
  about: "Bonds and their ports come up at boot or when they appear",
  source: [sources.ifupdown],
  applies: ["ifupdown", "ifupdown2", "ifupdown-ng"],
  check: (subject) => (subject.dialect === "ifupdown" ? byStory(subject) : byMeaning(subject)),
};

function byStory(subject: Subject): readonly Finding[] {
  return factsOf(subject, "never-started")
    .filter((fact) => fact.bond !== undefined || isBond(subject, fact.iface))
    .map((fact) => ({
      message:
        fact.bond === undefined
          ? `nothing brings ${fact.iface} up at boot: no auto line names it or one of its ports`
          : `nothing brings ${fact.iface} up at boot, so it never joins ${fact.bond}`,
      hint: `Add auto ${fact.iface}.`,
      at: fact.at,
    }));
}

/** The other two bring up what is auto, and what that stands on: a bond below a bridge needs no auto of its own. */
function byMeaning(subject: Subject): readonly Finding[] {
  const { interfaces } = subject.config;
  const isStarted = (name: string, below: readonly string[] = []): boolean =>
    interfaces.some((one) => {
      if (one.name === name) return one.start !== "manual";
      const isAbove = one.vlan?.parent === name || one.bridge?.ports.includes(name) === true;
      // Bridges that are each other's ports stand on nothing.
      return isAbove && !below.includes(one.name) && isStarted(one.name, [...below, name]);
    });
  return aboutBonds(subject, ({ name }) =>
    isStarted(name)
      ? undefined
      : {
          message: `nothing brings ${name} up at boot: no auto line names it, or anything that stands on it`,
          hint: `Add auto ${name}.`,
          at: interfacePlace(subject, name),
        },
  );
}

function isBond(subject: Subject, name: string): boolean {
  return ifaceStanzas(subject, name).some((stanza) =>
    ["bond-slaves", "bond-mode", "slaves"].some((key) => optionsNamed(stanza, key).length > 0),
  );
}
