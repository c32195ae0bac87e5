import { stringify } from "yaml";
import type { Json } from "../model/config.ts";

/** Lines of a file, without line breaks. */
export type Lines = readonly string[];

/** A text as a YAML scalar that every YAML reader takes for that text, in quotes where one might not (no, 012, 1:30). */
export function text(value: string): string {
  return /^[A-Za-z][A-Za-z0-9_./-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value)
    ? value
    : /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$|^\d{1,9}(ms|s|m|h)$/.test(value)
      ? value
      : JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

/** JSON leaves these as they are; YAML does not print them. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A value on one line, in flow style. Undefined fields are left out. */
export function flow(value: Json | { readonly [key: string]: unknown }): string {
  if (typeof value === "string") return text(value);
  if (value === null || typeof value !== "object") return stringify(value).trimEnd();
  if (Array.isArray(value)) return `[${value.map((item) => flow(item as Json)).join(", ")}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${text(key)}: ${flow(field as Json)}`).join(", ")}}`;
}
