import { canonicalAddress } from "../../model/address.ts";
import type { IpSettings, Route } from "../../model/config.ts";
import type { IniEntry } from "../../syntax/ini.ts";
import { listItems, unescapeValue } from "./keyfile-value.ts";
import type { Profile, Reading } from "./read-profile.ts";
import { entryOf, flagAt, ignored, numberAt, refused, textAt } from "./value.ts";

export type Family = "ipv4" | "ipv6";

/** One family as a profile has it. */
export interface ReadIp {
  readonly settings: IpSettings;
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

/** Methods that NetworkManager knows. */
const methods: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ["auto", "manual", "disabled", "link-local", "shared"],
  ipv6: ["auto", "dhcp", "manual", "ignore", "disabled", "link-local", "shared"],
};

const largest = 4_294_967_295;

/** Reads [ipv4] or [ipv6]. A missing section means "auto", as NetworkManager completes it. */
export function readIp(profile: Profile, reading: Reading, family: Family): ReadIp {
  const method = methodOf(profile, reading, family);
  const read = readAddresses(profile, reading, family);
  const routes = readRoutes(profile, reading, family);
  const metric = numberAt(profile, reading, family, "route-metric", [-1, largest]);
  const settings = settingsFor(method, family, read.addresses);
  const gateway = gatewayOf(profile, reading, family, read);
  const useDns = flagAt(profile, reading, family, "ignore-auto-dns") === true ? { useDns: false } : {};
  const useRoutes = takesNoRoutes(profile, reading, family) ? { useRoutes: false } : {};
  const dhcp = { ...useDns, ...useRoutes };
  const servers = readServers(profile, reading, family);
  const search = listItems(entryOf(profile, family, "dns-search")?.value ?? "");
  checkMethod(profile, reading, family, {
    method,
    addresses: read.addresses.length,
    servers: servers.length,
    search: search.length,
  });
  const said = metric === undefined || metric === -1 ? undefined : metric;
  // The connection's metric is for every route that has none of its own.
  const all = routes.map((route) =>
    route.metric === undefined && said !== undefined ? { ...route, metric: said } : route,
  );
  return {
    settings: {
      ...settings,
      ...(gateway === undefined ? {} : { gateway }),
      ...(said === undefined ? {} : { metric: said }),
      ...(all.length === 0 ? {} : { routes: all }),
      ...(Object.keys(dhcp).length === 0 ? {} : { dhcp }),
    },
    servers,
    search,
  };
}

function methodOf(profile: Profile, reading: Reading, family: Family): string {
  const said = textAt(profile, family, "method") ?? "auto";
  if (methods[family].includes(said)) return said;
  const entry = entryOf(profile, family, "method");
  const meant = methodsElsewhere.get(said);
  const hint = meant === undefined ? undefined : `Write ${meant}.`;
  refused(reading, profile, `[${family}] method is none of ${methods[family].join(", ")}`, entry, hint);
  return meant ?? "auto";
}

/** What other languages call a method. */
const methodsElsewhere: ReadonlyMap<string, string> = new Map([
  ["static", "manual"],
  ["dhcp", "auto"],
  ["none", "disabled"],
]);

/** The method in the model's words. Addresses beside router advertisements are spelled as a fixed configuration that takes them. */
function settingsFor(method: string, family: Family, addresses: readonly string[]): IpSettings {
  switch (method) {
    case "manual":
      return { method: "static", addresses };
    case "auto":
      if (family === "ipv4") return { method: "dhcp", addresses };
      return addresses.length > 0 ? { method: "static", addresses, acceptRa: true } : { method: "auto", addresses };
    case "dhcp":
      return { method: "dhcp", addresses };
    case "shared":
      return { method: "other", addresses };
    case "link-local":
      return family === "ipv4"
        ? { method: "other", addresses: [] }
        : { method: "none", addresses: [], acceptRa: false };
    case "disabled":
      return { method: "none", addresses: [], ...(family === "ipv6" ? { acceptRa: false } : {}) };
    default:
      return { method: "none", addresses: [] };
  }
}

/** Whether what a method means is not all in the model: it is then kept word for word. */
export function isMethodKept(method: string, family: Family): boolean {
  return method === "shared" || (family === "ipv4" ? method === "link-local" : method === "disabled");
}

interface ReadAddresses {
  readonly addresses: readonly string[];
  readonly gateway: string | undefined;
}

function readAddresses(profile: Profile, reading: Reading, family: Family): ReadAddresses {
  const addresses = new Set<string>();
  let gateway: string | undefined;
  for (const entry of numbered(profile, family, /^address(?:es)?(\d{0,9})$/)) {
    const [first = "", ...rest] = unescapeValue(entry.value)
      .split(/[,;\s]+/)
      .filter((word) => word !== "");
    const isOldForm = !first.includes("/") && /^\d{1,3}$/.test(rest[0] ?? "");
    const address = cidrOf(reading, entry, family, isOldForm ? `${first}/${rest.shift()}` : first);
    if (address === undefined) continue;
    addresses.add(address);
    gateway ??= addressOf(rest[0], family);
  }
  return { addresses: [...addresses], gateway };
}

/** The entries of numbered keys in the order of their numbers, those without a number first. */
function numbered(profile: Profile, family: Family, pattern: RegExp): readonly IniEntry[] {
  return [...(profile.sections.get(family)?.values() ?? [])]
    .flatMap((entry) => {
      const match = pattern.exec(entry.key);
      return match === null ? [] : [{ entry, number: match[1] === "" ? -1 : Number(match[1]) }];
    })
    .sort((one, other) => one.number - other.number)
    .map(({ entry }) => entry);
}

/** An address or a network with its length; without one NetworkManager takes 24 or 64. */
function cidrOf(reading: Reading, entry: IniEntry, family: Family, text: string): string | undefined {
  const [ip = "", bits, more] = text.split("/");
  const address = addressOf(ip, family);
  if (address === undefined || more !== undefined) {
    ignored(reading, entry, family, `is no ${family === "ipv4" ? "IPv4" : "IPv6"} address`);
    return undefined;
  }
  const most = family === "ipv4" ? 32 : 128;
  if (bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= most) return `${address}/${Number(bits)}`;
  const taken = family === "ipv4" ? 24 : 64;
  reading.report(
    "warning",
    "networkmanager-no-prefix",
    `[${family}] ${entry.key} has no prefix length: NetworkManager takes /${taken}`,
    entry.valueAt,
    `Write ${address}/${taken}, or what the network really has.`,
  );
  return `${address}/${taken}`;
}

function addressOf(text: string | undefined, family: Family): string | undefined {
  const said = canonicalAddress(text ?? "");
  return said?.includes(":") === (family === "ipv6") ? said : undefined;
}

function gatewayOf(profile: Profile, reading: Reading, family: Family, read: ReadAddresses): string | undefined {
  const entry = entryOf(profile, family, "gateway");
  const text = textAt(profile, family, "gateway");
  const said = addressOf(text, family);
  if (entry !== undefined && text !== undefined && said === undefined)
    ignored(reading, entry, family, `is no ${family === "ipv4" ? "IPv4" : "IPv6"} address`);
  const gateway = said ?? read.gateway;
  if (gateway === undefined || /^(?:0\.0\.0\.0|::)$/.test(gateway)) return undefined;
  if (read.addresses.length === 0) {
    refused(reading, profile, `[${family}] gateway without an address`, entry);
    return undefined;
  }
  if (flagAt(profile, reading, family, "never-default") === true) {
    if (entry !== undefined) ignored(reading, entry, family, "has no effect beside never-default=true");
    return undefined;
  }
  return gateway;
}

/** Both are needed: ignore-auto-routes alone still takes the default route. */
function takesNoRoutes(profile: Profile, reading: Reading, family: Family): boolean {
  const routes = flagAt(profile, reading, family, "ignore-auto-routes") === true;
  return routes && entryOf(profile, family, "never-default")?.value.trim() === "true";
}

function readRoutes(profile: Profile, reading: Reading, family: Family): readonly Route[] {
  return numbered(profile, family, /^routes?(\d{0,9})$/).flatMap((entry) => {
    const [to = "", via, metric, ...rest] = unescapeValue(entry.value)
      .split(/[,;]/)
      .map((word) => word.trim());
    const network = cidrOf(reading, entry, family, to);
    if (network === undefined) return [];
    const hop = addressOf(via, family);
    if (via !== undefined && via !== "" && hop === undefined)
      ignored(reading, entry, family, "has a next hop that is no address");
    const isCost = metric !== undefined && /^\d{1,10}$/.test(metric) && Number(metric) <= largest;
    if (rest.some((word) => word !== ""))
      ignored(reading, entry, family, "has more than a network, a next hop and a metric");
    const options = entryOf(profile, family, `${entry.key}_options`);
    return [
      {
        to: /^(?:0\.0\.0\.0|::)\/0$/.test(network) ? "default" : network,
        ...(hop === undefined || /^(?:0\.0\.0\.0|::)$/.test(hop) ? {} : { via: hop }),
        ...(isCost ? { metric: Number(metric) } : {}),
        ...(options === undefined ? {} : routeOptions(reading, options, family)),
      },
    ];
  });
}

function routeOptions(reading: Reading, entry: IniEntry, family: Family): Pick<Route, "onLink" | "table" | "source"> {
  const found: { onLink?: boolean; table?: number; source?: string } = {};
  for (const item of unescapeValue(entry.value).split(/[,\s]+/)) {
    const [key = "", value = ""] = item.split("=");
    const source = addressOf(value, family);
    if (key === "onlink") {
      if (value === "true" || value === "1") found.onLink = true;
    } else if (key === "table" && /^\d{1,10}$/.test(value) && Number(value) <= largest) {
      // 0 and 254 are the main table.
      if (Number(value) !== 0 && Number(value) !== 254) found.table = Number(value);
    } else if (key === "src" && source !== undefined) found.source = source;
    else if (key !== "")
      reading.report(
        "advice",
        "networkmanager-not-kept",
        `[${family}] ${entry.key} says what Holdfast has no word for; it is not kept`,
        entry.valueAt,
      );
  }
  return found;
}

function readServers(profile: Profile, reading: Reading, family: Family): readonly string[] {
  const entry = entryOf(profile, family, "dns");
  if (entry === undefined) return [];
  const servers = new Set<string>();
  for (const item of listItems(entry.value)) {
    const server = addressOf(item.split("#")[0], family);
    if (server !== undefined) {
      servers.add(server);
      continue;
    }
    const hint = /[,\s]/.test(item) ? "Part the addresses with semicolons." : undefined;
    ignored(reading, entry, family, `names a server that is no ${family === "ipv4" ? "IPv4" : "IPv6"} address`, hint);
  }
  return [...servers];
}

interface Counts {
  readonly method: string;
  readonly addresses: number;
  readonly servers: number;
  readonly search: number;
}

/** What a method doesn't go with. Source: verify() of nm-setting-ip4-config.c and nm-setting-ip6-config.c. */
function checkMethod(profile: Profile, reading: Reading, family: Family, counts: Counts): void {
  const { method } = counts;
  const say = (key: string, what: string): void =>
    refused(reading, profile, `[${family}] ${what} with method=${method}`, entryOf(profile, family, key));
  if (method === "manual" && counts.addresses === 0) say("method", "no address");
  if (!/^(?:disabled|link-local|ignore)$/.test(method)) return;
  if (counts.addresses > 0) say("address1", "an address");
  if (counts.servers > 0) say("dns", "dns");
  if (counts.search > 0) say("dns-search", "dns-search");
}
