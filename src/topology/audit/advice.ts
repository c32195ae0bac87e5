import { carryingPorts, edgeOfPort, type Graph, type GraphNode, internetName, nodeNamed } from "../graph.ts";
import { assessBriefly, type Structures, structuresOf } from "./assess.ts";
import type { Part } from "./parts.ts";
import { assumedRate, type PartKind, unavailabilityOf } from "./rates.ts";

/** Something to move, plug or buy, and what that would change. */
export interface Advice {
  /** One imperative sentence without its full stop. */
  readonly text: string;
  /** Single points of failure that would be none any more, by the parts' ids. */
  readonly removes: readonly string[];
  /** Expected time without the goal afterwards, ms a year. */
  readonly downMs: number;
}

/** A change, tried on paper. */
interface Idea {
  readonly text: string;
  readonly parts: readonly Part[];
  /** Parts that have another beside them then: no single points, though they still take everything along when both fail. */
  readonly doubled?: readonly string[];
  /** What hangs on what then; absent: the same as now. */
  readonly structures?: Structures;
}

/** Changes that remove a single point of failure or a tenth of the expected time without the goal: the best first. Each is tried on its own. */
export function advise(graph: Graph, structures: Structures, parts: readonly Part[], goal: string): readonly Advice[] {
  const before = assessBriefly(structures, parts, goal);
  const { singles } = before;
  const ideas = [...otherHubs(graph, parts), ...ontoUps(graph, parts), ...twice(graph, parts, singles)];
  return ideas
    .map(({ text, parts: changed, doubled = [], structures: then = structures }): Advice => {
      const after = assessBriefly(then, changed, goal);
      const removes = singles.filter((id) => doubled.includes(id) || !after.singles.includes(id));
      return { text, removes, downMs: after.downMs };
    })
    .filter((advice) => advice.removes.length > 0 || advice.downMs < before.downMs * 0.9)
    .toSorted((one, other) => one.downMs - other.downMs);
}

/** A port moved off hardware that it shares with another. */
function otherHubs(graph: Graph, parts: readonly Part[]): readonly Idea[] {
  const shared = parts.filter((part) => part.kind.startsWith("usb-") || part.kind === "pci-device");
  return shared.flatMap((part) => {
    const ports = carryingPorts(graph).filter((port) =>
      graph.edges.some((edge) => edge.port === port.name && part.broken.edges.has(edge.id)),
    );
    const [stays, moves] = ports;
    if (stays === undefined || moves === undefined) return [];
    const gone = graph.edges.filter((edge) => edge.port === moves.name).map((edge) => edge.id);
    const edges = new Set([...part.broken.edges].filter((id) => !gone.includes(id)));
    const place = part.kind === "usb-hub" ? "a USB port of its own" : "a bus of its own";
    return [
      {
        text: `Move ${moves.name} from ${part.label}, on which ${stays.name} hangs as well, to ${place}`,
        parts: parts.map((one) => (one === part ? { ...one, broken: { ...one.broken, edges } } : one)),
      },
    ];
  });
}

/** A device that dies with the mains, put behind the UPS there is. The mains is what powerline talks through: that stays. */
function ontoUps(graph: Graph, parts: readonly Part[]): readonly Idea[] {
  const supply = graph.domains.find((domain) => domain.kind === "ups");
  const mains = parts.find((part) => part.kind === "mains" && part.scenario !== "power-mains-no-ups");
  if (supply === undefined || mains === undefined) return [];
  const movable = [...mains.broken.nodes].flatMap((name): readonly GraphNode[] => {
    const node = nodeNamed(graph, name);
    return node === undefined || node.kind === "powerline" ? [] : [node];
  });
  return movable.map((node) => ({
    text: `Plug ${node.label} into ${supply.name === "ups" ? "the UPS" : `the UPS ${supply.name}`}: it dies with the mains now`,
    parts: parts.map((part) => {
      const nodes = new Set(part.broken.nodes);
      if (part === mains) nodes.delete(node.name);
      else if (part.kind === "ups") nodes.add(node.name);
      else return part;
      return { ...part, broken: { ...part.broken, nodes } };
    }),
  }));
}

/** Names of what isn't there yet: no declared thing can bear them. */
const another = { router: "another router", line: "another line" } as const;

/** The spare port led to a second router with a line of its own, which loses its power with the first: as it would really stand, where the
 *  first port keeps all that it hangs on now. Undefined: no port is left for it, or the host is to reach no Internet. */
function secondRouter(graph: Graph, parts: readonly Part[], first: Part): Omit<Idea, "text"> | undefined {
  const port = sparePort(graph);
  const moved = port === undefined ? undefined : edgeOfPort(graph, port);
  const isAlone = carryingPorts(graph).length < 2;
  if (moved === undefined || isAlone || nodeNamed(graph, internetName) === undefined) return undefined;
  const plain = { assumed: true, medium: "cable" } as const;
  const changed: Graph = {
    ...graph,
    nodes: [...graph.nodes, { name: another.router, label: another.router, kind: "router", assumed: true }],
    edges: [
      ...graph.edges.map((edge) => (edge === moved ? { ...edge, to: another.router } : edge)),
      { ...plain, id: another.line, from: another.router, to: internetName, wan: true },
    ],
  };
  const darkens = ({ kind, broken }: Part) =>
    (kind === "mains" || kind === "ups" || kind === "supply") &&
    [...first.broken.nodes].some((name) => broken.nodes.has(name));
  const fails = (kind: PartKind, id: string, nodes: readonly string[], edges: readonly string[]): Part => ({
    id,
    label: id,
    kind,
    broken: { nodes: new Set(nodes), edges: new Set(edges) },
    rate: assumedRate(kind),
  });
  return {
    structures: structuresOf(changed),
    parts: [
      ...parts.map((part) =>
        darkens(part)
          ? { ...part, broken: { ...part.broken, nodes: new Set([...part.broken.nodes, another.router]) } }
          : part,
      ),
      fails("router", another.router, [another.router], []),
      fails("uplink", another.line, [], [another.line]),
    ],
  };
}

/** The port that a change would move: the last one that carries traffic. */
function sparePort(graph: Graph): string | undefined {
  return carryingPorts(graph).at(-1)?.name;
}

/** A second one of what nothing else can stand in for. A second router brings a line of its own. */
function twice(graph: Graph, parts: readonly Part[], singles: readonly string[]): readonly Idea[] {
  const single = parts.filter((part) => singles.includes(part.id));
  return single.flatMap((part): readonly Idea[] => {
    const text = doubling(graph, part);
    if (text === undefined) return [];
    const beside = part.kind === "router" || part.kind === "modem" ? secondRouter(graph, parts, part) : undefined;
    if (beside !== undefined) return [{ text, ...beside }];
    const doubled = part.kind === "router" ? [part, ...single.filter((one) => one.kind === "uplink")] : [part];
    const changed = parts.map((one) => (doubled.includes(one) ? spared(one) : one));
    return [{ text, parts: changed, doubled: doubled.map((one) => one.id) }];
  });
}

/** A part with another beside it: only both at once are missed, each being down for its own part of the time. */
function spared(part: Part): Part {
  const both = unavailabilityOf(part.rate) ** 2;
  const forMs = part.rate.forMs / 2;
  return { ...part, rate: { ...part.rate, forMs, everyMs: forMs / both - forMs } };
}

function doubling(graph: Graph, part: Part): string | undefined {
  const spare = sparePort(graph);
  switch (part.kind) {
    case "provider":
      return `Take one of the lines from another provider than ${part.label.replace(/^the provider /, "")}`;
    case "uplink":
      return `Give the router a second line, by another provider and another medium`;
    case "router":
    case "modem":
      return `Add a second router with a line of its own, of another provider and medium, behind ${spare ?? "a second port"}`;
    case "switch":
    case "access-point":
    case "media-converter":
    case "powerline-adapter":
      return `Lead ${spare ?? "a second port"} past ${part.label}`;
    case "cable":
    case "powerline":
    case "radio":
      return `Lead ${spare ?? "a second port"} past ${part.label}, by another medium`;
    default:
      return undefined;
  }
}
