import { inFile, portsOf } from "./about/host.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A radio that is switched off can't be opened, and a bond opens what joins it. */
export const rfkillBlocksPort: Rule = {
  name: "rfkill-blocks-port",
  severity: "error",
  about: "The radio of a Wi-Fi port is not switched off",
  source: [sources.wifi61, "Linux, Documentation/driver-api/rfkill.rst", "RPi-Distro/pi-gen issue 385"],
  applies: "any",
  check: (subject) => {
    const ports = portsOf(subject);
    return (subject.host?.radios ?? []).flatMap(({ phy, links, blocked }) => {
      const port = ports.find(({ name }) => links.includes(name));
      if (port === undefined || blocked === "no") return [];
      return [
        {
          message: `the radio of ${port.name} (${phy}) is switched off by ${blocked === "hard" ? "a switch on the machine" : "software"}: the port cannot join, or falls out of the bond`,
          hint:
            blocked === "hard"
              ? "Turn the machine's switch for wireless on."
              : "Set the country (iw reg set, country= in wpa_supplicant.conf), then run rfkill unblock wifi; systemd-rfkill keeps it.",
          at: inFile("/sys/class/rfkill"),
        },
      ];
    });
  },
};
