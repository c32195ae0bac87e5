import { interfacePlace } from "./about/bonds.ts";
import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import { declaredLinks } from "./about/in-force.ts";
import { sources } from "./about/sources.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** An MTU that somebody changed by hand, on the bond or behind its back on a port. */
export const mtuNotInForce: Rule = {
  name: "mtu-not-in-force",
  severity: "warning",
  about: "A bond has the MTU its files say, and its ports have the bond's",
  source: ["/sys/class/net/NAME/mtu", sources.bondMain],
  applies: "any",
  check: (subject) => [
    ...declaredLinks(subject).flatMap(({ bond, declared, link, at }): readonly Finding[] =>
      link === undefined || declared.mtu === undefined || declared.mtu === link.mtu
        ? []
        : [
            {
              bond: bond.name,
              message: `${declared.name} has an MTU of ${link.mtu}, and its files say ${declared.mtu}`,
              hint: `Set it back (ip link set ${link.name} mtu ${declared.mtu}), or change the files.`,
              at: interfacePlace(subject, declared.name, "mtu") ?? at,
            },
          ],
    ),
    ...aboutRunningBonds(subject, ({ bond, link, ports }) => {
      const odd = link === undefined ? [] : ports.filter(({ mtu }) => mtu < link.mtu);
      const [first] = odd;
      if (first === undefined || link === undefined) return undefined;
      return {
        message: `${listed(odd.map(({ name, mtu }) => `${name} (${mtu})`))} ${agreeing(odd, "has", "have")} a smaller MTU than ${bond.name} (${link.mtu}): larger packets get lost when ${agreeing(odd, "it is", "one of them is")} active`,
        // Setting the bond's to what it is already does nothing: the kernel returns at once.
        hint: `Set it back (ip link set ${first.name} mtu ${link.mtu}).`,
        at: inSysfs(first.name, "mtu"),
      };
    }),
  ],
};
