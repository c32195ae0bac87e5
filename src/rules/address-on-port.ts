import type { IpSettings } from "../model/config.ts";
import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** The connected route of a port wins over that of its bond, and answers never reach the port. */
export const addressOnPort: Rule = {
  name: "address-on-port",
  severity: "error",
  about: "Ports have no address of their own",
  source: [sources.bondMain, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports.flatMap((port) => {
        const settings = interfaceNamed(subject.config, port);
        const said = settings && (ownAddress(settings.ipv4) ?? ownAddress(settings.ipv6));
        if (said === undefined) return [];
        return {
          message: `${port} is a port of ${bond.name} and has ${said} of its own: its route comes before ${bond.name}'s, its ARP answers go to ${bond.name}, and nothing on the LAN is reached`,
          hint:
            subject.dialect === "ifupdown"
              ? `Write iface ${port} inet manual without an address, and put the address on ${bond.name}.`
              : `Take the address off ${port}, and put it on ${bond.name}.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        };
      }),
    ),
};

function ownAddress(settings: IpSettings): string | undefined {
  if (settings.addresses.length > 0) return `the address ${settings.addresses[0]}`;
  if (settings.method === "dhcp") return "a DHCP client";
  if (settings.method === "auto") return "an automatic IPv6 address";
  return settings.gateway === undefined ? undefined : `the gateway ${settings.gateway}`;
}
