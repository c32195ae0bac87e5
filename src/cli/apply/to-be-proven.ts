import type { PlanOutcome } from "./make-plan.ts";

/** What must work after the change before it may be confirmed, a line each, in the words of people. */
export function toBeProven({ plan, declared }: Extract<PlanOutcome, { kind: "planned" }>): readonly string[] {
  const { wanted } = plan.merged;
  const bonds = wanted.bonds.map(({ name }) => {
    const iface = wanted.interfaces.find((one) => one.name === name);
    const addresses = [...(iface?.ipv4.addresses ?? []), ...(iface?.ipv6.addresses ?? [])];
    const has =
      addresses.length > 0
        ? `has ${addresses.join(" and ")}`
        : iface?.ipv4.method === "dhcp"
          ? "gets a lease"
          : "is up";
    return `${name} ${has}, and runs with every option declared`;
  });
  const ports = wanted.bonds.flatMap((bond) => bond.ports);
  const gateways = wanted.interfaces
    .flatMap(({ ipv4, ipv6 }) => [ipv4.gateway, ipv6.gateway])
    .filter((one) => one !== undefined);
  const targets = declared.targets.filter((target) => target !== "gateway");
  return [
    ...bonds,
    ...(gateways.length > 0 ? [`the router ${gateways.join(" and ")} answers`] : []),
    ...(targets.length > 0
      ? [`${targets.join(" and ")} ${targets.length === 1 ? "answers" : "answer"}, as before`]
      : []),
    `${ports.join(" and ")} ${ports.length === 1 ? "carries" : "each carry"} the traffic when steered to`,
    "what worked before works after: addresses, routes, SSH sessions",
  ];
}
