import type { LldpNeighbour, NetworkSight, PortSight } from "../../model/network-sight.ts";
import { lanSegment } from "../draft.ts";
import { edgeOfPort, type Graph, type GraphNode, nodeNamed, otherEnd } from "../graph.ts";
import type { PartKind } from "./rates.ts";
import { allOf, behindPorts, type Found } from "./sighting.ts";

/** Devices that several ports hang on, by what they say themselves: LLDP, else their spanning tree; and what is left to say of ports that
 *  share a LAN and no such word. */
export function seenSwitches(graph: Graph, { ports }: NetworkSight): readonly Found[] {
  const byLldp = grouped(ports, (port) =>
    port.neighbours
      .filter(isOnTheWay)
      .map((one) => ({ key: `${one.chassis.kind} ${one.chassis.value}`, end: portName(one), said: one })),
  ).map((group) => switchByLldp(graph, group));
  const byTree = grouped(ports, (port) =>
    port.bridges.map((one) => ({ key: one.mac, end: String(one.port), said: one.mac })),
  )
    .filter(({ ends }) => !byLldp.some((one) => coversAll(one.ports, ends)))
    .map((group) => switchByTree(graph, group));
  const known = [...byLldp, ...byTree];
  const lans = oneLan(graph, ports).filter(({ ends }) => !known.some((each) => coversAll(each.ports, ends)));
  return [...known, ...lans.map((one) => lanFound(graph, one))];
}

interface End {
  readonly port: string;
  /** The other end's own port. */
  readonly at: string;
}

interface Group<Said> {
  readonly said: Said;
  readonly ends: readonly End[];
}

/** What several ports tell of by the same key. */
function grouped<Said>(
  ports: readonly PortSight[],
  tell: (port: PortSight) => readonly { readonly key: string; readonly end: string; readonly said: Said }[],
): readonly Group<Said>[] {
  const groups = new Map<string, { said: Said; ends: End[] }>();
  for (const port of ports) {
    for (const { key, end, said } of tell(port)) {
      const group = groups.get(key) ?? { said, ends: [] };
      if (group.ends.every((one) => one.port !== port.port)) group.ends.push({ port: port.port, at: end });
      groups.set(key, group);
    }
  }
  return [...groups.values()].filter(({ ends }) => ends.length > 1);
}

function coversAll(ports: readonly string[], ends: readonly End[]): boolean {
  return ends.every(({ port }) => ports.includes(port));
}

/** Others in the LAN speak LLDP too, and a switch that doesn't know it passes it on. */
function isOnTheWay({ roles, ttlSeconds }: LldpNeighbour): boolean {
  const leads = ["bridge", "router", "access-point", "repeater", "cable-modem"] as const;
  return ttlSeconds > 0 && (roles.length === 0 || leads.some((role) => roles.includes(role)));
}

/** A port that is known by a MAC address has a name for people beside it. */
function portName({ port, portDescription }: LldpNeighbour): string {
  return port.kind === "mac" && portDescription !== "" ? portDescription : port.value;
}

function switchByLldp(graph: Graph, { said, ends }: Group<LldpNeighbour>): Found {
  const { chassis, systemName, roles } = said;
  const isRouter = roles.includes("router");
  const name = systemName === "" ? chassis.value : systemName;
  const device = isRouter ? "router" : roles.includes("access-point") ? "access point" : "switch";
  const same = new Set(ends.map(({ at }) => at)).size < ends.length;
  const how = same ? "its LLDP says, through something that speaks none itself" : "its LLDP says";
  return found(graph, ends, {
    named: systemName,
    text: `${allOf(ends.map(({ port, at }) => `${port} (its port ${at})`))} hang on one ${device}, ${name}: ${how}`,
    label: `the ${device} ${name}`,
    id: `seen-${chassis.kind}-${chassis.value.replaceAll(/[^\w.:-]/g, "_")}`,
    kind: isRouter ? "router" : "switch",
  });
}

function switchByTree(graph: Graph, { said, ends }: Group<string>): Found {
  const same = new Set(ends.map(({ at }) => at)).size < ends.length;
  const where = same
    ? `${allOf(ends.map(({ port }) => port))} hang on one segment behind port ${ends[0]?.at ?? ""} of the bridge ${said}, through something that speaks no spanning tree itself, such as a plain switch`
    : `${allOf(ends.map(({ port, at }) => `${port} (its port ${at})`))} hang on one bridge, ${said}`;
  return found(graph, ends, {
    named: "",
    text: `${where}: its spanning tree says`,
    label: `the bridge ${said}`,
    id: `seen-mac-${said}`,
    kind: "switch",
  });
}

interface Naming {
  readonly named: string;
  readonly text: string;
  readonly label: string;
  readonly id: string;
  readonly kind: PartKind;
}

function found(graph: Graph, ends: readonly End[], { named, text, label, id, kind }: Naming): Found {
  const ports = ends.map(({ port }) => port);
  return {
    kind: "one-switch",
    certainty: "certain",
    declared: standing(graph, ports, named),
    text,
    ports,
    broken: behindPorts(graph, ports),
    piece: { id, label, kind },
  };
}

/** Whether the file has one device before these ports too. Where it says nothing of a port, nothing is said of both. */
function standing(graph: Graph, ports: readonly string[], named: string): Found["declared"] {
  const lans = ports.map((port) => lanOf(graph, port));
  const nearest = new Set(lans.map((lan) => lan.find(speaks)?.name));
  const common = (lans[0] ?? []).filter((node) => lans.every((lan) => lan.some((one) => one.name === node.name)));
  const isNamed = common.some((node) => node.label.toLowerCase() === named.toLowerCase());
  if (isNamed || (nearest.size === 1 && !nearest.has(undefined))) return "fits";
  const isSaid = ports.every((port) => edgeOfPort(graph, port)?.assumed === false);
  return isSaid ? "unlike" : "unsaid";
}

/** Powerline adapters and media converters are seen through. */
function speaks({ kind }: GraphNode): boolean {
  return kind === "switch" || kind === "router" || kind === "access-point" || kind === "modem";
}

/** The LAN behind a port, nearest first; empty for a port that leads nowhere. */
function lanOf(graph: Graph, port: string): readonly GraphNode[] {
  const edge = edgeOfPort(graph, port);
  if (edge === undefined) return [];
  return lanSegment(graph, otherEnd(edge, edge.from)).flatMap((name) => nodeNamed(graph, name) ?? []);
}

interface OneLan {
  readonly ends: readonly [End, End];
  /** How many others both hear. */
  readonly shared: number;
  readonly hearsOwn: boolean;
}

/** Pairs of ports that hear the same stations, or of which one hears what this host sends through the other. */
function oneLan(graph: Graph, ports: readonly PortSight[]): readonly OneLan[] {
  const wired = ports.filter(({ port }) => edgeOfPort(graph, port) !== undefined);
  return wired.flatMap((one, at) =>
    wired.slice(at + 1).flatMap((other): readonly OneLan[] => {
      const shared = one.stations.filter((mac) => other.stations.includes(mac)).length;
      // With three ports, what comes back may have gone out by any other.
      const hearsOwn = ports.length === 2 && (one.hearsOwn || other.hearsOwn);
      const ends = [
        { port: one.port, at: "" },
        { port: other.port, at: "" },
      ] as const;
      return shared > 0 || hearsOwn ? [{ ends, shared, hearsOwn }] : [];
    }),
  );
}

function lanFound(graph: Graph, { ends, shared, hearsOwn }: OneLan): Found {
  const ports = ends.map(({ port }) => port);
  const [one = [], other = []] = ports.map((port) => lanOf(graph, port).map(({ name }) => name));
  const isOne = one.some((name) => other.includes(name));
  const isSaid = ports.every((port) => edgeOfPort(graph, port)?.assumed === false);
  const stations = shared === 1 ? "the same station" : `the same ${shared} stations`;
  const why = shared > 0 ? `both hear ${stations}` : hearsOwn ? "what one sends comes in at the other" : "";
  return {
    kind: "one-lan",
    certainty: "certain",
    declared: isOne ? "fits" : isSaid ? "unlike" : "unsaid",
    text: `${allOf(ports)} are in one LAN: ${why}. Whether they hang on one switch too, nobody there says`,
    ports,
    // A LAN is no thing that dies as a whole.
    broken: { nodes: new Set(), edges: new Set() },
  };
}
