import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";

/** What netplan writes where its files are silent: a metric for the routes that DHCP brings (as NetworkManager's own: 100, on a
 *  radio 600); with the renderer NetworkManager its link monitor. */
export function spellOutDefaults(config: Config): Config {
  const byName = new Map(config.interfaces.map((iface) => [iface.name, iface]));
  return {
    ...config,
    bonds: config.bonds.map((bond) => (isByNetworkManager(byName.get(bond.name)) ? monitored(bond) : bond)),
    interfaces: config.interfaces.map(withMetrics),
  };
}

function isByNetworkManager(iface: Interface | undefined): boolean {
  return (
    iface?.extra.some(
      ({ key, from, value }) => from === "netplan" && key === "renderer" && value.includes("NetworkManager"),
    ) === true
  );
}

function monitored(bond: Bond): Bond {
  const { miimon, arp_interval } = bond.options;
  if (miimon !== undefined || (arp_interval ?? 0) > 0) return bond;
  return { ...bond, options: { ...bond.options, miimon: 100 } };
}

function withMetrics(iface: Interface): Interface {
  const metric = iface.wifi === undefined ? 100 : 600;
  const add = <T extends Interface["ipv4"]>(ip: T): T =>
    ip.method === "dhcp" && ip.metric === undefined ? { ...ip, metric } : ip;
  return { ...iface, ipv4: add(iface.ipv4), ipv6: add(iface.ipv6) };
}
