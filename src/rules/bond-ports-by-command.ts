import { sources } from "./about/sources.ts";
import { ifaceStanzas, optionSpan } from "./about/stanzas.ts";
import type { Rule, Subject } from "./rule.ts";

/** As old guides have it: the stanza speaks of no bond, and a command adds the ports when it is too late. */
export const bondPortsByCommand: Rule = {
  name: "bond-ports-by-command",
  severity: "error",
  about: "A bond's ports stand in its stanza, and not in a command",
  source: [sources.ifenslave, sources.ifupdown],
  applies: ["ifupdown"],
  check: (subject) => {
    // Then the module has made one, and the command finds it.
    if ((subject.ifupdown?.facts.maxBonds ?? 0) > 0) return [];
    return ifaceStanzas(subject).flatMap((stanza) => {
      const name = stanza.name.text;
      if (isMade(subject, name)) return [];
      const command = stanza.options.find(({ key, value }) => /^(post-)?up$/.test(key.text) && adds(value.text, name));
      if (command === undefined) return [];
      return {
        bond: name,
        message: `nobody makes ${name}: its ports come by a command, and before it ifup looks for ${name}, finds none and gives up: it never has an address`,
        hint: `Write bond-slaves with the ports, bond-mode active-backup and bond-miimon 100 into the stanza of ${name}, and take the command out.`,
        at: optionSpan(command),
        explains: ["interface-never-started"],
      };
    });
  },
};

/** A bond, or something that a command makes beforehand: its own, or that of an interface which comes earlier, as lo does. */
function isMade({ config }: Subject, name: string): boolean {
  return (
    config.bonds.some((bond) => bond.name === name) ||
    config.interfaces.some((one) =>
      one.hooks.some(({ when, command }) =>
        one.name === name ? when === "pre-up" && mayMake(command) : making.test(command) && command.includes(name),
      ),
    )
  );
}

const making = /\b(ip link add|bonding_masters|max_bonds)\b/;

/** What a script of the host's own does isn't known. */
function mayMake(command: string): boolean {
  return making.test(command) || /\bmodprobe\b/.test(command) || /^\s*(?!(\/usr)?\/s?bin\/)\S*\//.test(command);
}

function adds(command: string, name: string): boolean {
  const [, first] = /(?:^|[\s/;&|])ifenslave[ \t]+([^\s;&|-]\S*)[ \t]+[^\s;&|]/.exec(command) ?? [];
  return first === name || first === "$IFACE" || first === '"$IFACE"';
}
