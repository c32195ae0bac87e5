import { whereIs } from "../diagnostic/origins.ts";
import { managers } from "../model/managers.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** The right text for the wrong program: half of all guides are for the distribution of some years ago. */
export const piOsGuideForWrongStack: Rule = {
  name: "pi-os-guide-for-wrong-stack",
  severity: "warning",
  about: "A bond is declared in files that somebody on this host reads",
  source: ["raspberrypi/documentation merge request 3125", "Raspberry Pi OS 12 uses NetworkManager, 11 used dhcpcd"],
  applies: "any",
  check: ({ host, elsewhere = [] }) => {
    if (host === undefined) return [];
    return elsewhere.flatMap(({ language, config, origins }): readonly Finding[] => {
      const readers = host.managers.filter(
        ({ name, isRunning, isEnabled }) => (isRunning || isEnabled) && managers[name].languages.includes(language),
      );
      const [bond] = config.bonds;
      if (bond === undefined || readers.length > 0) return [];
      const names = config.bonds.map(({ name }) => name);
      const now = host.inCharge === undefined ? "nobody is in charge" : `${managers[host.inCharge].title} is in charge`;
      return [
        {
          bond: bond.name,
          message: `${listed(names)} ${names.length === 1 ? "is" : "are"} declared in the language ${language}, which nothing reads on this host: ${now}`,
          hint:
            host.inCharge === undefined
              ? "Enable the manager these files are for."
              : `Run holdfast convert to get the same for ${managers[host.inCharge].title}, and remove these files.`,
          at: whereIs(origins, `bond/${bond.name}`),
        },
      ];
    });
  },
};
