import type { Span } from "../../diagnostic/diagnostic.ts";
import { whereIs } from "../../diagnostic/origins.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Device } from "../../model/config.ts";
import type { Subject } from "../rule.ts";
import { interfaceNamed } from "./bonds.ts";

/** The devices from a port to its router, nearest first, the router last. Without a router: as far as it leads, but not
 *  back to another port. Empty when no topology is declared or the port leads nowhere. */
export function pathOfPort(config: Config, port: string): readonly Device[] {
  if (config.topology === undefined) return [];
  const { paths } = mapOf(config);
  const known = paths.get(port);
  if (known !== undefined) return known;
  const path = pathIn(config, port);
  paths.set(port, path);
  return path;
}

function pathIn(config: Config, port: string): readonly Device[] {
  const map = mapOf(config);
  const whole = shortestPath(map, port, new Set());
  if (whole.at(-1)?.kind === "router") return whole;
  const avoided = new Set(map.besidePorts);
  for (const name of map.neighbours(port)) avoided.delete(name);
  return shortestPath(map, port, avoided);
}

/** What leads where, as rules ask for it: for every port, again and again. */
interface TopologyMap {
  readonly devices: ReadonlyMap<string, Device>;
  /** What a cable leads to from here; for a radio without one, whatever radiates the network it joins. */
  readonly neighbours: (name: string) => readonly string[];
  /** What is next to a port of any bond. */
  readonly besidePorts: ReadonlySet<string>;
  readonly paths: Map<string, readonly Device[]>;
}

const maps = new WeakMap<Config, TopologyMap>();

function mapOf(config: Config): TopologyMap {
  const known = maps.get(config);
  if (known !== undefined) return known;
  const { cables = [], devices = [] } = config.topology ?? {};
  const cabled = listsByKey(
    cables.flatMap(({ from, to }) =>
      from === to
        ? [[from, to]]
        : [
            [from, to],
            [to, from],
          ],
    ),
  );
  const radiated = listsByKey(devices.flatMap(({ name, wifi }) => (wifi === undefined ? [] : [[wifi, name]])));
  const neighbours = (name: string): readonly string[] => {
    const ssid = cabled.has(name) ? undefined : interfaceNamed(config, name)?.wifi?.ssid;
    return (ssid === undefined ? cabled.get(name) : radiated.get(ssid)) ?? [];
  };
  const ports = new Set(config.bonds.flatMap((bond) => bond.ports));
  const map = {
    devices: new Map(devices.map((device) => [device.name, device])),
    neighbours,
    besidePorts: new Set([...ports].flatMap(neighbours)),
    paths: new Map<string, readonly Device[]>(),
  };
  maps.set(config, map);
  return map;
}

function listsByKey(pairs: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (const [key = "", value = ""] of pairs) {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [value]);
    else list.push(value);
  }
  return lists;
}

function shortestPath(map: TopologyMap, port: string, avoided: ReadonlySet<string>): readonly Device[] {
  const queue: (readonly Device[])[] = [[]];
  const seen = new Set<string>(avoided);
  let longest: readonly Device[] = [];
  for (const path of queue) {
    const last = path.at(-1);
    if (last?.kind === "router") return path;
    if (path.length > longest.length) longest = path;
    for (const name of map.neighbours(last?.name ?? port)) {
      const device = map.devices.get(name);
      // A client or server behind a switch is a dead end, not a way out.
      if (device === undefined || seen.has(name) || device.kind === "client" || device.kind === "server") continue;
      seen.add(name);
      queue.push([...path, device]);
    }
  }
  return longest;
}

/** One port's way out: through which router or uplink, and at which address that answers. */
export interface Leg {
  readonly port: string;
  /** The uplink's or the router's name. */
  readonly name: string;
  readonly gateway: string;
  /** The host's own address on this leg, CIDR, where the uplink declares one. */
  readonly ownAddress: string | undefined;
  readonly at: Span | undefined;
}

/** The legs of a bond whose gateways are known: declared uplinks first, else routers of the topology. */
export function legsOf(subject: Subject, bond: Bond): readonly Leg[] {
  const { config, origins } = subject;
  return bond.ports.flatMap((port): readonly Leg[] => {
    const uplinks = config.uplinks.filter((uplink) => uplink.port === port);
    if (uplinks.length > 0) {
      return uplinks.map(({ name, gateway, address }) => ({
        port,
        name,
        gateway,
        ownAddress: address,
        at: whereIs(origins, `uplink/${name}/gateway`),
      }));
    }
    const router = pathOfPort(config, port).at(-1);
    if (router?.kind !== "router" || router.address === undefined) return [];
    const gateway = router.address.split("/")[0] ?? router.address;
    return [
      {
        port,
        name: router.name,
        gateway,
        ownAddress: undefined,
        at: whereIs(origins, `device/${router.name}/address`),
      },
    ];
  });
}

/** The routers or uplinks the ports of a bond lead to, each once. */
export function waysOut(subject: Subject, bond: Bond): readonly string[] {
  const { config } = subject;
  const names = bond.ports.flatMap((port) => {
    const uplinks = config.uplinks.filter((uplink) => uplink.port === port).map((uplink) => uplink.name);
    const end = pathOfPort(config, port).at(-1);
    return uplinks.length > 0 ? uplinks : end?.kind === "router" ? [end.name] : [];
  });
  return [...new Set(names)];
}

/** What kind of box a device is, with its name: "the powerline adapter plc-a". */
export function deviceNamed(device: Device): string {
  const words: Partial<Record<Device["kind"], string>> = {
    powerline: "powerline adapter",
    "access-point": "access point",
    "usb-hub": "USB hub",
    "media-converter": "media converter",
  };
  return `the ${words[device.kind] ?? device.kind} ${device.name}`;
}
