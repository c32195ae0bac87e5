import type { HostFace } from "./came-up.ts";
import { type Graph, type GraphNode, hostName } from "./graph.ts";
import type { HostPort } from "./host-ports.ts";
import type { Scenario } from "./lab-plan.ts";
import type { PictureFacts } from "./picture-facts.ts";
import { iconOf } from "./picture-icons.ts";
import { type Card, type Chip, type Layout, sizes } from "./picture-layout.ts";
import { crossMark, powerPill, textMark } from "./picture-marks.ts";
import { coordinate, escapeXml, fitText, textWidth } from "./svg.ts";

/** A device: icon, name, what it is, its power. */
export function drawCard(
  graph: Graph,
  layout: Layout,
  card: Card,
  facts: PictureFacts,
  fault: Scenario | undefined,
): string {
  const { node } = card;
  const width = layout.cardWidth;
  const left = card.x - width / 2;
  const top = card.y - sizes.cardHeight / 2;
  const struck = facts.strikes.has(node.name);
  const single = facts.singles.things.has(node.name);
  const classes = `card${node.assumed && node.kind !== "internet" ? " assumed" : ""}${struck ? " struck" : ""}${single ? " single" : ""}`;
  const text = (content: string, y: number, tone: string, font: number) =>
    `<text class="mid ${tone}" x="${coordinate(card.x)}" y="${coordinate(top + y)}">${escapeXml(fitText(content, width - 10, font))}</text>`;
  return [
    "<g>",
    `<title>${escapeXml(`${node.label} (${kindInWords(node)})`)}</title>`,
    `<rect class="${classes}" x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(width)}" height="${sizes.cardHeight}" rx="9"/>`,
    `<g class="icon" transform="translate(${coordinate(card.x - 16)} ${coordinate(top + 13)})">${iconOf(node.kind)}</g>`,
    ...nameLines(node, width - 10).map(({ content, y, tone, font }) => text(content, y, tone, font)),
    node.power === undefined
      ? ""
      : powerPill(node.power, graph.domains, { x: left + width + 7, y: top }, facts.singles.supplies),
    single ? textMark("!", { x: left + 2, y: top + 2 }) : "",
    struck ? strikeMark(fault, { x: left + 2, y: top + 2 }) : "",
    "</g>",
  ].join("");
}

interface Line {
  readonly content: string;
  readonly y: number;
  readonly tone: string;
  readonly font: number;
}

/** The name and what tells it from others; a name too long for one line takes both. */
function nameLines(node: GraphNode, room: number): readonly Line[] {
  const { label } = node;
  if (textWidth(label, 12) <= room) {
    return [
      { content: label, y: 54, tone: "bold", font: 12 },
      { content: underline(node), y: 69, tone: "small", font: 10.5 },
    ];
  }
  const breaks = [...label.matchAll(/[-_. ]/g)].map((found) => found.index + 1);
  const middle = label.length / 2;
  const [at = Math.ceil(middle)] = breaks.toSorted((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  return [label.slice(0, at), label.slice(at)].map((content, n) => ({
    content,
    y: 53 + n * 15,
    tone: "bold",
    font: 12,
  }));
}

function strikeMark(fault: Scenario | undefined, at: { readonly x: number; readonly y: number }): string {
  if (fault?.kind === "replaced") return textMark("new", { x: at.x + 8, y: at.y });
  if (fault?.id.startsWith("hang-") === true) return textMark("hangs", { x: at.x + 14, y: at.y });
  return crossMark(at);
}

/** The line under a device's name: what tells it from others of its kind. "" none. */
export function underline(node: GraphNode): string {
  if (node.gateway !== undefined) return node.gateway.lan.split("/")[0] ?? "";
  if (node.device?.wifi !== undefined) return `Wi-Fi ${node.device.wifi}`;
  if (node.device?.address !== undefined) return node.device.address.split("/")[0] ?? "";
  return node.kind === "internet" ? "" : kindInWords(node);
}

function kindInWords(node: GraphNode): string {
  return node.kind.replaceAll("-", " ");
}

/** The host: what it is called, its address, the bond as a bar with its ports. */
export function drawHost(graph: Graph, layout: Layout, facts: PictureFacts, face: HostFace): string {
  const { host, chips } = layout;
  const struck = facts.strikes.has(hostName);
  const node = graph.nodes.find((one) => one.kind === "host");
  const line = (content: string, y: number, tone: string, font: number) =>
    `<text class="${tone}" x="${coordinate(host.x + 54)}" y="${coordinate(host.y + y)}">${escapeXml(fitText(content, host.width - 64, font))}</text>`;
  return [
    "<g>",
    `<rect class="card${struck ? " struck" : ""}" x="${coordinate(host.x)}" y="${coordinate(host.y)}" width="${host.width}" height="${coordinate(host.height)}" rx="12"/>`,
    `<g class="icon" transform="translate(${coordinate(host.x + 12)} ${coordinate(host.y + 22)})">${iconOf("host")}</g>`,
    line(face.title, 24, "bold", 13),
    line(face.mode, 39, face.isBare ? "small ill" : "small", 10.5),
    line(face.address, face.mode === "" ? 39 : 53, "small", 10.5),
    drawBar(graph, layout, facts),
    ...chips.map((chip) => drawChip(graph, chip, facts)),
    node?.power === undefined
      ? ""
      : powerPill(node.power, graph.domains, { x: host.x + host.width - 10, y: host.y }, facts.singles.supplies),
    struck ? crossMark({ x: host.x + 2, y: host.y + 2 }) : "",
    "</g>",
  ].join("");
}

/** The bond: one bar, a branch to each of its ports, those that send marked. */
function drawBar(graph: Graph, layout: Layout, facts: PictureFacts): string {
  const chips = layout.chips.filter((chip) => graph.ports.some((port) => port.name === chip.port && port.carries));
  if (chips.length === 0) return "";
  const { host } = layout;
  const x = host.x + 28;
  const start = host.y + 60;
  const right = host.x + host.width - sizes.chipWidth;
  const branch = (y: number) =>
    `M${coordinate(x)} ${coordinate(start)}V${coordinate(y - 10)}q0 10 10 10H${coordinate(right)}`;
  const isLive = (chip: Chip) => isSending(chip, facts);
  // Marked branches lie on top of the others.
  const drawn = chips.toSorted((one, other) => Number(isLive(one)) - Number(isLive(other)));
  return drawn.map((chip) => `<path class="bar${isLive(chip) ? " on" : ""}" d="${branch(chip.y)}"/>`).join("");
}

/** Sends, and somebody gets it: what sends into a dead path is not marked as a way. */
function isSending({ port }: Chip, facts: PictureFacts): boolean {
  const state = facts.states.get(port);
  return facts.sending.has(port) && facts.live.size > 0 && state !== "no carrier" && state !== "carrier, no path";
}

function drawChip(graph: Graph, chip: Chip, facts: PictureFacts): string {
  const port = graph.ports.find((one) => one.name === chip.port);
  const active = isSending(chip, facts);
  const on = active ? " on" : "";
  const left = chip.x - sizes.chipWidth;
  const top = chip.y - sizes.chipHeight / 2;
  const room = sizes.chipWidth - 30;
  const state = facts.states.get(chip.port) ?? "";
  const isIll = state === "no carrier" || state === "carrier, no path" || state === "in no bond";
  const before = facts.singles.before.get(chip.port);
  const note = before ?? [state, ...portNotes(port)].filter((part) => part !== "").join(" · ");
  const tone = isIll || before !== undefined ? " ill" : active ? " good" : "";
  const name = `<text class="bold" x="${coordinate(left + 24)}" y="${coordinate(chip.y - 2)}">${escapeXml(fitText(chip.port, room, 12.5))}</text>`;
  return [
    `<g><title>${escapeXml(chip.port)}</title>`,
    `<rect class="port${on}${before === undefined ? "" : " single"}" x="${coordinate(left)}" y="${coordinate(top)}" width="${sizes.chipWidth}" height="${sizes.chipHeight}" rx="8"/>`,
    before === undefined ? "" : textMark("!", { x: left + 2, y: top + 2 }),
    `<circle class="dot${on}" cx="${coordinate(left + 13)}" cy="${coordinate(chip.y)}" r="4.5"/>`,
    name,
    `<text class="small${tone}" x="${coordinate(left + 24)}" y="${coordinate(chip.y + 12)}">${escapeXml(fitText(note, room, 10.5))}</text></g>`,
  ].join("");
}

function portNotes(port: HostPort | undefined): readonly string[] {
  if (port === undefined) return [];
  const radio = port.ssid === undefined ? [] : ["Wi-Fi"];
  return [...radio, ...port.hubs.map((hub) => `on ${hub}`)];
}
