import type { Diagnostic, Span } from "../diagnostic/diagnostic.ts";
import type { Place } from "./decode-problems.ts";

/** Gathers origins, places and problems while the model is built. */
export interface Building {
  readonly places: ReadonlyMap<string, Place>;
  readonly origins: Map<string, Span>;
  readonly problems: Diagnostic[];
}

/** Notes where a thing of the model was said: the value itself, or the key of a map, whose extent would be whole pages. */
export function remember(building: Building, key: string, path: string, part: "value" | "key" = "value"): void {
  const place = building.places.get(path);
  if (place !== undefined) building.origins.set(key, part === "key" ? (place.key ?? place.value) : place.value);
}

/** An object of those entries whose value is there. */
export function present<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
