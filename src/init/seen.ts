import type { Config } from "../model/config.ts";
import type { HostLink, HostRoute, HostState } from "../model/host-state.ts";
import type { HostSurroundings } from "../model/host-surroundings.ts";

/** A host as `init` finds it: the kernel's links, what stands around, and what its files say. */
export interface Seen {
  readonly host: HostState;
  readonly around: HostSurroundings;
  /** By the files of whoever is in charge; where they are silent of a bond that runs, what runs. */
  readonly configured: Config;
  /** What that was read from: a dialect's name, or "running". */
  readonly language: string;
  /** Names of radio networks in files of any program of the host, keys left out. */
  readonly networks: readonly string[];
}

/** Whether it is hardware, or plays it in a container or a lab; not what programs make, and not what serves a bridge already. */
function isPlugged(link: HostLink): boolean {
  return link.name !== "lo" && (link.kind === "" || link.kind === "veth") && (link.device !== "" || link.isRadio);
}

/** The links that could be ports of a bond, best first: wires before radios, those with carrier first, the fastest first, then the one that
 *  carries the default route. */
export function candidates(seen: Seen): readonly HostLink[] {
  const { links, bonds } = seen.host;
  const inBridge = (link: HostLink) => link.master !== "" && bonds.every(({ name }) => name !== link.master);
  const free = links.filter((link) => !inBridge(link));
  // Whatever stands in a bond already is a port: somebody wanted it so.
  const isPort = ({ master }: HostLink) => bonds.some(({ name }) => name === master);
  const hardware = free.filter((link) => isPlugged(link) || isPort(link));
  const played = free.filter(({ name, kind }) => name !== "lo" && kind === "veth");
  const current = defaultRoute(seen)?.dev;
  const rank = (link: HostLink): readonly number[] => [
    Number(link.isRadio),
    Number(link.hasCarrier !== true),
    -(link.speedMbps ?? 0),
    Number(link.name !== current),
    link.index,
  ];
  return (hardware.length > 0 ? hardware : played).toSorted((one, other) => compare(rank(one), rank(other)));
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/** The default route that packets take, IPv4; undefined where there is none. */
export function defaultRoute({ host }: Seen): HostRoute | undefined {
  const all = (host.routes ?? []).filter((one) => one.to === "default" && one.family === "ipv4" && one.table === 254);
  return all.toSorted((one, other) => one.metric - other.metric)[0];
}

/** The address the host is reached under now, and how it came by it. */
export interface Present {
  readonly link: string;
  /** CIDR. */
  readonly address: string;
  readonly gateway?: string;
  /** By DHCP. */
  readonly isLeased: boolean;
  /** IPv6 comes by router advertisements. */
  readonly hasIpv6: boolean;
}

/** By what runs, else by what the files say; undefined where the host has no IPv4 address of its own. */
export function presentAddress(seen: Seen): Present | undefined {
  const { configured, host } = seen;
  const route = defaultRoute(seen);
  const ports = candidates(seen);
  const carrying =
    host.links.find(({ name }) => name === route?.dev) ?? ports.find((link) => ipv4Of(link) !== undefined);
  const address = carrying === undefined ? undefined : ipv4Of(carrying);
  if (carrying !== undefined && address !== undefined) {
    const said = configured.interfaces.find(({ name }) => name === carrying.name);
    const leased = carrying.leased ?? [];
    return {
      link: carrying.name,
      address,
      ...(route === undefined || route.via === "" ? {} : { gateway: route.via }),
      isLeased: leased.includes(address) || said?.ipv4.method === "dhcp",
      hasIpv6: leased.some((one) => one.includes(":")),
    };
  }
  const names = new Set(ports.map(({ name }) => name));
  const said = configured.interfaces.find(({ name, ipv4 }) => names.has(name) && ipv4.addresses.length > 0);
  if (said === undefined) return undefined;
  const { gateway, addresses } = said.ipv4;
  const own = { link: said.name, address: addresses[0] ?? "", isLeased: false, hasIpv6: false };
  return gateway === undefined ? own : { ...own, gateway };
}

function ipv4Of({ addresses }: HostLink): string | undefined {
  return addresses.find((one) => !one.includes(":") && !one.startsWith("169.254."));
}

/** The network a radio has joined, or the only one that the host's files know; undefined where it isn't clear. */
export function networkOf(seen: Seen, link: string): string | undefined {
  const joined = seen.around.radios.find((radio) => radio.link === link)?.ssid;
  const said = seen.configured.interfaces.find(({ name }) => name === link)?.wifi?.ssid;
  const known = [...new Set(seen.networks)];
  return joined ?? said ?? (known.length === 1 ? known[0] : undefined);
}

/** A router that a port speaks to by itself. */
export function routerBehind(seen: Seen, link: string): string | undefined {
  return seen.around.routers.find((router) => router.link === link && !router.address.includes(":"))?.address;
}
