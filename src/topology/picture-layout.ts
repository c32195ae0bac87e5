import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { spreadEnds } from "./picture-lanes.ts";
import { layersOf } from "./picture-layers.ts";
import { type Slot, stackSlots } from "./picture-stack.ts";

/** A point of the picture, px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A card in its place; x and y are its centre. */
export interface Card extends Point {
  readonly node: GraphNode;
}

/** A port's chip on the host's right side; x and y are the middle of its right border. */
export interface Chip extends Point {
  readonly port: string;
}

/** An edge as drawn: through these points, horizontal at each; `beside` bulges to the right, within one column. */
export interface Route {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  readonly bend: "across" | "down" | "beside";
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly host: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly chips: readonly Chip[];
  readonly cards: readonly Card[];
  readonly routes: readonly Route[];
  readonly cardWidth: number;
}

/** Sizes shared by the layout and the drawing, px. */
export const sizes = {
  width: 900,
  margin: 20,
  hostWidth: 208,
  chipWidth: 146,
  chipHeight: 38,
  cardHeight: 80,
  head: 88,
  foot: 52,
};

/** No column is narrower than this, px; beyond four columns the picture grows wider than 900. */
const narrowestColumn = 136;

/** Places everything: host and ports at the left, then the devices by their distance, the gateways in one column, the Internet last. */
export function layOut(graph: Graph, captionHeight: number): Layout {
  const layers = layersOf(graph);
  const columns = Math.max(1, ...layers.values());
  const free = sizes.width - sizes.margin * 2 - sizes.hostWidth;
  const pitch = Math.max(narrowestColumn, free / columns);
  const cardWidth = Math.min(104, pitch - 36);
  const right = sizes.margin + sizes.hostWidth;
  const xOf = (layer: number) => right + layer * pitch - cardWidth / 2;
  const slots = stackSlots(graph, layers);
  const top = captionHeight + sizes.margin;
  const yOf = placer(slots, top);
  const chips = graph.ports.flatMap((port): readonly Chip[] => {
    const y = yOf(`port/${port.name}`);
    return y === undefined ? [] : [{ port: port.name, x: right, y }];
  });
  const cards = graph.nodes.flatMap((node): readonly Card[] => {
    const y = yOf(`node/${node.name}`);
    return y === undefined ? [] : [{ node, x: xOf(layers.get(node.name) ?? 0), y }];
  });
  const low = Math.max(
    ...chips.map((chip) => chip.y + 40),
    ...cards.map((card) => card.y + sizes.cardHeight / 2),
    top + 120,
  );
  const hostTop = Math.min(...chips.map((chip) => chip.y - sizes.head), low - 140);
  const hostLow = Math.max(...chips.map((chip) => chip.y + 36), hostTop + 130);
  return {
    width: Math.max(sizes.width, right + columns * pitch + sizes.margin),
    height: Math.max(low, hostLow) + sizes.foot,
    host: { x: sizes.margin, y: hostTop, width: sizes.hostWidth, height: hostLow - hostTop },
    chips,
    cards,
    routes: spreadEnds(
      graph.edges.flatMap((edge) => routeOf(edge, { chips, cards, layers, yOf, xOf, cardWidth }) ?? []),
    ),
    cardWidth,
  };
}

/** Moves the stack so that its topmost thing, with the host's head above the ports, lies at `top`. */
function placer(slots: readonly Slot[], top: number): (key: string) => number | undefined {
  const upper = slots.map((slot) => slot.y - (slot.key.startsWith("port/") ? sizes.head : slot.height / 2));
  const shift = top - Math.min(...upper, 0);
  const places = new Map(slots.map((slot) => [slot.key, slot.y + shift]));
  return (key) => places.get(key);
}

interface Places {
  readonly chips: readonly Chip[];
  readonly cards: readonly Card[];
  readonly layers: ReadonlyMap<string, number>;
  readonly yOf: (key: string) => number | undefined;
  readonly xOf: (layer: number) => number;
  readonly cardWidth: number;
}

function routeOf(edge: GraphEdge, places: Places): Route | undefined {
  const chip = places.chips.find((one) => one.port === edge.port);
  const cards = [edge.from, edge.to].flatMap((name) => places.cards.find((card) => card.node.name === name) ?? []);
  const [near, far] = cards.toSorted((one, other) => one.x - other.x || one.y - other.y);
  const half = places.cardWidth / 2;
  if (edge.port !== undefined) {
    const target = cards[0];
    if (chip === undefined || target === undefined) return undefined;
    const via = bendPoints(edge, places, 0, places.layers.get(target.node.name) ?? 0);
    return { edge, points: [chip, ...via, { x: target.x - half, y: target.y }], bend: "across" };
  }
  if (near === undefined || far === undefined) return undefined;
  if (near.x === far.x) {
    const inBetween = places.cards.some((card) => card.x === near.x && card.y > near.y && card.y < far.y);
    const points = inBetween
      ? [
          { x: near.x + half, y: near.y },
          { x: far.x + half, y: far.y },
        ]
      : [
          { x: near.x, y: near.y + sizes.cardHeight / 2 },
          { x: far.x, y: far.y - sizes.cardHeight / 2 },
        ];
    return { edge, points, bend: inBetween ? "beside" : "down" };
  }
  const from = places.layers.get(near.node.name) ?? 0;
  const via = bendPoints(edge, places, from, places.layers.get(far.node.name) ?? 0);
  return { edge, points: [{ x: near.x + half, y: near.y }, ...via, { x: far.x - half, y: far.y }], bend: "across" };
}

/** Where a long edge passes the columns between its ends. */
function bendPoints(edge: GraphEdge, places: Places, from: number, to: number): readonly Point[] {
  const points: Point[] = [];
  for (let layer = from + 1; layer < to; layer++) {
    const y = places.yOf(`pass/${edge.id}/${layer}`);
    if (y === undefined) continue;
    const x = places.xOf(layer);
    points.push({ x: x - places.cardWidth / 2, y }, { x: x + places.cardWidth / 2, y });
  }
  return points;
}
