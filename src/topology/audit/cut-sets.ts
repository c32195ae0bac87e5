import type { Diagram, Diagrams } from "./decision-diagram.ts";

/** Sets of at most `most` things (1 to 3) that together make the function false and of which none can be left out, smallest first. Exact:
 *  every set that holds no smaller one is asked. */
export function minimalCutSets(
  diagrams: Diagrams,
  works: Diagram,
  things: number,
  most: 1 | 2 | 3,
): readonly (readonly number[])[] {
  const found: number[][] = [];
  const isCovered = (set: readonly number[]) => found.some((cut) => cut.every((n) => set.includes(n)));
  const all = Array.from({ length: things }, (_, n) => n);
  if (!diagrams.isTrue(works, new Set())) return [[]];
  for (let size = 1; size <= most; size++) {
    const fresh: number[][] = [];
    // Whatever cuts alone is in no larger minimal set.
    const left = all.filter((n) => !found.some((cut) => cut.length === 1 && cut[0] === n));
    for (const set of setsOf(left, size))
      if (!isCovered(set) && !diagrams.isTrue(works, new Set(set))) fresh.push([...set]);
    found.push(...fresh);
  }
  return found;
}

/** Every set of so many of the things. */
function* setsOf(things: readonly number[], size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= things.length - size; at++)
    for (const rest of setsOf(things, size - 1, at + 1)) yield [things[at] ?? 0, ...rest];
}
