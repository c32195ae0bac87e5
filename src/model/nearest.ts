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
    if (unshared(letters, lettersOf(other)) >= bound) continue;
    const distance = editDistance(word, other);
    if (distance < bound) {
      best = candidate;
      bound = distance;
    }
  }
  return best;
}

/** A bit for each letter a word has; some share one, so words may seem nearer than they are, but not farther. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at++) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

/** Letters that only one of two words has: no fewer need to be changed. */
function unshared(one: number, other: number): number {
  return Math.max(bitsIn(one & ~other), bitsIn(other & ~one));
}

function bitsIn(number: number): number {
  let count = 0;
  for (let rest = number; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  const [a, b] = withoutSharedEnds(one, other);
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
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
