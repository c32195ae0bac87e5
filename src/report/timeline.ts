import type { FlowResult, ScenarioResult } from "../measure/rehearsal.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { positionIn, px, type TimeWindow, ticks } from "./scale.ts";
import { lossPath } from "./timeline-track.ts";
import { mendTime, type TimelinePart, timelineParts } from "./timeline-window.ts";
import { count, sayGap, sayMs } from "./words.ts";

const width = 480;
const left = 100;
const right = 10;
const plot = width - left - right;
const rowHeight = 26;
const barHeight = 14;
const labelHeight = 17;
const charWidth = 7;
const mostLabels = 5;

/** What happened, as pictures: one of the fault and one of the mending, a track for each flow and direction, lost packets
 *  as blocks, and marks for the cut, the kernel's moves and the mending. */
export function renderTimeline(result: ScenarioResult, idPrefix: string): readonly Markup[] {
  const parts = timelineParts(result).map((part) => ({ part, marks: placeMarks(result, part) }));
  const levels = Math.max(0, ...parts.flatMap(({ marks }) => marks.map((mark) => mark.level + 1)));
  return parts.map(({ part, marks }, index) => renderPart(result, part, marks, levels, `${idPrefix}-${index}`));
}

function renderPart(
  result: ScenarioResult,
  part: TimelinePart,
  marks: readonly PlacedMark[],
  levels: number,
  id: string,
): Markup {
  const top = levels * labelHeight + 8;
  const bottom = top + result.flows.length * rowHeight;
  return markup`<figure class="part"><figcaption>${part.title}</figcaption>
<svg class="timeline" viewBox="0 0 ${width} ${bottom + 26}" role="img" aria-labelledby="${id}">
<title id="${id}">${describe(result, part)}</title>
${faultBand(result, part.window, top, bottom)}
${axis(part, bottom)}
${result.flows.map((flow, index) => track(flow, result, part.window, top + index * rowHeight))}
${marks.map((mark) => drawMark(mark, bottom))}
</svg></figure>`;
}

/** The picture in a sentence, for who doesn't see it. */
function describe(result: ScenarioResult, part: TimelinePart): string {
  const flows = result.flows.map((flow) => {
    const runs = flow.lostRuns.filter(([from, to]) => to >= part.window.from && from <= part.window.to);
    if (isMute(flow)) return `${sayDirection(flow)}: nothing sent`;
    return `${sayDirection(flow)}: ${runs.length === 0 ? "nothing lost" : `lost in ${count(runs.length, "run")}`}`;
  });
  const span = sayMs(part.window.to - part.window.from);
  return `${part.title}, ${span} shown. ${flows.join("; ")}. Outage to host ${sayGap(result.outageMs.toHost)}, from host ${sayGap(result.outageMs.fromHost)}.`;
}

/** A peer behind a router's NAT answers to where it heard the host from: it never heard it, and so sent nothing that could arrive. */
function isMute(flow: FlowResult): boolean {
  return flow.sent === 0 && flow.outageMs === null;
}

function sayDirection(flow: FlowResult): string {
  return flow.direction === "toHost" ? `${flow.flow} → host` : `host → ${flow.flow}`;
}

/** What a run of one packet stands for, ms: the flow's interval, which is what the uncertainty comes from. */
function singleMs(result: ScenarioResult): number {
  return Math.min(10, Math.max(0.5, result.uncertaintyMs));
}

/** What the gutter before the tracks has room for. */
function short(text: string): string {
  return text.length > 16 ? `${text.slice(0, 15)}…` : text;
}

function faultBand(result: ScenarioResult, window: TimeWindow, top: number, bottom: number): Markup {
  const at = positionIn(window, plot);
  const from = at(0);
  const to = at(mendTime(result));
  if (result.kind === "healthy" || to <= from) return nothing;
  return markup`<rect class="band" x="${px(left + from)}" y="${top - 4}" width="${px(to - from)}" height="${bottom - top + 4}"/>`;
}

function axis(part: TimelinePart, bottom: number): Markup {
  const at = positionIn(part.window, plot);
  const marks = ticks(part.window, part.zero, 6).filter((each) => at(each) < plot - 14 || at(each) === plot);
  return markup`<g class="axis"><path d="M${left} ${bottom}h${plot}"/>${marks.map((each) => {
    const x = left + at(each);
    const anchor = x > width - 40 ? "end" : x < left + 12 ? "start" : "middle";
    return markup`<path d="M${px(x)} ${bottom}v5"/><text x="${px(x)}" y="${bottom + 19}" text-anchor="${anchor}">${sayTick(each - part.zero)}</text>`;
  })}</g>`;
}

function sayTick(ms: number): string {
  if (Math.abs(ms) < 1e-9) return "0";
  return ms < 0 ? `−${sayMs(-ms)}` : sayMs(ms);
}

function track(flow: FlowResult, result: ScenarioResult, window: TimeWindow, y: number): Markup {
  const base = y + rowHeight - 5;
  const name = markup`<text x="${left - 10}" y="${base - 2}" text-anchor="end">${short(sayDirection(flow))}</text>`;
  if (isMute(flow)) {
    return markup`<g class="track mute">${name}<text class="aside" x="${left + 4}" y="${base - 2}">nothing sent: it never heard the host</text></g>`;
  }
  const lost = lossPath(flow.lostRuns, window, { left, width: plot, base, height: barHeight }, singleMs(result));
  const isBad = result.verdict === "missed" && flow.expected === "survives";
  return markup`<g class="track">${name}<path class="sent" d="M${left} ${base}h${plot}"/>${
    lost === "" ? nothing : markup`<path class="${isBad ? "lost bad" : "lost"}" d="${lost}"/>`
  }</g>`;
}

interface PlacedMark {
  readonly x: number;
  readonly level: number;
  readonly label: string;
  readonly title: string;
  readonly kind: "cut" | "move" | "quiet";
}

/** Marks in order, each label on the lowest line where it doesn't run into the one before. */
function placeMarks(result: ScenarioResult, part: TimelinePart): readonly PlacedMark[] {
  const at = positionIn(part.window, plot);
  const inside = result.events
    .filter((each) => each.what !== "lost" && each.atMs >= part.window.from && each.atMs <= part.window.to)
    .toSorted((a, b) => a.atMs - b.atMs);
  const ends: number[] = [];
  const placed: PlacedMark[] = [];
  let labels = 0;
  for (const event of inside) {
    const x = left + at(event.atMs);
    const label = event.what === "kernel" || labels >= mostLabels ? "" : sayMark(event, part.zero);
    if (label !== "") labels++;
    const room = label.length * charWidth + 14;
    const start = Math.min(x, width - room);
    const free = ends.findIndex((end) => end <= start);
    const level = label === "" ? 0 : free === -1 ? ends.length : free;
    if (label !== "") ends[level] = start + room;
    const kind = event.what === "fault" || event.what === "mend" ? "cut" : event.what === "kernel" ? "quiet" : "move";
    placed.push({ x, level, label, title: event.text, kind });
  }
  return placed;
}

function sayMark(event: ScenarioResult["events"][number], zero: number): string {
  const after = event.atMs - zero;
  const when = after > 0 ? ` ${sayMs(after)}` : "";
  const words = { fault: "cut", mend: "mended", switch: "kernel moved", back: "back", kernel: "", lost: "" };
  return `${words[event.what]}${event.what === "fault" || event.what === "mend" ? "" : when}`;
}

function drawMark(mark: PlacedMark, bottom: number): Markup {
  if (mark.kind === "quiet") {
    return markup`<path class="event quiet" d="M${px(mark.x)} ${bottom}v-7"><title>${mark.title}</title></path>`;
  }
  const y = mark.level * labelHeight + 12;
  const isRight = mark.x > width - (mark.label.length * charWidth + 14);
  const text = markup`<text x="${px(isRight ? mark.x - 5 : mark.x + 5)}" y="${y}"${isRight ? markup` text-anchor="end"` : nothing}>${mark.label}</text>`;
  return markup`<g class="event ${mark.kind}"><path d="M${px(mark.x)} ${y - 10}V${bottom}"><title>${mark.title}</title></path>${mark.label === "" ? nothing : text}</g>`;
}
