import type { Bond } from "../model/bond.ts";
import type { Config, Interface } from "../model/config.ts";

/** What the host says of its own address, as the network around it must know it. */
export interface HostAddressing {
  /** The interface that carries the address: the bond, or a bridge or VLAN on it. */
  readonly holder: string;
  /** First IPv4 address, CIDR. Absent: none is declared (DHCP, or none at all). */
  readonly cidr?: string;
  readonly gateway?: string;
  readonly cidr6?: string;
  readonly gateway6?: string;
  readonly dhcp: boolean;
  /** The VLAN the address lives in. */
  readonly vlan?: number;
}

/** The bond a rehearsal is about: the one whose side holds a gateway, else the first. */
export function mainBond(config: Config): Bond | undefined {
  return config.bonds.find((bond) => stack(config, bond.name).some(hasGateway)) ?? config.bonds[0];
}

/** The bond itself, and what stands on it: VLANs, bridges, and VLANs on those. */
function stack(config: Config, name: string): readonly Interface[] {
  const names = new Set([name]);
  const found: Interface[] = [];
  for (let grew = true; grew; ) {
    grew = false;
    for (const one of config.interfaces) {
      if (found.includes(one)) continue;
      const below = one.vlan === undefined ? (one.bridge?.ports ?? []) : [one.vlan.parent];
      if (!names.has(one.name) && !below.some((port) => names.has(port))) continue;
      names.add(one.name);
      found.push(one);
      grew = true;
    }
  }
  return found;
}

function hasGateway(one: Interface): boolean {
  return one.ipv4.gateway !== undefined || one.ipv6.gateway !== undefined;
}

function hasAddress(one: Interface): boolean {
  return one.ipv4.addresses.length > 0 || one.ipv4.method === "dhcp" || one.ipv6.addresses.length > 0;
}

/** The host's addressing, from the interface that holds the gateway, else the first that holds an address.
 *  Without a bond any interface but loopback will do. */
export function hostAddressing(config: Config): HostAddressing {
  const bond = mainBond(config);
  const candidates =
    bond === undefined ? config.interfaces.filter((one) => one.ipv4.method !== "loopback") : stack(config, bond.name);
  const holder = candidates.find(hasGateway) ?? candidates.find(hasAddress);
  if (holder === undefined) return { holder: bond?.name ?? "", dhcp: false };
  const [cidr] = holder.ipv4.addresses;
  const [cidr6] = holder.ipv6.addresses;
  return {
    holder: holder.name,
    dhcp: holder.ipv4.method === "dhcp",
    ...(cidr === undefined ? {} : { cidr }),
    ...(holder.ipv4.gateway === undefined ? {} : { gateway: holder.ipv4.gateway }),
    ...(cidr6 === undefined ? {} : { cidr6 }),
    ...(holder.ipv6.gateway === undefined ? {} : { gateway6: holder.ipv6.gateway }),
    ...(holder.vlan === undefined ? {} : { vlan: holder.vlan.id }),
  };
}
