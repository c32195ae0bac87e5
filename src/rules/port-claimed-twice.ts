import { aboutBonds, interfacePlace, portPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** An interface has one master; the second one takes it away or is refused. */
export const portClaimedTwice: Rule = {
  name: "port-claimed-twice",
  severity: "error",
  about: "An interface is a port of one bond or one bridge",
  source: [sources.bondMain, sources.ifenslave, sources.bonding61],
  applies: "any",
  check: (subject) => {
    const outside = factsOf(subject, "port-not-joined").map(
      (fact): Finding => ({
        bond: fact.bond,
        message:
          fact.reason === "is-itself"
            ? `${fact.bond} names itself among its ports`
            : `${fact.port} does not join ${fact.bond}: it is in another bond already`,
        hint: `Remove ${fact.port} from ${fact.bond}${fact.reason === "is-itself" ? "" : ", or from the other bond"}.`,
        at: fact.at,
      }),
    );
    const bondsOf = claimants(subject.config.bonds);
    const bridgeOf = claimants(
      subject.config.interfaces.map(({ name, bridge }) => ({ name, ports: bridge?.ports ?? [] })),
    );
    const order = new Map(subject.config.bonds.map((bond, index) => [bond.name, index]));
    const shared = aboutBonds(subject, (bond) =>
      bond.ports.flatMap((port): readonly Finding[] => {
        const other = bondsOf.get(port)?.find((one) => one !== bond.name);
        const bridge = bridgeOf.get(port)?.[0];
        const isLaterBond = other !== undefined && (order.get(other) ?? 0) < (order.get(bond.name) ?? 0);
        const rival = isLaterBond ? other : bridge;
        if (rival === undefined) return [];
        return [
          {
            message: `${port} is claimed by ${bond.name} and by ${rival}: whoever comes later takes it away without a word, or fails`,
            hint: `Leave ${port} to one of them; put the bridge on ${bond.name} itself where both are wanted.`,
            at: isLaterBond ? portPlace(subject, bond, port) : interfacePlace(subject, rival),
          },
        ];
      }),
    );
    return [...outside, ...shared];
  },
};

/** Who has each port, in their order. */
function claimants(
  all: readonly { readonly name: string; readonly ports: readonly string[] }[],
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { name, ports } of all) {
    for (const port of ports) {
      const known = names.get(port);
      if (known === undefined) names.set(port, [name]);
      else known.push(name);
    }
  }
  return names;
}
