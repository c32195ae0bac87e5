import type { Span } from "../diagnostic/diagnostic.ts";
import { sources } from "./about/sources.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Loading the module by hand makes a bond0 in balance-rr that looks like one somebody configured. */
export const modulePrecreatesBond0: Rule = {
  name: "module-precreates-bond0",
  severity: "advice",
  about: "Nobody loads the bonding module with its default of one bond",
  source: ["systemd, /lib/modprobe.d/systemd.conf", sources.bondingRst],
  applies: ["ifupdown", "ifupdown2", "ifupdown-ng", "iproute2"],
  check: (subject) =>
    loadsIn(subject).map(
      (at): Finding => ({
        message:
          "loading the bonding module makes a bond0 in balance-rr without a monitor where max_bonds is not 0: it stands there, and looks right, when the real one was never made",
        hint: "Remove the command (making a bond loads the module), or load it with max_bonds=0.",
        at,
      }),
    ),
};

/* A line of a script, or a command that a stanza runs. */
const line = /^[ \t]*(?:(?:pre-|post-)?up[ \t]+)?([^#\n]+)/gm;

function loadsIn({ files }: Subject): readonly Span[] {
  return [...files].flatMap(([file, text]) =>
    [...(text.includes("bonding") ? text.matchAll(line) : [])].flatMap((match) => {
      const command = match[1]?.trimEnd() ?? "";
      const loadAt = command.search(/\b(?:modprobe|insmod)\b/);
      if (loadAt === -1 || !/\bbonding\b/.test(command.slice(loadAt))) return [];
      // With a mode and a monitor of its own, the bond it makes is the one that is wanted.
      const isMeant = /\bmode=/.test(command) && /\b(?:miimon|arp_interval)=/.test(command);
      if (isMeant || command.includes("max_bonds")) return [];
      const start = match.index + match[0].indexOf(command);
      return [{ file, start, end: start + command.length }];
    }),
  );
}
