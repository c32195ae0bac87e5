import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { carryingPorts, type Graph, type GraphEdge, hostName, otherEnd } from "./graph.ts";
import { wayOut } from "./picture-facts.ts";
import { intact } from "./reach.ts";

/** The topology as lines of text for a terminal: the host on the left, each port's way to the Internet to the right, ways that meet drawn
 *  together; – is a cable, ~ powerline, ))) radio. A port that leads nowhere ends in a question mark. */
export function pictureLines(config: Config): readonly string[] {
  const graph = buildGraph(config);
  const ways = carryingPorts(graph).map((port) => hopsOf(graph, port.name));
  if (ways.length === 0) return [];
  const { lines } = join(ways.map((hops) => ({ hops, over: "cable" })));
  return boxed(graph, lines);
}

/** One step of a way: over what, and to whom. */
interface Hop {
  readonly medium: GraphEdge["medium"];
  readonly to: string;
  readonly label: string;
}

interface Way {
  /** From the Internet backwards: what is shared comes first. */
  readonly hops: readonly Hop[];
  /** Over what it comes to the place where it meets others. */
  readonly over: GraphEdge["medium"];
}

function hopsOf(graph: Graph, port: string): readonly Hop[] {
  let at: string = hostName;
  const hops = wayOut(graph, intact, port).map((edge): Hop => {
    at = otherEnd(edge, at);
    return { medium: edge.medium, to: at, label: graph.nodes.find(({ name }) => name === at)?.label ?? at };
  });
  const own: Hop = { medium: "cable", to: `port ${port}`, label: port };
  return [own, ...hops].toReversed();
}

/** Lines of a picture whose right end leaves at one of them. */
interface Block {
  readonly lines: readonly string[];
  /** The line that goes on to the right. */
  readonly at: number;
}

const signs: Readonly<Record<GraphEdge["medium"], string>> = { cable: "──", powerline: "~~", radio: ")))" };

/** Ways that end at the same place are drawn as one behind the point where they meet. */
function join(ways: readonly Way[]): Block {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const key = way.hops[0]?.to ?? "";
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  const blocks = [...groups.values()].map((group) => reaching(drawn(group), group[0]?.over ?? "cable"));
  return blocks.length === 1 && blocks[0] !== undefined ? blocks[0] : stacked(blocks);
}

/** A radio's way says so before it meets the others; a cable's line goes on. */
function reaching({ lines, at }: Block, over: GraphEdge["medium"]): Block {
  return over === "cable"
    ? { lines, at }
    : { lines: lines.map((line, row) => (row === at ? `${line}${signs[over]} ` : line)), at };
}

/** Ways of which the last step is the same. */
function drawn(ways: readonly Way[]): Block {
  const [last, ...rest] = ways[0]?.hops ?? [];
  if (last === undefined) return { lines: [""], at: 0 };
  if (rest.length === 0) return { lines: [`${last.label} `], at: 0 };
  const before = meeting(ways);
  // Several that meet here come over a line already; a single one shows over what it comes.
  const isMet = isMeeting(ways);
  const sign = isMet ? "" : `${signs[last.medium]} `;
  return {
    lines: before.lines.map((line, at) => (at === before.at ? `${line}${sign}${last.label} ` : line)),
    at: before.at,
  };
}

function isMeeting(ways: readonly Way[]): boolean {
  return new Set(ways.map(({ hops }) => hops[1]?.to)).size > 1;
}

/** The ways before their last step. */
function meeting(ways: readonly Way[]): Block {
  const isMet = isMeeting(ways);
  return join(ways.map(({ hops }) => ({ hops: hops.slice(1), over: isMet ? (hops[0]?.medium ?? "cable") : "cable" })));
}

/** One above the other, their right ends led together. */
function stacked(blocks: readonly Block[]): Block {
  const width = Math.max(...blocks.flatMap(({ lines }) => lines.map((line) => line.length))) + 2;
  const ends: number[] = [];
  const lines: string[] = [];
  for (const block of blocks) {
    ends.push(lines.length + block.at);
    lines.push(...block.lines);
  }
  const [top = 0, bottom = 0] = [ends[0], ends.at(-1)];
  const middle = Math.floor((top + bottom) / 2);
  const joined = lines.map((line, at) => {
    const fill = ends.includes(at) ? "─" : " ";
    return line.padEnd(width, fill) + corner({ at, top, bottom, isEnd: ends.includes(at), goesOn: at === middle });
  });
  return { lines: joined, at: middle };
}

function corner(here: { at: number; top: number; bottom: number; isEnd: boolean; goesOn: boolean }): string {
  const { at, top, bottom, isEnd, goesOn } = here;
  if (at < top || at > bottom) return "";
  if (at === top) return goesOn ? "┬─ " : "┐";
  if (at === bottom) return goesOn ? "┴─ " : "┘";
  if (isEnd) return goesOn ? "┼─ " : "┤";
  return goesOn ? "├─ " : "│";
}

/** The host as a box, its ports at the right border. */
function boxed(graph: Graph, lines: readonly string[]): readonly string[] {
  const power = graph.nodes[0]?.power;
  const words = [
    "this host",
    ...(graph.bond === undefined ? [] : [graph.bond]),
    ...(power === "ups" ? ["on the UPS"] : []),
  ];
  const rows = Math.max(words.length, lines.length);
  const first = Math.floor((rows - lines.length) / 2);
  const wide = Math.max(...words.map(({ length }) => length));
  const body = Array.from({ length: rows }, (_, at) => {
    const line = lines[at - first];
    const word = (words[at] ?? "").padEnd(wide);
    return line === undefined || line.startsWith(" ") ? `│ ${word} │ ${line ?? ""}` : `│ ${word} ├─ ${line}`;
  });
  const border = "─".repeat(wide + 2);
  return [`┌${border}┐`, ...body, `└${border}┘`].map((line) => line.trimEnd());
}
