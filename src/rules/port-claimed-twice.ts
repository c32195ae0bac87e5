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
    const shared = aboutBonds(subject, (bond) =>
      bond.ports.flatMap((port): readonly Finding[] => {
        const other = subject.config.bonds.find((one) => one.name !== bond.name && one.ports.includes(port));
        const bridge = subject.config.interfaces.find((one) => one.bridge?.ports.includes(port));
        const isLaterBond =
          other !== undefined && subject.config.bonds.indexOf(other) < subject.config.bonds.indexOf(bond);
        const rival = isLaterBond ? other.name : bridge?.name;
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
