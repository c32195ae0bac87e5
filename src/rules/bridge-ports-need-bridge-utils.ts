import { knowsPackages, versionOf } from "./about/packages.ts";
import { sources } from "./about/sources.ts";
import { ifaceStanzas, optionSpan, optionsNamed } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** ifupdown itself knows no bridges: a hook of another package makes them. */
export const bridgePortsNeedBridgeUtils: Rule = {
  name: "bridge-ports-need-bridge-utils",
  severity: "error",
  about: "Where bridge_ports is said, bridge-utils is installed",
  source: [sources.ifupdown, "bridge-utils 1.7, /etc/network/if-pre-up.d/bridge"],
  applies: ["ifupdown"],
  check: (subject) => {
    if (!knowsPackages(subject) || versionOf(subject, "bridge-utils") !== undefined) return [];
    return ifaceStanzas(subject).flatMap((stanza) =>
      optionsNamed(stanza, "bridge-ports").map(
        (option): Finding => ({
          message: `nothing on this host reads ${option.key.text}: bridge-utils is not installed, and ${stanza.name.text} is not made`,
          hint: "Install bridge-utils.",
          at: optionSpan(option),
        }),
      ),
    );
  },
};
