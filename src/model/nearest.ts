/** Longer than any word of ours: nothing is near, and the comparison would cost its square. */
const longestWord = 40;

/** The candidate nearest to what was written, where one is near enough to be meant: at most a third of it mistyped,
 *  and one letter at least. Case doesn't count. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length > longestWord) return undefined;
  const word = written.toLowerCase();
  const letters = lettersOf(word);
  let best: string | undefined;
  let bound = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bound) continue;
    const other = candidate.toLowerCase();
    // Most words are told apart by their letters alone; a file may be wrong on every line.
    if (unshared(letters, word, other) >= bound) continue;
    const distance = editDistance(word, other, bound);
    if (distance < bound) {
      best = candidate;
      bound = distance;
    }
  }
  return best;
}

const kinds = 32;

/** How often a word has each letter; some letters share a place, so words may seem nearer than they are, but not farther. */
function lettersOf(word: string): Uint8Array {
  const letters = new Uint8Array(kinds);
  for (let at = 0; at < word.length; at++) addTo(letters, word.charCodeAt(at) % kinds, 1);
  return letters;
}

/** Letters that only one of two words has: no fewer need to be changed. */
function unshared(letters: Uint8Array, word: string, other: string): number {
  const left = letters.slice();
  let shared = 0;
  for (let at = 0; at < other.length; at++) {
    const kind = other.charCodeAt(at) % kinds;
    if (left[kind] === 0) continue;
    addTo(left, kind, -1);
    shared++;
  }
  return Math.max(word.length, other.length) - shared;
}

function addTo(letters: Uint8Array, kind: number, change: number): void {
  letters[kind] = (letters[kind] ?? 0) + change;
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). From `limit` on nobody counts: then it
 *  is `limit`, or more. */
export function editDistance(one: string, other: string, limit = Number.POSITIVE_INFINITY): number {
  const [a, b] = withoutSharedEnds(one, other);
  let beforeLast: number[] = [];
  let last: number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  let row: number[] = [];
  for (let i = 1; i <= a.length; i++) {
    const letter = a.charCodeAt(i - 1);
    let least = i;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = letter === b.charCodeAt(j - 1) ? 0 : 1;
      let cell = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1))
        cell = Math.min(cell, (beforeLast[j - 2] ?? 0) + 1);
      row[j] = cell;
      least = Math.min(least, cell);
    }
    // No later row has less than the least of this one.
    if (least >= limit) return least;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length] ?? 0;
}

/** What two words begin and end with alike costs nothing. */
function withoutSharedEnds(one: string, other: string): readonly [string, string] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}
