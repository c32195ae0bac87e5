import { canonicalAddress } from "../../model/address.ts";
import type { Extra, IpSettings } from "../../model/config.ts";
import type { MapTree, Tree } from "../../syntax/yaml-tree.ts";
import { entry, flagAt, itemsAt, jsonOf, mapAt, numberAt, type Reading, textAt } from "./tree.ts";

export type Family = "ipv4" | "ipv6";

/** The dialect's name, as extras carry it. */
export const ourName = "nmstate";

/** One family as a state has it. */
export interface ReadIp {
  readonly settings: IpSettings;
  readonly extra: readonly Extra[];
}

const nothing: IpSettings = { method: "none", addresses: [] };

/** Reads ipv4 or ipv6 of an interface. What a state doesn't speak of stays as it is on the host: nothing said. */
export function readIp(iface: MapTree, family: Family, reading: Reading): ReadIp {
  const said = mapAt(iface, family);
  if (said === undefined) return { settings: nothing, extra: [] };
  if (flagAt(said, "enabled") === false) {
    // Switched off altogether, which the model has no word for.
    const off: Extra = { key: "ipv6.enabled", value: "false", from: ourName };
    return family === "ipv4"
      ? { settings: { method: "manual", addresses: [] }, extra: extrasOf(said, family) }
      : { settings: { method: "manual", addresses: [], acceptRa: false }, extra: [off, ...extrasOf(said, family)] };
  }
  const addresses = readAddresses(said, family, reading);
  const metric = numberAt(said, "auto-route-metric", [0, 4_294_967_295]);
  const dhcp = leftAside(said);
  const settings = family === "ipv4" ? settings4(said, addresses) : settings6(said, addresses, reading);
  return {
    settings: {
      ...settings,
      ...(metric === undefined ? {} : { metric }),
      ...(Object.keys(dhcp).length === 0 ? {} : { dhcp }),
    },
    extra: extrasOf(said, family),
  };
}

function settings4(said: MapTree, addresses: readonly string[]): IpSettings {
  if (flagAt(said, "dhcp") === true) return { method: "dhcp", addresses };
  return addresses.length > 0 ? { method: "static", addresses } : { method: "manual", addresses };
}

function settings6(said: MapTree, addresses: readonly string[], reading: Reading): IpSettings {
  const dhcp = flagAt(said, "dhcp") === true;
  const autoconf = flagAt(said, "autoconf");
  if (autoconf === true) {
    if (!dhcp)
      reading.report(
        "error",
        "nmstate-refused",
        "autoconf without dhcp: nmstate refuses it, for NetworkManager can't do one without the other",
        entry(said, "autoconf")?.keyAt ?? said.at,
        "Add dhcp: true.",
      );
    return addresses.length > 0 ? { method: "static", addresses, acceptRa: true } : { method: "auto", addresses };
  }
  if (dhcp) return { method: "dhcp", addresses };
  if (addresses.length === 0) return { method: "manual", addresses, acceptRa: false };
  return { method: "static", addresses, ...(autoconf === false ? { acceptRa: false } : {}) };
}

function leftAside(said: MapTree): NonNullable<IpSettings["dhcp"]> {
  const noRoutes = flagAt(said, "auto-gateway") === false && flagAt(said, "auto-routes") === false;
  return {
    ...(flagAt(said, "auto-dns") === false ? { useDns: false } : {}),
    ...(noRoutes ? { useRoutes: false } : {}),
  };
}

function readAddresses(said: MapTree, family: Family, reading: Reading): readonly string[] {
  const found = new Set<string>();
  for (const item of itemsAt(said, "address")) {
    const ip = canonicalAddress(textAt(item, "ip") ?? "");
    const most = family === "ipv4" ? 32 : 128;
    const bits = numberAt(item, "prefix-length", [0, most]);
    const isOurs = ip?.includes(":") === (family === "ipv6");
    if (isOurs && bits !== undefined) found.add(`${ip}/${bits}`);
    else {
      const what = isOurs
        ? `needs a prefix-length from 0 to ${most}`
        : `needs ip, an ${family === "ipv4" ? "IPv4" : "IPv6"} address`;
      reading.report("error", "nmstate-refused", `an address ${what}: nmstate refuses the state`, item.at);
    }
  }
  return [...found];
}

const understood = new Set(["enabled", "dhcp", "autoconf", "address", "auto-dns", "auto-route-metric"]);

/** What a family says and the model has no word for. */
function extrasOf(said: MapTree, family: Family): readonly Extra[] {
  const noRoutes = leftAside(said).useRoutes === false;
  return said.entries.flatMap(({ key, value }): readonly Extra[] => {
    if (understood.has(key) || !/^[a-z0-9-]{1,40}$/.test(key)) return [];
    const isRoutes = key === "auto-gateway" || key === "auto-routes";
    if (isRoutes && (noRoutes || flagAt(said, key) !== false)) return [];
    return [{ key: `${family}.${key}`, value: valueText(value), from: ourName }];
  });
}

/** Plain data, on one line. */
function valueText(tree: Tree): string {
  return JSON.stringify(jsonOf(tree));
}
