/** A part of a view: its lines, how few of them say something still, and the empty lines before it. */
interface Part<Line> {
  readonly lines: readonly Line[];
  readonly least: number;
  readonly gap: number;
}

/** Lines of all parts one below the other, at most so many. What comes last gives way first, down to its least; then the empty lines
 *  between the parts; then it is cut. Of a part with fewer lines than it has, the first is its head, and the rest its end where it is the last,
 *  its beginning otherwise. */
export function share<Line>(parts: readonly Part<Line>[], rows: number): readonly (Line | [])[] {
  const shown = parts.filter(({ lines }) => lines.length > 0);
  const heights = shown.map(({ lines }) => lines.length);
  const gaps = shown.map(({ gap }, at) => (at === 0 ? 0 : gap));
  let over = sum(heights) + sum(gaps) - rows;
  for (let at = shown.length - 1; at > 0 && over > 0; at -= 1) {
    const least = Math.min(shown[at]?.least ?? 0, heights[at] ?? 0);
    const given = Math.min(over, (heights[at] ?? 0) - least);
    heights[at] = (heights[at] ?? 0) - given;
    over -= given;
  }
  for (let at = shown.length - 1; at > 0 && over > 0; at -= 1) {
    over -= gaps[at] ?? 0;
    gaps[at] = 0;
  }
  const lines = shown.flatMap((part, at) => [
    ...Array.from({ length: gaps[at] ?? 0 }, (): [] => []),
    ...some(part.lines, heights[at] ?? 0, at === shown.length - 1),
  ]);
  return lines.slice(0, rows);
}

function some<Line>(lines: readonly Line[], height: number, isLast: boolean): readonly Line[] {
  if (height >= lines.length || height === 0) return lines.slice(0, height);
  return isLast ? [...lines.slice(0, 1), ...lines.slice(lines.length - height + 1)] : lines.slice(0, height);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
