import type { HostLink } from "../../model/host-state.ts";
import type { ManagerName } from "../../model/managers.ts";

/** What a router's advertisement gave the bond of `advertisedBond`, CIDR. */
export const advertised = "2001:db8::ff:fe00:1/64";

/** A running bond of eth0 and eth1 that has its address and its router from what that says of itself. */
export function advertisedBond(owner: ManagerName) {
  const link = { mac: "", hasCarrier: true, isUp: true, device: "", isRadio: false, owners: [owner], addresses: [] };
  const links = [
    { ...link, name: "bond0", kind: "bond", master: "", addresses: [advertised], leased: [advertised] },
    ...["eth0", "eth1"].map((name) => ({ ...link, name, master: "bond0" })),
  ] as unknown as readonly HostLink[];
  const options = { mode: "active-backup", miimon: 100 } as const;
  const bonds = [{ name: "bond0", ports: ["eth0", "eth1"], options, known: ["mode", "miimon"], activePort: "eth0" }];
  const route = { to: "default", via: "fe80::1", dev: "bond0", metric: 1024, table: 254, family: "ipv6" } as const;
  return { links, bonds, routes: [route] };
}
