import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { extraOf } from "./about/consumers.ts";
import { radioPorts } from "./about/radios.ts";
import type { Rule } from "./rule.ts";

/** A radio that sleeps between beacons is slow to notice that it is needed. */
export const wifiPowerSaveLatency: Rule = {
  name: "wifi-power-save-latency",
  severity: "advice",
  about: "A radio that stands by for the bond does not sleep",
  source: ["NetworkManager, nm-settings: wifi.powersave", "raspberrypi/linux issues 2522 and 7533"],
  applies: ["networkmanager"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      radioPorts(subject.config, bond)
        .filter((port) => interfaceNamed(subject.config, port)?.wifi !== undefined)
        .filter((port) => extraOf(subject.config, port, "wifi.powersave") !== "2")
        .map((port) => ({
          message: `${port} may sleep between the access point's beacons: answers through it take up to seconds (6 ms without power saving, over 100 ms with it where it was measured), which a monitor takes for losses`,
          hint: `Write powersave=2 in [wifi] of ${port}'s profile.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};
