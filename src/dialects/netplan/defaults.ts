import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";

/** What netplan and its renderer do where the files are silent: a metric for the routes that DHCP brings (as NetworkManager's own:
 *  100, on a radio 600), which systemd-networkd gives to advertised ones too; advertisements taken wherever a link has an IPv6
 *  address of its own; with the renderer NetworkManager its link monitor, and its spanning tree on a bridge. */
export function spellOutDefaults(config: Config): Config {
  const byName = new Map(config.interfaces.map((iface) => [iface.name, iface]));
  const below = new Set([
    ...config.bonds.flatMap(({ ports }) => ports),
    ...config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []),
  ]);
  return {
    ...config,
    bonds: config.bonds.map((bond) => (isByNetworkManager(byName.get(bond.name)) ? monitored(bond) : bond)),
    interfaces: config.interfaces.map((iface) =>
      isByNetworkManager(iface) ? withSpanningTree(iface) : advertised(withMetrics(iface), below.has(iface.name)),
    ),
  };
}

function withSpanningTree(iface: Interface): Interface {
  const { bridge } = iface;
  return bridge === undefined
    ? iface
    : { ...iface, bridge: { ...bridge, settings: { stp_state: "1", ...bridge.settings } } };
}

function advertised(iface: Interface, isBelow: boolean): Interface {
  const { ipv6, extra } = iface;
  const local = extra.find(({ key, from }) => from === "netplan" && key === "link-local");
  const hasNone = isBelow || (local !== undefined && !/ipv6/i.test(local.value));
  if (hasNone || ipv6.acceptRa !== undefined || !["none", "manual", "static", "dhcp"].includes(ipv6.method))
    return iface;
  return { ...iface, ipv6: { ...ipv6, acceptRa: true } };
}

function isByNetworkManager(iface: Interface | undefined): boolean {
  return (
    iface?.extra.some(
      ({ key, from, value }) => from === "netplan" && key === "renderer" && value.includes("NetworkManager"),
    ) === true
  );
}

function monitored(bond: Bond): Bond {
  const { miimon, arp_interval, arp_validate } = bond.options;
  if (miimon !== undefined || arp_interval !== undefined || arp_validate !== undefined) return bond;
  return { ...bond, options: { ...bond.options, miimon: 100 } };
}

function withMetrics(iface: Interface): Interface {
  const { ipv4, ipv6, wifi } = iface;
  const usual = wifi === undefined ? 100 : 600;
  const four = ipv4.method === "dhcp" ? { ...ipv4, metric: ipv4.metric ?? usual } : ipv4;
  const isRanked = ipv6.method === "dhcp" || (ipv6.method === "auto" && ipv4.method === "dhcp");
  return { ...iface, ipv4: four, ipv6: isRanked ? { ...ipv6, metric: ipv6.metric ?? usual } : ipv6 };
}
