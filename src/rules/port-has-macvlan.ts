import { aboutBonds, interfacePlace, portPlace } from "./about/bonds.ts";
import { extraOf } from "./about/consumers.ts";
import { sources } from "./about/sources.ts";
import type { Finding, Rule } from "./rule.ts";

const children = ["MACVLAN", "MACVTAP", "IPVLAN", "IPVTAP"] as const;

/** The receive hook of a card can be taken once: by a bond, or by what stands on it. */
export const portHasMacvlan: Rule = {
  name: "port-has-macvlan",
  severity: "error",
  about: "What shares a card's traffic stands on the bond, not on a port",
  source: [sources.bondMain, sources.bonding61, "docker/for-linux issue 202"],
  applies: ["networkd"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports.flatMap((port) =>
        children.flatMap((kind): readonly Finding[] => {
          const child = extraOf(subject.config, port, `network/Network.${kind}`);
          if (child === undefined) return [];
          return [
            {
              message: `${port} carries ${child} (${kind}) and is a port of ${bond.name}: a card takes one of the two, so ${port} does not join or ${child} is not made`,
              hint: `Write ${kind}=${child} in the .network of ${bond.name} instead.`,
              at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
            },
          ];
        }),
      ),
    ),
};
