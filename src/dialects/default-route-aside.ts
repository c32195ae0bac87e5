import type { Extra, Interface, IpSettings } from "../model/config.ts";

/** How languages say that the default route which DHCP or a router offers is not taken; the model has a word for all the routes
 *  offered only. Source: nm-settings(5), systemd.network(5), nmstate's API, sysconfig.txt of the initscripts. */
const sayings: readonly { readonly from: string; readonly key: RegExp; readonly value: RegExp }[] = [
  { from: "ifcfg-rh", key: /^(IPV6_)?DEFROUTE$/, value: /^(no|n|false|f|0|off)$/i },
  { from: "networkmanager", key: /^ipv[46]\.never-default$/, value: /^(true|1)$/ },
  { from: "nmstate", key: /^ipv[46]\.auto-gateway$/, value: /^false$/ },
  { from: "networkd", key: /^network\/(DHCPv4|IPv6AcceptRA)\.UseGateway$/, value: /^(no|n|false|f|0|off)$/i },
];

/** The family whose offered default route a setting leaves aside; undefined where it says something else. */
export function familyWithoutDefault({ key, value, from }: Extra): "ipv4" | "ipv6" | undefined {
  const isOne = sayings.some((one) => one.from === from && one.key.test(key) && one.value.test(value.trim()));
  if (!isOne) return undefined;
  return /v6/i.test(key) ? "ipv6" : "ipv4";
}

/** Whether a route can be offered to the family at all. */
export function isOffered({ method, acceptRa }: IpSettings): boolean {
  return method === "dhcp" || method === "auto" || acceptRa === true;
}

/** The interface with none of the offered routes, where its source took all but the default one: a second default route under
 *  another program sends answers out by the wrong link, a missing side route is found in the losses. */
export function withoutOfferedDefault(iface: Interface): Interface {
  let kept = iface;
  for (const extra of iface.extra) {
    const family = familyWithoutDefault(extra);
    if (family === undefined || !isOffered(kept[family])) continue;
    kept = { ...kept, [family]: { ...kept[family], dhcp: { ...kept[family].dhcp, useRoutes: false } } };
  }
  return kept;
}
