import { aboutBonds, interfacePlace, portPlace } from "./about/bonds.ts";
import { extraOf } from "./about/consumers.ts";
import { declaredPorts, portOrLink } from "./about/host.ts";
import { receiverKinds } from "./about/outside.ts";
import { sources } from "./about/sources.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

const children = ["MACVLAN", "MACVTAP", "IPVLAN", "IPVTAP"] as const;

/** The receive hook of a card can be taken once: by a bond, or by what stands on it. */
export const portHasMacvlan: Rule = {
  name: "port-has-macvlan",
  severity: "error",
  about: "What shares a card's traffic stands on the bond, not on a port",
  source: [sources.bondMain, sources.bonding61, "docker/for-linux issue 202"],
  applies: "any",
  check: (subject) => (subject.dialect === "networkd" ? [...declared(subject), ...running(subject)] : running(subject)),
};

/** What shares a port now. */
function running(subject: Subject): readonly Finding[] {
  return declaredPorts(subject).flatMap(({ bond, port, host }) =>
    host.links
      .filter(({ kind, on }) => receiverKinds.includes(kind) && on.includes(port))
      .map(({ name, kind }) => ({
        bond: bond.name,
        message: `${port} carries ${name} (${kind}) and is to be a port of ${bond.name}: a card takes one of the two, and the kernel refuses the bond`,
        hint: `Put ${name} on ${bond.name} instead; for a container that is the parent of its network.`,
        at: portOrLink(subject, bond.name, port),
      })),
  );
}

function declared(subject: Subject): readonly Finding[] {
  return aboutBonds(subject, (bond) =>
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
  );
}
