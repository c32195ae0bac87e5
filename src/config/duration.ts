const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What the JSON Schema lets through; parseDuration takes the same. */
export const durationPattern = "^[0-9]{1,9}(\\.[0-9]{1,3})?\\s?(ms|s|m|min|h|d)$";

/** Milliseconds of "100ms", "1s", "1.5 s", "40m", "2h", "1d"; undefined where it is none, or no whole number of ms. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s?(ms|s|min|m|h|d)$/.exec(text);
  const unit = unitsMs[match?.[2] ?? ""];
  if (match === null || unit === undefined) return undefined;
  const ms = Math.round(Number(match[1]) * unit * 1000) / 1000;
  return Number.isInteger(ms) ? ms : undefined;
}

/** The shortest spelling in one unit, e.g. 2400000 is "40m". */
export function formatDuration(ms: number): string {
  const units = [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const;
  const unit = units.find(([, size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
