import { sources } from "./about/sources.ts";
import { ifaceStanzas, optionSpan } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** Loading the module by hand makes a bond0 in balance-rr that looks like one somebody configured. */
export const modulePrecreatesBond0: Rule = {
  name: "module-precreates-bond0",
  severity: "advice",
  about: "Nobody loads the bonding module with its default of one bond",
  source: ["systemd, /lib/modprobe.d/systemd.conf", sources.bondingRst],
  applies: ["ifupdown"],
  check: (subject) =>
    ifaceStanzas(subject).flatMap((stanza) =>
      stanza.options
        .filter(
          (option) =>
            /\b(?:modprobe|insmod)\b.*\bbonding\b/.test(option.value.text) && !/max_bonds/.test(option.value.text),
        )
        .map(
          (option): Finding => ({
            message:
              "loading the bonding module makes a bond0 in balance-rr without a monitor where max_bonds is not 0: it stands there, and looks right, when the real one was never made",
            hint: "Remove the command (making a bond loads the module), or load it with max_bonds=0.",
            at: optionSpan(option),
          }),
        ),
    ),
};
