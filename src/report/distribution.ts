import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { niceAbove, positionIn, px, ticks } from "./scale.ts";
import { count, longer, sayGap, sayMs } from "./words.ts";

const width = 960;
const left = 8;
const plot = 840;
const dot = 4.5;
const mostStacked = 14;

/** The outages of all repeats as dots over a time axis, with median, p95 and worst; nothing for a single run. */
export function renderDistribution(result: ScenarioResult, objectives: Rehearsal["objectives"], id: string): Markup {
  const outages = result.repeats.map((each) => longer(each.toHost, each.fromHost));
  if (outages.length < 2 || result.expected === "no-path") return nothing;
  const ended = outages.filter((each) => each !== null);
  const open = outages.length - ended.length;
  if (ended.length === 0)
    return markup`<p class="spread">${count(outages.length, "repeat")}: it never ended in any of them.</p>`;
  const most = ended.reduce((top, each) => Math.max(top, each), 0);
  const to = niceAbove(Math.max(most * 1.02, 10));
  const at = positionIn({ from: 0, to }, plot);
  const stacks = stack(ended.map((each) => at(each)));
  const height =
    40 + Math.min(mostStacked, Math.max(open > 0 ? 5 : 1, ...stacks.map((each) => each.level + 1))) * 2 * dot;
  const base = height;
  const { median, p95, worst } = result.stats;
  const words = `${count(outages.length, "repeat")}: median ${sayGap(median)}, p95 ${sayGap(p95)}, worst ${sayGap(worst)}`;
  return markup`<figure class="spread"><figcaption>${words}</figcaption>
<svg class="dots" viewBox="0 0 ${width} ${base + 26}" role="img" aria-labelledby="${id}"><title id="${id}">${words}</title>
<g class="axis"><path d="M${left} ${base}h${plot}"/>${ticks({ from: 0, to }, 0, 8).map(
    (each) =>
      markup`<path d="M${px(left + at(each))} ${base}v5"/><text x="${px(left + at(each))}" y="${base + 19}" text-anchor="${each === 0 ? "start" : "middle"}">${sayMs(each)}</text>`,
  )}</g>
${objectives.outageMs < to ? markup`<path class="limit" d="M${px(left + at(objectives.outageMs))} 4V${base}"/>` : nothing}
${statMarks(result.stats, at, base)}
${stacks.map(({ x, level }, index) => {
  const isBad = (ended[index] ?? 0) > objectives.outageMs;
  return markup`<circle class="${isBad ? "bad" : "fine"}" cx="${px(left + x)}" cy="${px(base - dot - 2 - level * 2 * dot)}" r="${dot - 0.5}"/>`;
})}
${open > 0 ? neverColumn(open, base) : nothing}
</svg></figure>`;
}

/** Median and p95, their words on either side of where they would run into each other. */
function statMarks(
  { median, p95 }: ScenarioResult["stats"],
  at: (ms: number) => number,
  base: number,
): readonly Markup[] {
  const isClose = median !== null && p95 !== null && at(p95) - at(median) < 60;
  const known = [
    { word: "median", ms: median, anchor: isClose ? "end" : "middle" },
    { word: "p95", ms: p95, anchor: isClose ? "start" : "middle" },
  ];
  return known.flatMap(({ word, ms, anchor }) => {
    if (ms === null) return [];
    const x = left + at(ms);
    const atEdge = anchor !== "start" && x < 30 ? "start" : anchor;
    return [
      markup`<g class="stat"><path d="M${px(x)} 16V${base}"/><text x="${px(x)}" y="11" text-anchor="${atEdge}">${word}</text></g>`,
    ];
  });
}

function neverColumn(open: number, base: number): Markup {
  const dots = Array.from({ length: Math.min(open, 60) }, (_, index) => {
    const x = 888 + (index % 6) * 2 * dot;
    const y = base - dot - 2 - Math.floor(index / 6) * 2 * dot;
    return markup`<circle class="bad" cx="${px(x)}" cy="${px(y)}" r="${dot - 0.5}"/>`;
  });
  return markup`<g class="never">${dots}<text x="910" y="${base + 19}" text-anchor="middle">never ${open}×</text></g>`;
}

/** Dots that would cover each other stand on each other; the order of the input is kept. */
function stack(xs: readonly number[]): readonly { readonly x: number; readonly level: number }[] {
  const placed: { x: number; level: number }[] = [];
  return xs.map((x) => {
    const near = new Set(placed.filter((each) => Math.abs(each.x - x) < 2 * dot).map((each) => each.level));
    let level = 0;
    while (near.has(level) && level < mostStacked - 1) level++;
    const at = { x, level };
    placed.push(at);
    return at;
  });
}
