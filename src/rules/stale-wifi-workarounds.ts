import { withoutStatements } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { dashed, ifaceStanzas, optionSpan } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** Two work-arounds for kernels before 2.6.30 that old guides still carry. */
export const staleWifiWorkarounds: Rule = {
  name: "stale-wifi-workarounds",
  severity: "advice",
  about: "Work-arounds for kernels of 2009 are left out",
  source: [sources.ifenslaveReadme, sources.wifi61],
  applies: ["ifupdown"],
  check: (subject) =>
    ifaceStanzas(subject).flatMap((stanza) =>
      stanza.options
        .filter((option) => ["wpa-bridge", "bond-give-a-chance"].includes(dashed(option.key.text)))
        .map(
          (option): Finding => ({
            message: `${option.key.text} worked round a fault of kernels before 2.6.30 and only delays the boot now`,
            hint: "Remove the line.",
            at: optionSpan(option),
            fix: withoutStatements(subject, [optionSpan(option)]),
          }),
        ),
    ),
};
