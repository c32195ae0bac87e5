import { shortDateOf, span } from "../words.ts";

/** One drill or rehearsal of a trend. */
export interface TrendPoint {
  readonly at: number;
  /** ms; null: it never ended while watched. */
  readonly outageMs: number | null;
  readonly isHeld: boolean;
  readonly what: string;
}

const width = 480;
const height = 110;
const neverAt = 10;
/** Room for the scale. */
const left = 44;

/** Longest outages over time, on a logarithmic scale from 1 ms to a minute; a table beside it for those who can't see it. */
export function Trend({ points, title }: { readonly points: readonly TrendPoint[]; readonly title: string }) {
  const shown = points.slice(-40);
  const [first] = shown;
  const last = shown.at(-1);
  if (first === undefined || last === undefined || shown.length < 2) return null;
  const x = (at: number) => left + 6 + ((at - first.at) / Math.max(1, last.at - first.at)) * (width - left - 12);
  return (
    <figure class="trend">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={wordsOf(shown, title)}>
        {[1, 100, 10_000].map((ms) => (
          <g key={ms}>
            <path class="grid" d={`M${left} ${yOf(ms)}H${width}`} />
            <text x={left - 8} y={yOf(ms) + 4} text-anchor="end">
              {span(ms)}
            </text>
          </g>
        ))}
        <path
          class="mean"
          d={shown.map((point, n) => `${n === 0 ? "M" : "L"}${x(point.at).toFixed(1)} ${yOf(point.outageMs)}`).join("")}
        />
        {shown.map((point) => (
          <circle key={point.at} class={point.isHeld ? "" : "bad"} cx={x(point.at)} cy={yOf(point.outageMs)} r="3.6">
            <title>{`${shortDateOf(point.at)}: ${point.outageMs === null ? "never ended" : span(point.outageMs)}, ${point.what}`}</title>
          </circle>
        ))}
      </svg>
      <div class="axis" aria-hidden="true">
        <span>{shortDateOf(first.at)}</span>
        <span>{shortDateOf(last.at)}</span>
      </div>
    </figure>
  );
}

function yOf(ms: number | null): number {
  if (ms === null) return neverAt;
  const share = Math.log10(Math.max(1, Math.min(60_000, ms))) / Math.log10(60_000);
  return Math.round((height - 8 - share * (height - 8 - neverAt - 6)) * 10) / 10;
}

function wordsOf(points: readonly TrendPoint[], title: string): string {
  const held = points.filter((point) => point.isHeld).length;
  const last = points
    .slice(-5)
    .map((point) => `${shortDateOf(point.at)} ${point.outageMs === null ? "never ended" : span(point.outageMs)}`);
  return `${title}: ${held} of ${points.length} held; the latest longest outages: ${last.join(", ")}.`;
}
