import { interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { extraOf } from "./about/consumers.ts";
import { aboutRunningBonds, portOrLink } from "./about/host.ts";
import { radioPorts } from "./about/radios.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** A radio that sleeps between beacons is slow to notice that it is needed. */
export const wifiPowerSaveLatency: Rule = {
  name: "wifi-power-save-latency",
  severity: "advice",
  about: "A radio that stands by for the bond does not sleep",
  source: ["NetworkManager, nm-settings: wifi.powersave", "raspberrypi/linux issues 2522 and 7533"],
  applies: "any",
  check: (subject) => {
    const said = subject.dialect === "networkmanager" ? inProfiles(subject) : [];
    return [...said, ...onHost(subject, new Set(said.map(({ port }) => port)))];
  },
};

const slow =
  "answers through it take up to seconds (6 ms without power saving, over 100 ms with it where it was measured), which a monitor takes for losses";

/** Where the radio was asked, its own word counts. */
function inProfiles(subject: Subject): readonly (Finding & { readonly port: string })[] {
  const isSeenAwake = (port: string) =>
    subject.host?.links.some((link) => link.name === port && link.powerSave === false);
  return subject.config.bonds.flatMap((bond) =>
    radioPorts(subject.config, bond)
      .filter((port) => interfaceNamed(subject.config, port)?.wifi !== undefined)
      .filter((port) => extraOf(subject.config, port, "wifi.powersave") !== "2" && isSeenAwake(port) !== true)
      .map((port) => ({
        bond: bond.name,
        port,
        message: `${port} may sleep between the access point's beacons: ${slow}`,
        hint: `Write powersave=2 in [wifi] of ${port}'s profile.`,
        at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
      })),
  );
}

function onHost(subject: Subject, told: ReadonlySet<string>): readonly Finding[] {
  return aboutRunningBonds(subject, ({ bond, ports }) =>
    ports
      .filter(({ name, powerSave }) => powerSave === true && !told.has(name))
      .map(({ name }) => ({
        message: `${name} sleeps between the access point's beacons: ${slow}`,
        hint: `Switch it off (iw dev ${name} set power_save off), at every start.`,
        at: portOrLink(subject, bond.name, name),
      })),
  );
}
