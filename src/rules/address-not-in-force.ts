import { interfacePlace } from "./about/bonds.ts";
import type { DeclaredLink } from "./about/in-force.ts";
import { declaredLinks, isAwayWithAgent, isCarrying, isSameAddress, isSameHost } from "./about/in-force.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** An address that the files say and nobody answers to: everybody who knows the host by it is cut off. */
export const addressNotInForce: Rule = {
  name: "address-not-in-force",
  severity: "error",
  about: "A bond has the addresses its files say",
  source: ["rtnetlink(7), RTM_GETADDR, as the running kernel answers it"],
  applies: "any",
  check: (subject) =>
    declaredLinks(subject).flatMap((one): readonly Finding[] => {
      const { host, bond, declared, link } = one;
      if (host.routes === undefined || !isCarrying(link) || isAwayWithAgent(one)) return [];
      const said = saidAddresses(one);
      const missing = said.filter((address) => !link.addresses.some((seen) => isSameAddress(address, seen)));
      const [first] = missing;
      if (first === undefined) return [];
      const others = link.addresses.filter((seen) => !said.some((address) => isSameAddress(address, seen)));
      const isShort = missing.every((address) => others.some((seen) => isSameHost(address, seen)));
      const seen = others.length === 0 ? "" : `; it has ${listed(others)} instead`;
      return [
        {
          bond: bond.name,
          message: `${declared.name} doesn't have ${listed(missing)}, which its files say${seen}: ${isShort ? "its network is taken for another one" : "nobody reaches this host by it"}${whySix(one, missing)}`,
          hint: `Put it back (ip address add ${first} dev ${link.name}), or write into the files what it has.`,
          at:
            interfacePlace(subject, declared.name, first.includes(":") ? "ipv6/addresses" : "ipv4/addresses") ?? one.at,
        },
      ];
    }),
};

/** Link-local ones are the kernel's own matter and are not looked at. */
function saidAddresses({ declared }: DeclaredLink): readonly string[] {
  return [...declared.ipv4.addresses, ...declared.ipv6.addresses].filter((address) => !/^fe[89ab]/i.test(address));
}

function whySix({ host, declared }: DeclaredLink, missing: readonly string[]): string {
  const isOff = [declared.name, "all"].some((name) => host.sysctls?.get(`net.ipv6.conf.${name}.disable_ipv6`) === "1");
  return isOff && missing.some((address) => address.includes(":")) ? " (disable_ipv6 is 1)" : "";
}
