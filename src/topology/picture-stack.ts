import { type Graph, hostName } from "./graph.ts";

/** Something that takes height in a column: a port, a node, or the passage of a long edge. */
export interface Slot {
  /** "port/NAME", "node/NAME" or "pass/EDGE/LAYER". */
  readonly key: string;
  readonly height: number;
  /** Centre, px; any origin. */
  readonly y: number;
}

interface Item {
  readonly key: string;
  readonly layer: number;
  readonly height: number;
  /** How much it insists on its own place among others. */
  readonly weight: number;
  readonly neighbours: Set<string>;
  y: number;
}

const heights = { port: 58, node: 104, pass: 30 };

/** Gives every column its vertical order and places: each thing as near as can be to what it is joined with, nothing overlapping. */
export function stackSlots(graph: Graph, layers: ReadonlyMap<string, number>): readonly Slot[] {
  const items = itemsOf(graph, layers);
  const columns = [...new Set([...items.values()].map((item) => item.layer))].toSorted((one, other) => one - other);
  // Passes there and back: the first four find the order, the others only straighten what is left.
  for (let pass = 0; pass < 10; pass++) {
    for (const layer of pass % 2 === 0 ? columns : columns.toReversed()) {
      const column = [...items.values()].filter((item) => item.layer === layer);
      settle(column, items, pass < 4 ? "sort" : "keep");
    }
  }
  return [...items.values()].map(({ key, height, y }) => ({ key, height, y }));
}

function itemsOf(graph: Graph, layers: ReadonlyMap<string, number>): ReadonlyMap<string, Item> {
  const items = new Map<string, Item>();
  const add = (key: string, layer: number, height: number, weight: number) => {
    items.set(key, { key, layer, height, weight, neighbours: new Set(), y: items.size });
  };
  const join = (one: string, other: string) => {
    items.get(one)?.neighbours.add(other);
    items.get(other)?.neighbours.add(one);
  };
  const wired = graph.ports.filter((port) => port.carries || graph.edges.some((edge) => edge.port === port.name));
  for (const [index, port] of wired.entries()) {
    add(`port/${port.name}`, 0, heights.port, 1);
    const item = items.get(`port/${port.name}`);
    if (item !== undefined) item.y = index * heights.node;
  }
  for (const [name, layer] of layers) {
    const kind = graph.nodes.find((node) => node.name === name)?.kind;
    add(`node/${name}`, layer, heights.node, kind === "client" || kind === "server" ? 0.0001 : 1);
  }
  for (const edge of graph.edges) {
    const left = edge.from === hostName ? `port/${edge.port}` : `node/${edge.from}`;
    const ends = [left, `node/${edge.to}`].toSorted((a, b) => (items.get(a)?.layer ?? 0) - (items.get(b)?.layer ?? 0));
    const [near = left, far = left] = ends;
    let at = near;
    for (let layer = (items.get(near)?.layer ?? 0) + 1; layer < (items.get(far)?.layer ?? 0); layer++) {
      const key = `pass/${edge.id}/${layer}`;
      add(key, layer, heights.pass, 1);
      join(at, key);
      at = key;
    }
    join(at, far);
  }
  return items;
}

/** Places one column: order by the middle of each thing's neighbours, then the nearest places that don't overlap. */
function settle(column: readonly Item[], items: ReadonlyMap<string, Item>, order: "keep" | "sort"): void {
  const wished = new Map(column.map((item) => [item, wish(item, items)]));
  const by = (item: Item) => (order === "sort" ? (wished.get(item) ?? 0) : item.y);
  const sorted = column.toSorted((one, other) => by(one) - by(other));
  const places = spreadOut(sorted.map((item) => ({ ...item, y: wished.get(item) ?? item.y })));
  for (const [index, item] of sorted.entries()) item.y = places[index] ?? item.y;
}

/** Where a thing would like to be: amid its neighbours of other columns; one that hangs on its own column wants to be right below. */
function wish(item: Item, items: ReadonlyMap<string, Item>): number {
  const neighbours = [...item.neighbours].flatMap((key) => items.get(key) ?? []);
  const across = neighbours.filter((one) => one.layer !== item.layer);
  if (across.length > 0) return across.reduce((sum, one) => sum + one.y, 0) / across.length;
  const [parent] = neighbours;
  const elsewhere = [...(parent?.neighbours ?? [])].some((key) => items.get(key)?.layer !== item.layer);
  return parent !== undefined && elsewhere ? wish(parent, items) + 1 : item.y;
}

/** The nearest places (least squares) to the wished ones in which each lies clear of the one above: isotonic regression after taking the heights off. */
function spreadOut(
  items: readonly { readonly y: number; readonly height: number; readonly weight: number }[],
): readonly number[] {
  const offsets: number[] = [];
  for (const [index, item] of items.entries()) {
    const above = items[index - 1];
    offsets.push(above === undefined ? 0 : (offsets[index - 1] ?? 0) + (above.height + item.height) / 2);
  }
  const blocks: { sum: number; weight: number; count: number }[] = [];
  for (const [index, item] of items.entries()) {
    blocks.push({ sum: (item.y - (offsets[index] ?? 0)) * item.weight, weight: item.weight, count: 1 });
    for (let last = blocks.length - 1; last > 0; last--) {
      const [above, below] = [blocks[last - 1], blocks[last]];
      if (above === undefined || below === undefined || above.sum / above.weight <= below.sum / below.weight) break;
      above.sum += below.sum;
      above.weight += below.weight;
      above.count += below.count;
      blocks.pop();
    }
  }
  const bases = blocks.flatMap((block) => Array.from({ length: block.count }, () => block.sum / block.weight));
  return bases.map((base, index) => base + (offsets[index] ?? 0));
}
