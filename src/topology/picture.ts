import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { asCameUp, type BondUp, hostFace } from "./came-up.ts";
import { type Graph, type GraphEdge, hostName } from "./graph.ts";
import type { Scenario } from "./lab-plan.ts";
import { drawCard, drawHost } from "./picture-cards.ts";
import { drawRoute, midway } from "./picture-edges.ts";
import { inWords, type PictureFacts, pictureFacts, type SingleMarks } from "./picture-facts.ts";
import { type Layout, layOut, type Route, sizes } from "./picture-layout.ts";
import { radioArcs, textMark, wireMark } from "./picture-marks.ts";
import { pictureStyle } from "./picture-style.ts";
import { coordinate, escapeXml, fitText } from "./svg.ts";

/** What a picture may show beyond the topology itself. */
export interface PictureOptions {
  /** Struck things are drawn broken, and the way that is left is the one drawn live. */
  readonly fault?: Scenario;
  /** The port that carries the traffic; absent: the primary, or under a fault the first port with a way left. */
  readonly activePort?: string;
  /** The bonds the kernel really had once the host was up. Absent: what is declared is taken for what came up. */
  readonly up?: readonly BondUp[];
  /** Single points of failure, drawn in red with a "!". */
  readonly singles?: SingleMarks;
}

/** The declared topology as one self-contained SVG document, 900 px wide or a little more: no ids, so that many fit in one page, no script, no
 *  reference to anything outside. Total: any Config gives a picture; every name is escaped. */
export function renderPicture(config: Config, options: PictureOptions = {}): string {
  const declared = buildGraph(config);
  const graph = asCameUp(declared, config, options.up);
  const face = hostFace(declared, config, options.up);
  const facts = pictureFacts(graph, options.fault, { ...options, ...face }, options.singles);
  const layout = layOut(graph, options.fault === undefined ? 6 : 40);
  const { width, height } = layout;
  const title = options.fault?.fault ?? `What ${graph.bond ?? "the host"} hangs on`;
  const size = `viewBox="0 0 ${coordinate(width)} ${coordinate(height)}" width="${coordinate(width)}" height="${coordinate(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="hf-topology" role="img" ${size} style="max-width:100%;height:auto">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(inWords(graph, facts))}</desc>`,
    `<style>${pictureStyle}</style>`,
    `<rect class="paper" width="100%" height="100%" rx="10"/>`,
    options.fault === undefined ? "" : caption(options.fault, width),
    ...layout.routes.map((route) => drawWire(route, facts)),
    drawHost(graph, layout, facts, face),
    ...layout.cards.map((card) => drawCard(graph, layout, card, facts, options.fault)),
    ...layout.routes.map((route) => markWire(route, facts, options.fault)),
    legend(graph, layout, facts, options.fault),
    "</svg>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function caption(fault: Scenario, width: number): string {
  const text = fault.kind === "healthy" ? fault.fault : `✕ ${fault.fault}`;
  const tone = fault.kind === "healthy" ? "bold" : "fault";
  return `<text class="${tone}" x="${sizes.margin}" y="32">${escapeXml(fitText(text, width - sizes.margin * 2, 15))}</text>`;
}

function drawWire(route: Route, facts: PictureFacts): string {
  const { path, line } = drawRoute(route);
  const tone = toneOf(route.edge, facts);
  const radio = route.edge.medium === "radio";
  const wire = `<path class="halo" d="${path}"/><path class="wire${radio ? " radio" : ""}${tone}" d="${path}"/>`;
  return radio && tone !== " struck" ? `${wire}${radioArcs(midway(line), tone)}` : wire;
}

/** Struck: the fault itself. Cut: an end of it is dead. Live: packets go there. */
function toneOf(edge: GraphEdge, facts: PictureFacts): string {
  if (facts.strikes.has(edge.id)) return " struck";
  const dead = [edge.from, edge.to].some((end) => facts.broken.nodes.has(end));
  const hostDead = facts.strikes.has(hostName) && edge.from === hostName;
  if (dead || hostDead) return " cut";
  const single = facts.singles.things.has(edge.id) ? " single" : "";
  return facts.live.has(edge.id) ? ` live${single}` : single;
}

function markWire(route: Route, facts: PictureFacts, fault: Scenario | undefined): string {
  const middle = () => midway(drawRoute(route).line);
  if (facts.singles.things.has(route.edge.id)) return textMark("!", middle());
  if (fault === undefined || !facts.strikes.has(route.edge.id)) return "";
  return wireMark(fault, middle());
}

/** The signs that occur in this picture, and no others. */
function legend(graph: Graph, layout: Layout, facts: PictureFacts, fault: Scenario | undefined): string {
  const media = new Set(graph.edges.map((edge) => edge.medium));
  const assumed = layout.cards.some((card) => card.node.assumed && card.node.kind !== "internet");
  const ways =
    facts.sending.size > 1
      ? ["the ways packets take", "the ways that are left"]
      : ["the way packets take", "the way that is left"];
  const way = ways[facts.broken.nodes.size + facts.broken.edges.size === 0 ? 0 : 1] ?? "";
  const entries: readonly (readonly [string, string])[] = [
    ...(facts.live.size > 0 ? [[`<path class="wire live" d="M0 0H26"/>`, way] as const] : []),
    ...(media.has("cable") ? [[`<path class="wire" d="M0 0H26"/>`, "cable"] as const] : []),
    ...(media.has("powerline")
      ? [[`<path class="wire" d="M0 0c2-6 4.5-6 6.5 0s4.5 6 6.5 0 4.5-6 6.5 0 4.5 6 6.5 0"/>`, "powerline"] as const]
      : []),
    ...(media.has("radio") ? [[`<path class="wire radio" d="M0 0H26"/>`, "radio"] as const] : []),
    ...(assumed
      ? [[`<rect class="card assumed" x="1" y="-7" width="24" height="14" rx="3"/>`, "not declared, assumed"] as const]
      : []),
    ...(fault !== undefined && fault.strikes.length > 0
      ? [[`<path class="wire struck" d="M0 0H26"/>`, "broken"] as const]
      : []),
    ...(facts.singles.labels.length > 0
      ? [
          [
            `<path class="wire single" d="M0 0H26"/>${textMark("!", { x: 13, y: 0 })}`,
            "single point of failure",
          ] as const,
        ]
      : []),
  ];
  const y = layout.height - 20;
  let x = sizes.margin;
  const drawn = entries.map(([sign, text]) => {
    const entry = `<g transform="translate(${coordinate(x)} ${coordinate(y)})">${sign}<text class="small" x="33" y="3.7">${escapeXml(text)}</text></g>`;
    x += 33 + text.length * 6.2 + 22;
    return entry;
  });
  const rule = `<path class="rule" d="M${sizes.margin} ${coordinate(y - 20)}H${coordinate(layout.width - sizes.margin)}"/>`;
  return rule + drawn.join("");
}
