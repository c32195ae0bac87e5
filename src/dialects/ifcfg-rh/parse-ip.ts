import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { Interface, IpSettings, Route } from "../../model/config.ts";
import { type AssignedFile, booleanOf, type Said } from "../assigned-file.ts";
import { familyOf, isAddress, isCidr, prefixOfClass, prefixOfNetmask } from "../netmask.ts";

/** A report of a value that is none: what it should be, and what follows. */
export type Complain = (said: Said, message: string, hint: string, severity?: "error" | "warning" | "advice") => void;

/** A reporter of bad values into a list. */
export function complainer(diagnostics: Diagnostic[]): Complain {
  return (said, message, hint, severity = "error") =>
    diagnostics.push({ code: "bad-value", severity, message: `${said.key}: ${message}`, hint, at: said.valueAt });
}

/** IPADDR, PREFIX or NETMASK and their numbered kin, as CIDR in order. */
export function ipv4Addresses({ said }: AssignedFile, complain: Complain): readonly string[] {
  const found = new Set<string>();
  for (const index of indices(said, "IPADDR")) {
    const address = said.get(`IPADDR${index}`);
    if (address === undefined || address.value === "") continue;
    const [bare = "", suffix] = address.value.split("/");
    const prefix = prefixOf(said.get(`PREFIX${index}`), said.get(`NETMASK${index}`), bare, suffix, complain);
    const cidr = `${bare}/${prefix}`;
    if (!isCidr(cidr, "ipv4")) {
      complain(address, "this is no IPv4 address: the interface gets none", "Write four numbers, such as 192.168.1.5.");
      continue;
    }
    found.add(cidr);
  }
  return [...found];
}

/** "", "0", "1", … of a key, in the order in which both readers take them. */
export function indices(said: AssignedFile["said"], key: string): readonly string[] {
  const numbers = [...said.keys()].flatMap((one) => {
    const number = one.startsWith(key) ? one.slice(key.length) : "x";
    return /^\d{1,3}$/.test(number) ? [number] : [];
  });
  return ["", ...numbers.toSorted((one, other) => Number(one) - Number(other))];
}

function prefixOf(
  prefix: Said | undefined,
  netmask: Said | undefined,
  address: string,
  suffix: string | undefined,
  complain: Complain,
): number {
  if (prefix !== undefined && prefix.value !== "") {
    if (/^\d{1,2}$/.test(prefix.value) && Number(prefix.value) <= 32) return Number(prefix.value);
    complain(prefix, "a prefix length is a number from 0 to 32", "Write it as in PREFIX=24.");
  }
  if (netmask !== undefined && netmask.value !== "") {
    const length = prefixOfNetmask(netmask.value);
    if (length !== undefined) return length;
    complain(netmask, "this is no netmask", "Write PREFIX=24 or NETMASK=255.255.255.0.");
  }
  if (suffix !== undefined && /^\d{1,2}$/.test(suffix)) return Number(suffix);
  return prefixOfClass(address);
}

/** The IPv4 settings a file gives. */
export function readIpv4(file: AssignedFile, routes: readonly Route[], complain: Complain): IpSettings {
  const { said } = file;
  const proto = said.get("BOOTPROTO")?.value.toLowerCase() ?? "";
  const addresses = ipv4Addresses(file, complain);
  const asks = proto === "dhcp" || proto === "bootp";
  const isKnown = asks || proto === "" || proto === "none" || proto === "static";
  const protoSaid = said.get("BOOTPROTO");
  if (!isKnown && protoSaid !== undefined)
    complain(
      protoSaid,
      "the initscripts take this for none; NetworkManager knows autoip, ibft and shared beside",
      "Write none, static or dhcp.",
      "warning",
    );
  const metric = metricOf(said.get("IPV4_ROUTE_METRIC") ?? said.get("METRIC"), complain);
  const gateway = readGateway(said, complain);
  const dhcp = leftAside(said.get("PEERDNS"), said.get("PEERROUTES"));
  return {
    method: asks ? "dhcp" : addresses.length > 0 ? "static" : "none",
    addresses,
    ...(gateway === undefined ? {} : { gateway }),
    ...(metric === undefined ? {} : { metric }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(asks && dhcp !== undefined ? { dhcp } : {}),
  };
}

function readGateway(said: AssignedFile["said"], complain: Complain): string | undefined {
  const gateway = indices(said, "GATEWAY")
    .map((index) => said.get(`GATEWAY${index}`))
    .find((one) => one !== undefined && one.value !== "");
  if (gateway === undefined) return undefined;
  if (!isAddress(gateway.value, "ipv4")) {
    complain(gateway, "this is no IPv4 address: there is no default route", "Write the router's address.");
    return undefined;
  }
  return booleanOf(said.get("DEFROUTE")) === false ? undefined : gateway.value;
}

function metricOf(said: Said | undefined, complain: Complain): number | undefined {
  if (said === undefined || said.value === "" || said.value === "-1") return undefined;
  if (/^\d{1,10}$/.test(said.value) && Number(said.value) <= 4_294_967_295) return Number(said.value);
  complain(said, "a metric is a whole number", "Write a number from 0 to 4294967295.");
  return undefined;
}

function leftAside(dns: Said | undefined, routes: Said | undefined): IpSettings["dhcp"] {
  const useDns = booleanOf(dns) === false ? { useDns: false } : {};
  const useRoutes = booleanOf(routes) === false ? { useRoutes: false } : {};
  return Object.keys({ ...useDns, ...useRoutes }).length === 0 ? undefined : { ...useDns, ...useRoutes };
}

/** The IPv6 settings a file gives. IPV6INIT=no, or nothing: neither reader touches the family. */
export function readIpv6({ said }: AssignedFile, routes: readonly Route[], complain: Complain): IpSettings {
  const metric = metricOf(said.get("IPV6_ROUTE_METRIC"), complain);
  const alongside = {
    ...(metric === undefined ? {} : { metric }),
    ...(routes.length === 0 ? {} : { routes }),
  };
  const first = said.get("IPV6ADDR");
  if (booleanOf(said.get("IPV6INIT")) !== true) {
    if (first !== undefined && first.value !== "")
      complain(
        first,
        "without IPV6INIT=yes NetworkManager gives the interface no IPv6 address",
        "Add IPV6INIT=yes.",
        "warning",
      );
    return { method: "none", addresses: [], ...alongside };
  }
  const addresses = [...ipv6Words(first, complain), ...ipv6Words(said.get("IPV6ADDR_SECONDARIES"), complain)];
  const auto = booleanOf(said.get("IPV6_AUTOCONF"));
  const asks = booleanOf(said.get("DHCPV6C")) === true;
  const method = asks ? "dhcp" : addresses.length > 0 ? "static" : auto === false ? "none" : "auto";
  // What the method settles needs no saying: "auto" takes advertisements; with DHCPv6 alone they are a question of their own.
  const acceptRa = method === "auto" || auto === undefined ? {} : { acceptRa: auto };
  const dhcp = leftAside(said.get("IPV6_PEERDNS"), said.get("IPV6_PEERROUTES"));
  const gateway = ipv6Gateway(said.get("IPV6_DEFAULTGW"), complain);
  return {
    method,
    addresses: [...new Set(addresses)],
    ...(gateway === undefined ? {} : { gateway }),
    ...alongside,
    ...acceptRa,
    ...(dhcp !== undefined && (asks || method === "auto") ? { dhcp } : {}),
  };
}

function ipv6Words(said: Said | undefined, complain: Complain): readonly string[] {
  if (said === undefined) return [];
  return said.value.split(/\s+/).flatMap((word) => {
    if (word === "") return [];
    const cidr = word.includes("/") ? word : `${word}/64`;
    if (isCidr(cidr, "ipv6")) return [cidr];
    complain(said, "this is no IPv6 address: it is not set", "Write ADDRESS/PREFIX, such as 2001:db8::5/64.");
    return [];
  });
}

function ipv6Gateway(said: Said | undefined, complain: Complain): string | undefined {
  if (said === undefined || said.value === "") return undefined;
  const bare = said.value.split("%")[0] ?? "";
  if (isAddress(bare, "ipv6")) return bare;
  complain(said, "this is no IPv6 address: there is no default route", "Write the router's address.");
  return undefined;
}

/** DNS1, DNS2, … and DOMAIN. */
export function readDns({ said }: AssignedFile, complain: Complain): Interface["dns"] {
  const servers: string[] = [];
  for (const index of indices(said, "DNS")) {
    const one = said.get(`DNS${index}`);
    if (one === undefined || index === "" || one.value === "") continue;
    if (familyOf(one.value) === undefined || one.value.includes("/"))
      complain(one, "this is no address: the name server is left out", "Write its address.");
    else servers.push(one.value);
  }
  const search = (said.get("DOMAIN")?.value ?? "").split(/\s+/).filter((word) => word !== "");
  return servers.length + search.length === 0 ? undefined : { servers, search };
}
