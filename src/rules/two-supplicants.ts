import { managers } from "../model/managers.ts";
import { inFile, inSysfs, portsOf } from "./about/host.ts";
import { listed, times } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** Two programs that both believe an interface is theirs take it from each other for ever. */
export const twoSupplicants: Rule = {
  name: "two-supplicants",
  severity: "warning",
  about: "Every port and bond is configured by one manager, and every radio by one supplicant",
  source: ["systemd issues 22830 and 27466", "networkctl(1), SETUP; NetworkManager(8), managed"],
  applies: "any",
  check: (subject) => {
    const { host } = subject;
    if (host === undefined) return [];
    const bonds = host.links.filter(({ name }) => host.bonds.some((bond) => bond.name === name));
    const contested = [...bonds, ...portsOf(subject)].filter(({ owners }) => owners.length > 1);
    const radios = [...new Set(host.supplicants)].filter((name) => portsOf(subject).some((port) => port.name === name));
    return [
      ...contested.map(({ name, owners }): Finding => {
        const titles = owners.map((owner) => managers[owner].title);
        return {
          message: `${listed(titles)} both configure ${name}: each takes back what the other one sets, and at the next boot the order decides`,
          hint: `Leave ${name} to one of them, and tell the other to keep away (unmanaged-devices= for NetworkManager, Unmanaged=yes for networkd).`,
          at: inSysfs(name),
        };
      }),
      ...radios.flatMap((name): readonly Finding[] => {
        const count = host.supplicants.filter((one) => one === name).length;
        if (count < 2) return [];
        return [
          {
            message: `wpa_supplicant runs ${times(count)} for ${name}: they end each other's connection in turns`,
            hint: "Start it from one place: the manager, the unit wpa_supplicant@, or a hook.",
            at: inFile("/run/wpa_supplicant"),
          },
        ];
      }),
    ];
  },
};
