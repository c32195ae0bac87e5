import { aboutBonds, portPlace } from "./about/bonds.ts";
import type { Finding, Rule } from "./rule.ts";

/** The address by which a port is looked for is, once it has joined, the address of all of them. */
export const matchByCurrentMac: Rule = {
  name: "match-by-current-mac",
  severity: "error",
  about: "Ports are recognised by what stays theirs",
  source: ["systemd.network(5), [Match]", "measured with systemd-networkd 252", "systemd issues 15257 and 27432"],
  applies: ["networkd"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const files = new Set(bond.ports.map((port) => portPlace(subject, bond, port)?.file ?? ""));
      return [...files].flatMap((file): readonly Finding[] => {
        const text = subject.files.get(file) ?? "";
        const found = matchByMac(text);
        if (found === undefined) return [];
        return [
          {
            message: `${file.split("/").at(-1)} looks for its port by the MAC address in force, and once joined ${bond.name} and every port have that address: after a restart of networkd the file fits ${bond.name} too, which then gets no address`,
            hint: "Write PermanentMACAddress= instead of MACAddress=, or match by Name=.",
            at: { file, ...found },
          },
        ];
      });
    }),
};

/** MACAddress= in [Match], where nothing else there tells the ports from each other or from the bond. */
function matchByMac(text: string): { readonly start: number; readonly end: number } | undefined {
  const section = /^\[Match\][^\S\n]*\n(?:(?!\[).*(?:\n|$))*/m.exec(text);
  if (
    section === null ||
    /^[ \t]*(?:PermanentMACAddress|Name|OriginalName|Path|Type|Driver|Kind|Property)=/m.test(section[0])
  )
    return undefined;
  const line = /^[ \t]*(MACAddress=.*)$/m.exec(section[0]);
  if (line === null) return undefined;
  const start = section.index + line.index;
  return { start, end: start + line[0].length };
}
