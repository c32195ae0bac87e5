import type { Config, Interface } from "../model/config.ts";

/** What ifup brings up along with something else, said as if it were started itself: the links in a bond or a bridge, and the one below
 *  a VLAN, need no `auto` of their own. Of "links" only those that are there by themselves; "all": bonds, bridges and VLANs too.
 *  Source: if-pre-up.d of ifenslave 2.13, bridge-utils 1.7 and vlan 2.0; ifupdown2's and ifupdown-ng's dependencies. */
export function withPartsStarted(config: Config, which: "links" | "all"): Config {
  if (!config.interfaces.some(({ start }) => start === "manual")) return config;
  const bonds = new Set(config.bonds.map(({ name }) => name));
  const wholes = wholesOf(config);
  const byName = new Map(config.interfaces.map((iface) => [iface.name, iface]));
  const isMade = ({ name, bridge, vlan }: Interface): boolean =>
    bonds.has(name) || bridge !== undefined || vlan !== undefined;
  const startOf = (iface: Interface, seen: ReadonlySet<string>): Interface["start"] => {
    if (iface.start !== "manual" || seen.has(iface.name) || (which === "links" && isMade(iface))) return iface.start;
    const above = wholes.get(iface.name) ?? [];
    const beyond = new Set([...seen, iface.name]);
    const starts = above.map((name) => {
      const whole = byName.get(name);
      return whole === undefined ? "boot" : startOf(whole, beyond);
    });
    return starts.find((start) => start !== "manual") ?? "manual";
  };
  return {
    ...config,
    interfaces: config.interfaces.map((iface) => {
      const start = startOf(iface, new Set());
      return start === iface.start ? iface : { ...iface, start };
    }),
  };
}

/** What each interface is a part of. */
function wholesOf({ bonds, interfaces }: Config): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  const add = (part: string, whole: string): void => {
    const known = all.get(part);
    if (known === undefined) all.set(part, [whole]);
    else known.push(whole);
  };
  for (const { name, ports } of bonds) for (const port of ports) add(port, name);
  for (const { name, bridge, vlan } of interfaces) {
    for (const port of bridge?.ports ?? []) add(port, name);
    if (vlan !== undefined) add(vlan.parent, name);
  }
  return all;
}
