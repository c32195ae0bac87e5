import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { withoutAliases } from "../aliases.ts";
import { isWritable } from "./keyfile-value.ts";
import type { Loser } from "./losses.ts";

/** One profile that is to be written. */
export interface Planned {
  readonly iface: Interface;
  readonly bond: Bond | undefined;
  /** The bond or bridge it is a port of. */
  readonly controller: { readonly name: string; readonly bond: Bond | undefined } | undefined;
}

/** Which profiles a configuration needs: one for each interface it describes, for each bond, and for each port. */
export function planProfiles(config: Config, lose: Loser): readonly Planned[] {
  const bonds = new Map<string, Bond>();
  for (const bond of config.bonds) {
    if (bonds.has(bond.name)) continue;
    if (isUsable(bond.name)) bonds.set(bond.name, bond);
    else lose(`bond/${bond.name}`, `${shown(bond.name)}: the bond is left out: that is no interface's name`);
  }
  const interfaces = describedOf(config, bonds, lose);
  const controllers = controllersOf(bonds, interfaces, lose);
  const names = new Set([...bonds.keys(), ...interfaces.keys(), ...controllers.keys()]);
  return [...names].map((name) => ({
    iface: interfaces.get(name) ?? undescribed(name),
    bond: bonds.get(name),
    controller: controllers.get(name),
  }));
}

function isUsable(name: string): boolean {
  // NetworkManager's own list of names that are none. Source: nm_utils_ifname_valid().
  return isInterfaceName(name) && isWritable(name) && !/^(?:all|default|bonding_masters)$/.test(name);
}

/** A name as a message may show it. */
export function shown(name: string): string {
  return isUsable(name) ? name : "an interface";
}

function undescribed(name: string): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] };
}

function describedOf(config: Config, bonds: ReadonlyMap<string, Bond>, lose: Loser): ReadonlyMap<string, Interface> {
  const interfaces = new Map<string, Interface>();
  const all = withoutAliases(config.interfaces, ({ name, about, message, severity }) =>
    lose(about, `${name}: ${message}`, severity),
  );
  for (const iface of all) {
    const about = `interface/${iface.name}`;
    if (!isUsable(iface.name)) lose(about, "an interface is left out: what it is called is no interface's name");
    else if (iface.name === "lo") loseLoopback(iface, lose);
    else if (interfaces.has(iface.name)) lose(about, `${iface.name}: it is described twice; the first is written`);
    else if (iface.vlan !== undefined && !isVlan(iface, bonds)) {
      lose(about, `${iface.name}: the VLAN is left out: its tag or its parent is none`);
    } else interfaces.set(iface.name, iface);
  }
  return interfaces;
}

function isVlan({ vlan, name, bridge }: Interface, bonds: ReadonlyMap<string, Bond>): boolean {
  if (vlan === undefined || bonds.has(name) || bridge !== undefined) return false;
  return isUsable(vlan.parent) && Number.isInteger(vlan.id) && vlan.id >= 0 && vlan.id <= 4094;
}

function loseLoopback(iface: Interface, lose: Loser): void {
  const says = iface.ipv4.addresses.length + iface.ipv6.addresses.length > 0;
  lose(
    "interface/lo",
    says
      ? "lo: its addresses are left out; NetworkManager brings it up with its own"
      : "lo: NetworkManager brings it up by itself",
    says ? "warning" : "advice",
  );
}

/** Of every port the bond or bridge it belongs to: the first that names it. */
function controllersOf(
  bonds: ReadonlyMap<string, Bond>,
  interfaces: ReadonlyMap<string, Interface>,
  lose: Loser,
): ReadonlyMap<string, NonNullable<Planned["controller"]>> {
  const found = new Map<string, NonNullable<Planned["controller"]>>();
  const claim = (port: string, controller: NonNullable<Planned["controller"]>, about: string): void => {
    if (!isUsable(port))
      lose(
        about,
        `${controller.name}: the port ${JSON.stringify(port.slice(0, 40))} is left out: that is no interface's name`,
      );
    else if (port === controller.name) lose(about, `${port}: it can't be a port of itself`);
    else if (found.has(port) && found.get(port)?.name !== controller.name)
      lose(about, `${port}: it is a port of ${found.get(port)?.name} already, not of ${controller.name} too`);
    else found.set(port, controller);
  };
  for (const bond of bonds.values())
    for (const port of bond.ports) claim(port, { name: bond.name, bond }, `bond/${bond.name}/ports`);
  for (const iface of interfaces.values()) {
    if (iface.bridge === undefined || bonds.has(iface.name)) continue;
    for (const port of iface.bridge.ports)
      claim(port, { name: iface.name, bond: undefined }, `interface/${iface.name}/bridge/ports`);
  }
  return found;
}
