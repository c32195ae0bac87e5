import { declaredPorts, portOrLink } from "./about/host.ts";
import { isExplainedAway } from "./about/outside.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** A bond with a port less looks well until the other one fails; one without any carries nothing. */
export const portNotInBond: Rule = {
  name: "port-not-in-bond",
  severity: "error",
  about: "Every port that is declared is in its bond",
  source: ["/sys/class/net/NAME/bonding/slaves, as the bonding driver shows it"],
  applies: "any",
  check: (subject) =>
    declaredPorts(subject).flatMap(({ bond, port, link, host }): readonly Finding[] => {
      const running = host.bonds.find((one) => one.name === bond.name);
      if (running === undefined || running.ports.includes(port)) return [];
      // Where the reason can be seen, another rule tells it.
      if (isExplainedAway(subject, bond.name, port)) return [];
      const left = running.ports;
      const rest =
        left.length === 0
          ? "the bond carries nothing"
          : `only ${listed(left)} ${agreeing(left, "carries", "carry")} it`;
      const state = link === undefined ? "there is no interface of that name" : link.isUp ? "it is up" : "it is down";
      return [
        {
          bond: bond.name,
          message: `${port} is declared as a port of ${bond.name} and is outside (${state}): ${rest}`,
          hint:
            link === undefined
              ? `Plug ${port} in, or write the name the interface has now.`
              : `Let the manager bring ${port} up again, and look into its journal for the refusal.`,
          at: portOrLink(subject, bond.name, port),
          ...(left.length === 0 ? {} : { severity: "warning" }),
        },
      ];
    }),
};
