import type { IfaceStanza } from "../dialects/ifupdown/document.ts";
import { hookKnows } from "../dialects/ifupdown/wpa-hook.ts";
import { dashed, ifaceStanzas, optionSpan, optionsNamed } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** wpasupplicant's hook for ifup hands on the lines it has a list of, and says nothing of the others. */
export const wpaLineIgnored: Rule = {
  name: "wpa-line-ignored",
  severity: "error",
  about: "Every wpa- line of a radio is one that wpasupplicant's hook for ifup hands on",
  source: ["wpasupplicant 2:2.10-12, functions.sh", "measured with hostapd (WPA3-SAE) on simulated radios"],
  applies: ["ifupdown"],
  check: (subject) =>
    ifaceStanzas(subject)
      .filter(hasNetwork)
      .flatMap((stanza) =>
        stanza.options.flatMap((option): readonly Finding[] => {
          const key = dashed(option.key.text);
          if (!key.startsWith("wpa-") || hookKnows(key.slice("wpa-".length).replaceAll("-", "_"))) return [];
          const asksForShield = key === "wpa-ieee80211w" && (option.value.text === "2" || joinsByWpa3Alone(stanza));
          const consequence = asksForShield
            ? `: a WPA3 network, which asks for protected management frames, is never joined, and ${stanza.name.text} stays without carrier`
            : "";
          return [
            {
              severity: asksForShield ? "error" : "warning",
              message: `wpasupplicant's hook for ifup drops ${key} without a word${consequence}`,
              hint: `Write the network into a file of wpa_supplicant's, and wpa-conf FILE here in the place of ${stanza.name.text}'s other wpa- lines.`,
              at: optionSpan(option),
            },
          ];
        }),
      ),
};

/** Otherwise the stanza only names a file, or nothing is joined at all, which is said elsewhere. */
function hasNetwork(stanza: IfaceStanza): boolean {
  return ["wpa-ssid", "wpa-psk"].some((key) => optionsNamed(stanza, key).length > 0);
}

function joinsByWpa3Alone(stanza: IfaceStanza): boolean {
  const ways = optionsNamed(stanza, "wpa-key-mgmt").flatMap(({ value }) => value.text.split(/\s+/));
  return ways.length > 0 && ways.every((way) => /SAE|OWE|SUITE-B/.test(way));
}
