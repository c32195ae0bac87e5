import type { Span } from "./diagnostic.ts";

/** Where each thing of a Config was said. Keys: "bond/NAME", "bond/NAME/port/PORT", "bond/NAME/option/OPTION",
 *  "interface/NAME", "interface/NAME/FIELD", "uplink/NAME", "uplink/NAME/FIELD", "device/NAME", "device/NAME/FIELD", "cable/INDEX",
 *  "objectives", "targets". Where a thing was said twice, the place that took effect. */
export type Origins = ReadonlyMap<string, Span>;

/** The most exact known place: the key itself, else its nearest parent. */
export function whereIs(origins: Origins, key: string): Span | undefined {
  for (let at = key; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const span = origins.get(at);
    if (span !== undefined) return span;
  }
  return undefined;
}
