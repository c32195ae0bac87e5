import type { Interface } from "../model/config.ts";
import { type HostLink, linkNamed } from "../model/host-state.ts";
import { interfacePlace } from "./about/bonds.ts";
import { type DeclaredLink, declaredLinks } from "./about/in-force.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** VLANs and bridges over a bond that were taken apart, or never came to be. */
export const membershipNotInForce: Rule = {
  name: "membership-not-in-force",
  severity: "warning",
  about: "VLANs and bridges stand on a bond as its files say",
  source: ["/sys/class/net/NAME/lower_*, master", "rtnetlink(7), IFLA_VLAN_ID"],
  applies: "any",
  check: (subject) =>
    declaredLinks(subject).flatMap((one): readonly Finding[] => {
      const { bond, declared, at } = one;
      if (declared.name === bond.name) return [];
      const problem = problemOf(one);
      if (problem === undefined) return [];
      const field = declared.vlan === undefined ? "bridge" : "vlan";
      return [{ bond: bond.name, ...problem, at: interfacePlace(subject, declared.name, field) ?? at }];
    }),
};

type Problem = Pick<Finding, "message" | "hint">;

function problemOf({ host, declared, link }: DeclaredLink): Problem | undefined {
  const { name, vlan, bridge } = declared;
  if (link === undefined) {
    return {
      message: `${name} is declared on a bond that runs, and there is no such interface`,
      hint: `Look what the manager says of ${name} in the journal, then bring it up.`,
    };
  }
  if (vlan !== undefined) return vlanProblem(name, vlan, link);
  const outside = (bridge?.ports ?? []).filter((port) => {
    const found = linkNamed(host, port);
    return found !== undefined && found.master !== link.name;
  });
  const [first] = outside;
  if (first === undefined) return undefined;
  return {
    message: `${listed(outside)} ${agreeing(outside, "is a port", "are ports")} of ${name} by the files and ${agreeing(outside, "isn't", "aren't")} in it: what hangs on ${name} doesn't reach the network that way`,
    hint: `Put it back (ip link set ${first} master ${link.name}), or take it out of the files.`,
  };
}

/** The number is only known where the running kernel was asked. */
function vlanProblem(name: string, vlan: NonNullable<Interface["vlan"]>, link: HostLink): Problem | undefined {
  const hint = `Bring ${name} down and up again with its manager: what a VLAN stands on can't be changed while it is there.`;
  if (link.kind !== "" && link.kind !== "vlan")
    return {
      message: `${name} is declared as a VLAN and is ${link.kind === "bond" ? "a bond" : `a ${link.kind}`}`,
      hint,
    };
  if (link.vlanId !== undefined && link.vlanId !== vlan.id)
    return { message: `${name} is VLAN ${link.vlanId}, and its files say ${vlan.id}`, hint };
  const [parent] = link.on;
  if (parent === undefined || parent === vlan.parent) return undefined;
  return { message: `${name} stands on ${parent}, and its files say ${vlan.parent}`, hint };
}
