import type { Bond } from "../../model/bond.ts";
import type { Config, Interface, IpSettings } from "../../model/config.ts";

/** What NetworkManager does by itself and the kernel would not: it watches the carrier of a bond every 100 ms, runs spanning tree
 *  on a bridge, takes no router advertisements beside fixed addresses, and ranks default routes by the kind of link.
 *  Source: nm-device-bond.c, nm-setting-bridge.c, nm_device_get_route_metric_default(). */
export function spellOutDefaults(config: Config): Config {
  const bonds = config.bonds.map(bondInFull);
  const names = new Set(config.bonds.map(({ name }) => name));
  const ways = { ipv4: waysOut(config, "ipv4"), ipv6: waysOut(config, "ipv6") };
  return { ...config, bonds, interfaces: config.interfaces.map((iface) => interfaceInFull(iface, names, ways)) };
}

function bondInFull(bond: Bond): Bond {
  const { miimon, arp_interval: interval, arp_validate: validate } = bond.options;
  if (miimon !== undefined || interval !== undefined || validate !== undefined) return bond;
  return { ...bond, options: { ...bond.options, miimon: 100 } };
}

type Ways = { readonly ipv4: number; readonly ipv6: number };

function waysOut(config: Config, family: keyof Ways): number {
  return config.interfaces.filter((iface) => leadsOut(iface[family])).length;
}

function interfaceInFull(iface: Interface, bonds: ReadonlySet<string>, ways: Ways): Interface {
  const { bridge } = iface;
  const ipv6 =
    iface.ipv6.method === "static" && iface.ipv6.acceptRa === undefined
      ? { ...iface.ipv6, acceptRa: false }
      : iface.ipv6;
  const metric = metricOf(iface, bonds);
  return {
    ...iface,
    ipv4: ranked(iface.ipv4, metric, ways.ipv4),
    ipv6: ranked(ipv6, metric, ways.ipv6),
    ...(bridge === undefined ? {} : { bridge: { ...bridge, settings: { stp_state: "1", ...bridge.settings } } }),
  };
}

function metricOf(iface: Interface, bonds: ReadonlySet<string>): number {
  if (bonds.has(iface.name)) return 300;
  if (iface.bridge !== undefined) return 425;
  if (iface.vlan !== undefined) return 400;
  return iface.wifi === undefined ? 100 : 600;
}

/** The metric, where there is another default route that it could come before or after. */
function ranked(settings: IpSettings, metric: number, ways: number): IpSettings {
  if (!leadsOut(settings) || settings.metric !== undefined) return settings;
  return ways > 1 ? { ...settings, metric } : settings;
}

function leadsOut({ gateway, method, dhcp }: IpSettings): boolean {
  return gateway !== undefined || ((method === "dhcp" || method === "auto") && dhcp?.useRoutes !== false);
}
