import type { Json } from "../model/config.ts";
import { formatDuration } from "./duration.ts";
import type { Shape } from "./shape.ts";

/** A decoded value as it is written in the file: the way back of `decode`, for shapes without maps by name. Keys stand in
 *  the description's order, durations get their units again, everything else stands as it was read. */
export function spell(shape: Shape, value: unknown): Json {
  if (shape.kind === "duration" && typeof value === "number") return formatDuration(value);
  if (shape.kind === "list" && Array.isArray(value)) return value.map((item) => spell(shape.item, item));
  if (shape.kind === "record" && typeof value === "object" && value !== null) {
    const fields = new Map(Object.entries(value));
    const said = Object.entries(shape.fields).filter(([key]) => fields.get(key) !== undefined);
    return Object.fromEntries(said.map(([key, inner]) => [key, spell(inner, fields.get(key))]));
  }
  return value as Json;
}
