import type { Config, Interface } from "../model/config.ts";
import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { dashed } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** Bonding opens a radio; somebody else has to join it to its network. */
export const wifiPortNeverAssociates: Rule = {
  name: "wifi-port-never-associates",
  severity: "error",
  about: "A Wi-Fi port is told which network to join",
  source: [sources.wifi61, "wpa_supplicant, /etc/wpa_supplicant/ifupdown.sh"],
  applies: ["ifupdown", "ifupdown2", "ifupdown-ng", "holdfast", "netplan", "networkmanager", "ifcfg-rh"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      radioPorts(subject.config, bond)
        .filter((port) => !isJoined(subject.config, interfaceNamed(subject.config, port)))
        .map((port) => ({
          message: `${port} is a Wi-Fi port of ${bond.name}, and nothing here tells it which network to join: it never has carrier, so there is no second way`,
          hint:
            hints[subject.dialect]?.replaceAll("PORT", port) ?? `Give port ${port} a wifi section with ssid and psk.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};

const hints: Readonly<Record<string, string>> = {
  ifupdown: "Give iface PORT its wpa-ssid and wpa-psk, or wpa-conf FILE.",
  ifupdown2:
    "Give iface PORT a pre-up that starts wpa_supplicant -B -i PORT -c FILE: ifupdown2 reads no wpa- lines itself.",
  "ifupdown-ng": "Give iface PORT use wifi, with its wifi-ssid and wifi-psk.",
  netplan: "Declare PORT under wifis: with its access-points:, not under ethernets:.",
  networkmanager: "Make the profile of PORT one of type=wifi with [wifi] ssid= and [wifi-security].",
  "ifcfg-rh": "Write TYPE=Wireless and ESSID in ifcfg-PORT, and its key in keys-PORT.",
};

function isJoined(config: Config, port: Interface | undefined): boolean {
  if (port === undefined) return false;
  const isSupplicant = (text: string) => /wpa_supplicant|wpa_cli|iwd|iwconfig|\biw\b/.test(text);
  const stackless = config.interfaces.every((one) =>
    one.hooks.every((hook) => !hook.command.includes(port.name) || !isSupplicant(hook.command)),
  );
  return (
    port.wifi !== undefined ||
    port.extra.some(({ key }) => /^(?:wpa|wireless|wifi)-/.test(dashed(key))) ||
    port.hooks.some((hook) => isSupplicant(hook.command)) ||
    !stackless
  );
}
