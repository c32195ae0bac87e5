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
const load =
  /^[ \t]*(?:(?:pre-|post-)?up[ \t]+)?(?<command>[^#\n]*\b(?:modprobe|insmod)\b[^#\n]*\bbonding\b[^#\n]*?)[ \t]*(?:#.*)?$/gm;

function loadsIn({ files }: Subject): readonly Span[] {
  return [...files].flatMap(([file, text]) =>
    [...text.matchAll(load)].flatMap((match) => {
      const command = match.groups?.["command"] ?? "";
      // With a mode and a monitor of its own, the bond it makes is the one that is wanted.
      const isMeant = /\bmode=/.test(command) && /\b(?:miimon|arp_interval)=/.test(command);
      if (isMeant || command.includes("max_bonds")) return [];
      const start = match.index + match[0].indexOf(command);
      return [{ file, start, end: start + command.length }];
    }),
  );
}
