import { aboutBonds, interfaceNamed } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Finding, Rule } from "./rule.ts";

/** A port that appears again is looked up by an address that others wear by then. */
export const udevNameClashByEqualMac: Rule = {
  name: "udev-name-clash-by-equal-mac",
  severity: "warning",
  about: "Names of ports are given by the MAC address that stays",
  source: ["systemd.link(5), PermanentMACAddress=", sources.ifenslaveReadme],
  applies: ["networkd"],
  check: (subject) => {
    const links = [...subject.files].filter(([file]) => file.endsWith(".link"));
    return aboutBonds(subject, (bond) => {
      const macs = new Set(bond.ports.map((port) => interfaceNamed(subject.config, port)?.match?.mac));
      return links.flatMap(([file, text]): readonly Finding[] => {
        const match = /^[ \t]*MACAddress=[ \t]*(\S+).*/m.exec(text);
        const isOurs = match !== null && macs.has(match[1]?.toLowerCase().replaceAll("-", ":"));
        if (!isOurs || !/^[ \t]*Name=/m.test(text.slice(text.indexOf("[Link]")))) return [];
        return [
          {
            message: `${file.split("/").at(-1)} names a port of ${bond.name} by the MAC address in force: while the bond is up every port has the same, so a card that appears again gets the other's name, or none`,
            hint: "Write PermanentMACAddress= instead of MACAddress=.",
            at: { file, start: match.index, end: match.index + match[0].length },
          },
        ];
      });
    });
  },
};
