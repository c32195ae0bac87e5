import { useMemo } from "preact/hooks";
import type { MoveMark, PathHistoryDocument, PathRemembered } from "../documents.ts";
import { counted, lossOf, minuteOf, momentOf, roundTrip, secondOf } from "../words.ts";
import { type ChartPoint, ceilingOf, factsOf, lineOf, pointsOf, xOf } from "./scale.ts";

interface ChartProps {
  readonly document: PathHistoryDocument;
  readonly path: PathRemembered;
}

/** Points of a chart: more are finer than a phone shows. */
const mostPoints = 200;

/** Round trips and losses of a path, with the moments at which traffic moved. */
export function Chart({ document, path }: ChartProps) {
  const drawn = useMemo(() => {
    const points = pointsOf(document, path, mostPoints);
    const ceiling = ceilingOf(points);
    return { points, ceiling, line: lineOf(points, ceiling, "rttMs"), worst: lineOf(points, ceiling, "worstMs") };
  }, [document, path]);
  const { points, ceiling, line, worst } = drawn;
  const from = document.from;
  const to = from + path.sent.length * document.stepMs;
  const moves = document.moves.filter(({ at }) => at >= from && at <= to);
  const words = wordsOf(points, moves, path);
  return (
    <figure class="chart">
      <div class="plot" role="img" aria-label={words}>
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
          <path class="grid" d="M0 50H1000M0 .5H1000" />
          <path class="worst" d={worst} />
          <path class="mean" d={line} />
          <Losses points={points} />
          {moves.map((move) => (
            <path key={move.at} class="move" d={`M${((move.at - from) / (to - from)) * 1000} 0V100`} />
          ))}
        </svg>
        <span class="top-mark">{roundTrip(ceiling)}</span>
        {apart(moves, (to - from) / 6).map((move) => (
          <span
            key={move.at}
            class="move-mark"
            style={{ left: `${Math.min(88, ((move.at - from) / (to - from)) * 100)}%` }}
          >
            → {move.to}
          </span>
        ))}
      </div>
      <div class="axis" aria-hidden="true">
        <span>{timeOf(from, document.stepMs)}</span>
        <span>{timeOf((from + to) / 2, document.stepMs)}</span>
        <span>{timeOf(to, document.stepMs)}</span>
      </div>
    </figure>
  );
}

/** Moves whose names find room: the first of those that follow each other closely. */
function apart(moves: readonly MoveMark[], leastMs: number): readonly MoveMark[] {
  const named: MoveMark[] = [];
  for (const move of moves) if (move.at - (named.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= leastMs) named.push(move);
  return named;
}

function timeOf(at: number, stepMs: number): string {
  return stepMs < 60_000 ? secondOf(at) : minuteOf(at);
}

function Losses({ points }: { readonly points: readonly ChartPoint[] }) {
  const width = 1000 / points.length;
  return (
    <>
      {points.map(({ at, sent, lost }, index) => {
        if (lost === 0) return null;
        const height = Math.max(12, (lost / Math.max(1, sent)) * 100);
        return (
          <rect
            key={at}
            class="loss"
            x={xOf(index, points.length) - width / 2}
            y={100 - height}
            width={width}
            height={height}
          />
        );
      })}
    </>
  );
}

/** What the chart shows, for those who can't see it. */
export function wordsOf(points: readonly ChartPoint[], moves: readonly MoveMark[], path: PathRemembered): string {
  const { medianMs, worstMs, sent, lost } = factsOf(points);
  const first = points[0]?.at ?? 0;
  const end = points.at(-1)?.at ?? first;
  const trips =
    medianMs === null || worstMs === null
      ? "nothing answered"
      : `round trip ${roundTrip(medianMs)} in the middle, ${roundTrip(worstMs)} at worst`;
  const losses = sent === 0 ? "no probes" : `${lossOf(lost / sent)} of ${counted(sent, "probe")} lost`;
  const moved = moves.map((move) => `traffic moved to ${move.to} ${momentOf(move.at, end)}`);
  return `${path.port} to ${path.target}, ${minuteOf(first)} to ${minuteOf(end)}: ${[trips, losses, ...moved].join("; ")}.`;
}
