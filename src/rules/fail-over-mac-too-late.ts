import { sources } from "./about/sources.ts";
import { dashed, ifaceStanzas, optionSpan, optionsNamed } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** The kernel takes fail_over_mac only on a bond without ports, and `up` runs after ifenslave has put them in. */
export const failOverMacTooLate: Rule = {
  name: "fail-over-mac-too-late",
  severity: "error",
  about: "fail_over_mac is set before the first port joins",
  source: [sources.bondOptions, sources.bondingRst, sources.ifenslave],
  applies: ["ifupdown"],
  check: (subject) =>
    ifaceStanzas(subject)
      .filter((stanza) =>
        [...optionsNamed(stanza, "bond-slaves"), ...optionsNamed(stanza, "slaves")].some(
          (one) => one.value.text !== "none",
        ),
      )
      .flatMap((stanza) =>
        stanza.options
          .filter(
            (option) =>
              ["up", "post-up"].includes(dashed(option.key.text)) && option.value.text.includes("fail_over_mac"),
          )
          .map(
            (option): Finding => ({
              bond: stanza.name.text,
              message: `this comes too late: the kernel refuses fail_over_mac once ${stanza.name.text} has ports, and ${option.key.text} runs after they joined`,
              hint: `Say bond-fail-over-mac active in the stanza of ${stanza.name.text} instead.`,
              at: optionSpan(option),
            }),
          ),
      ),
};
