import { declaredPorts, portOrLink } from "./about/host.ts";
import { sources } from "./about/sources.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** A bond and its ports live in one network namespace; a card that is given to a container leaves the bond without a word. */
export const namespaceMismatch: Rule = {
  name: "namespace-mismatch",
  severity: "error",
  about: "A bond's ports are in the bond's own network namespace",
  source: [sources.bondMain, sources.bonding61],
  applies: "any",
  check: (subject) =>
    declaredPorts(subject).flatMap(({ bond, port, link, host }): readonly Finding[] =>
      link !== undefined || host.namespaces.length === 0
        ? []
        : [
            {
              bond: bond.name,
              message: `there is no ${port} here, and this host has other network namespaces (${listed(host.namespaces)}): a port that was moved into one has left ${bond.name}`,
              hint: `Look with ip -n ${host.namespaces[0]} link; give the container a VLAN or a macvlan of ${bond.name} instead of the card.`,
              at: portOrLink(subject, bond.name, port),
            },
          ],
    ),
};
