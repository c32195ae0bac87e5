import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { type Graph, type GraphEdge, type GraphNode, hostName, otherEnd } from "./graph.ts";
import type { PictureOptions } from "./picture.ts";
import { type PictureFacts, pictureFacts, wayOut } from "./picture-facts.ts";
import { intact } from "./reach.ts";

/** No line is longer, characters. */
const widest = 100;

/** The declared topology for a terminal: a line for each port with the devices on its way to the Internet, then what else is there; at most
 *  100 columns, lines parted by "\n". Control characters in names are replaced. Total. */
export function pictureText(config: Config, options: PictureOptions = {}): string {
  const graph = buildGraph(config);
  const facts = pictureFacts(graph, options.fault, options);
  const drawn = new Set<string>();
  const wide = Math.max(0, ...graph.ports.map((port) => port.name.length));
  const wired = graph.ports.filter((port) => graph.edges.some((edge) => edge.port === port.name));
  const ways = wired.map((port) => {
    const sign = facts.sending.has(port.name) && facts.live.size > 0 ? "●" : "○";
    return `  ${sign} ${port.name.padEnd(wide)} ${wayText(graph, facts, port.name, drawn)}`;
  });
  const head = [graph.bond ?? "no bond", graph.host.cidr ?? "", powerOf(graph.nodes[0])].filter((part) => part !== "");
  const rest = graph.edges
    .filter((edge) => !drawn.has(edge.id))
    .map(
      (edge) => `    ${nodeText(graph, facts, edge.from)} ${signOf(edge, facts)} ${nodeText(graph, facts, edge.to)}`,
    );
  const fault = options.fault === undefined || options.fault.kind === "healthy" ? [] : [`✕ ${options.fault.fault}`];
  const lines = [...fault, head.join(" · "), ...ways, ...(rest.length === 0 ? [] : ["  also:"]), ...rest];
  return lines.map((line) => fold(line.replace(/[\p{Cc}\p{Cs}]/gu, "�"))).join("\n");
}

/** The shortest way from a port to the Internet, as a chain; a port that leads to none is said to lead nowhere. */
function wayText(graph: Graph, facts: PictureFacts, port: string, drawn: Set<string>): string {
  let text = "";
  let at: string = hostName;
  for (const edge of wayOut(graph, intact, port)) {
    at = otherEnd(edge, at);
    drawn.add(edge.id);
    text += `${text === "" ? "" : " "}${signOf(edge, facts)} ${nodeText(graph, facts, at)}`;
  }
  return text === "" ? "leads nowhere" : text;
}

const signs: Readonly<Record<GraphEdge["medium"], string>> = { cable: "──", powerline: "~~", radio: ")))" };

function signOf(edge: GraphEdge, facts: PictureFacts): string {
  return facts.strikes.has(edge.id) ? "─✕─" : signs[edge.medium];
}

function nodeText(graph: Graph, facts: PictureFacts, name: string): string {
  const node = graph.nodes.find((one) => one.name === name);
  const power = powerOf(node);
  const text = `${node?.label ?? name}${power === "" ? "" : `\u00a0(${power})`}`;
  return facts.strikes.has(name) ? `✕${text}` : text;
}

function powerOf(node: GraphNode | undefined): string {
  return node?.power === "ups" ? "UPS" : (node?.power ?? "");
}

/** Breaks a line at spaces (a no-break space holds a name and its power together, and is a plain one in the end); what follows is indented. A word longer than the line is cut. */
function fold(line: string): string {
  const lines: string[] = [];
  let rest = [...line];
  while (rest.length > widest) {
    const space = rest.slice(0, widest).lastIndexOf(" ");
    const at = space > 12 ? space : widest;
    lines.push(rest.slice(0, at).join(""));
    rest = [..."        ", ...rest.slice(at).join("").trimStart()];
  }
  return [...lines, rest.join("")].join("\n").replaceAll("\u00a0", " ");
}
