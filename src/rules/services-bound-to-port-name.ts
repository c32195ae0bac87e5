import { inFile } from "./about/host.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** Services and firewalls that were told an interface once are not told that it is a port now. */
export const servicesBoundToPortName: Rule = {
  name: "services-bound-to-port-name",
  severity: "advice",
  about: "Services and firewall rules name the bond, not its ports",
  source: ["uyuni-project/sumaform merge request 464", "nft(8), meta iifname; dnsmasq(8), --interface"],
  applies: "any",
  check: ({ host, config }) => {
    const ports = new Map(
      (host?.bonds ?? config.bonds).flatMap(({ name, ports: own }) => own.map((one) => [one, name])),
    );
    if (host === undefined || ports.size === 0) return [];
    return [...host.texts].flatMap(([path, text]): readonly Finding[] => {
      if (!speaksOfTraffic.test(path)) return [];
      const places = [...ports.keys()].flatMap((port) => placesOf(path, text, port));
      const [first, ...rest] = places;
      if (first === undefined) return [];
      const named = [...new Set(places.map(({ port }) => port))];
      const bonds = [...new Set(named.map((port) => ports.get(port) ?? ""))];
      return [
        {
          bond: bonds[0] ?? "",
          message: `${path} names ${listed(named)}, and what comes in there comes in on ${listed(bonds)} now: it no longer applies`,
          hint: `Write ${listed(bonds)} there instead.`,
          at: first.at,
          also: rest.map(({ at }) => ({ at, note: "and here" })),
        },
      ];
    });
  },
};

/** Only what concerns traffic on the interface: sysctls of a port and udev's names are about the device. */
const speaksOfTraffic = /(avahi|dnsmasq|smb\.conf|nftables|iptables|ufw)/;

/** The name as a whole word, outside of comments. */
function placesOf(path: string, text: string, port: string) {
  const word = new RegExp(`(?<![\\w.:-])${port.replace(/[^\w]/g, "\\$&")}(?![\\w.:-])`, "g");
  return [...text.matchAll(word)].flatMap(({ index }) => {
    const before = text.slice(text.lastIndexOf("\n", index) + 1, index);
    return /[#;]/.test(before) ? [] : [{ port, at: inFile(path, index, index + port.length) }];
  });
}
