import type { Config } from "../../model/config.ts";
import type { BondOptions } from "../../model/options.ts";
import { hostAddressing } from "../../topology/addressing.ts";

/** What a change promises of the running host, beyond what worked before. */
export interface Expectation {
  /** "unknown": a command of the operator's, which may give the host another address on purpose. */
  readonly kind: "declared" | "unknown";
  readonly bonds: readonly ExpectedBond[];
  /** Static addresses, CIDR, with the link that is to bear them. */
  readonly addresses: readonly { readonly link: string; readonly cidr: string }[];
  /** Links that are to be given an IPv4 address by somebody else. */
  readonly leased: readonly string[];
  /** Links the change is about: what else they bore may be gone for good. */
  readonly concerned: readonly string[];
  /** Families whose default route is promised. */
  readonly routed: readonly ("ipv4" | "ipv6")[];
  /** Routers by port, where ports lead to different ones. */
  readonly routers: Readonly<Record<string, string>>;
  /** Addresses that were reached before and are to be reached again. */
  readonly targets: readonly string[];
  /** Ports that were looked at before, and are to be again, though no bond has them. Absent: none. */
  readonly lookedAt?: readonly string[];
  /** Of what is told of ports and bonds ("port eth0", "traffic bond0") only this has to stay. Absent: all that works now. */
  readonly keptPorts?: readonly string[];
}

export interface ExpectedBond {
  readonly name: string;
  readonly ports: readonly string[];
  /** Those that were said. */
  readonly options: BondOptions;
}

/** Nothing is promised: what worked before must work. For commands nobody knows what they do. */
export const noExpectation: Expectation = {
  kind: "unknown",
  bonds: [],
  addresses: [],
  leased: [],
  concerned: [],
  routed: [],
  routers: {},
  targets: [],
};

/** What a configuration promises, defaults filled in or not. */
export function expectationOf(config: Config): Expectation {
  const { gateway, gateway6 } = hostAddressing(config);
  const interfaces = config.interfaces.filter(({ ipv4 }) => ipv4.method !== "loopback");
  return {
    kind: "declared",
    bonds: config.bonds.map(({ name, ports, options }) => ({ name, ports, options })),
    addresses: interfaces.flatMap(({ name, ipv4, ipv6 }) =>
      [...ipv4.addresses, ...ipv6.addresses].map((cidr) => ({ link: name, cidr })),
    ),
    leased: interfaces.filter(({ ipv4 }) => ipv4.method === "dhcp").map(({ name }) => name),
    concerned: [
      ...new Set([
        ...config.bonds.flatMap(({ name, ports }) => [name, ...ports]),
        ...interfaces.map(({ name }) => name),
      ]),
    ],
    routed: [...(gateway === undefined ? [] : ["ipv4" as const]), ...(gateway6 === undefined ? [] : ["ipv6" as const])],
    routers: Object.fromEntries(config.uplinks.map((uplink) => [uplink.port, uplink.gateway])),
    targets: config.targets.filter((target) => target !== "gateway"),
  };
}
