/** Outages sort with the endless ones (null) last. */
export function byLength(one: number | null, other: number | null): number {
  return (one ?? Number.POSITIVE_INFINITY) - (other ?? Number.POSITIVE_INFINITY) || 0;
}

/** The longest; null (it never ended) beats all. 0 of nothing. */
export function worstOf(outages: readonly (number | null)[]): number | null {
  return outages.reduce<number | null>((worst, each) => (byLength(each, worst) > 0 ? each : worst), 0);
}

/** The value that `share` (0–1) of all values don't exceed (nearest rank); null when that one never ended, or there is none. */
export function percentile(outages: readonly (number | null)[], share: number): number | null {
  const sorted = outages.toSorted(byLength);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
