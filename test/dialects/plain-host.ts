import { networkOf, parseCidr } from "../../src/model/address.ts";
import type { Bond } from "../../src/model/bond.ts";
import type { Config, Interface, IpSettings } from "../../src/model/config.ts";

import { conflictsIn } from "../../src/model/validate-options.ts";

/** The same host for languages that hand the kernel what they are told: no option that it would refuse, routes lead to networks and not to a host in them, what is
 *  in a bridge has no addresses, nothing starts by hotplug alone. */
export function plainHost(config: Config): Config {
  const bridged = new Set(config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []));
  return {
    ...config,
    bonds: config.bonds.map(taken),
    interfaces: config.interfaces.map((iface) => plain(iface, bridged.has(iface.name))),
  };
}

function taken(bond: Bond): Bond {
  const refused = new Set<string>(conflictsIn(bond.options).map(({ option }) => option));
  return {
    ...bond,
    options: Object.fromEntries(Object.entries(bond.options).filter(([option]) => !refused.has(option))),
  };
}

function plain(iface: Interface, isBridged: boolean): Interface {
  const { dns, ...rest } = iface;
  const none: IpSettings = { method: "none", addresses: [] };
  return {
    ...rest,
    ...(dns === undefined || isBridged ? {} : { dns }),
    start: iface.start === "hotplug" ? "boot" : iface.start,
    ipv4: isBridged ? none : withNetworks(iface.ipv4),
    ipv6: isBridged ? none : withNetworks(iface.ipv6),
  };
}

function withNetworks(settings: IpSettings): IpSettings {
  if (settings.routes === undefined) return settings;
  const routes = settings.routes.map((route) => {
    const parsed = parseCidr(route.to);
    return { ...route, to: parsed.ok ? networkOf(parsed.value) : route.to };
  });
  // Masked, two of them can be one.
  const unique = [...new Map(routes.map((route) => [`${route.to} ${route.metric}`, route])).values()];
  return { ...settings, routes: unique };
}
