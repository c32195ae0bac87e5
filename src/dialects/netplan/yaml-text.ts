import type { Json } from "../../model/config.ts";

/** Lines of a file without line breaks. */
export type Lines = readonly string[];

/* What YAML 1.1 takes for something other than text: netplan doesn't mind, other readers of the file do. */
const odd = /^(y|n|yes|no|on|off|true|false|null|~)$/i;
const plain = /^[A-Za-z][A-Za-z0-9_./@+-]*$/;
const plainNumber = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$|^(0|[1-9]\d{0,9})$/;

/** A text as a scalar that every YAML reader takes for that text. */
export function text(value: string): string {
  return (plain.test(value) && !odd.test(value)) || /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value)
    ? value
    : quoted(value);
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

/** JSON leaves these as they are; YAML does not print them. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A word that was read without its quotes, written again: numbers and booleans stay bare. */
export function word(value: string): string {
  return plain.test(value) || plainNumber.test(value) ? value : quoted(value);
}

/** A list of texts on one line. */
export function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

/** A key with a value, and the key alone where the value is a map below it. */
export function entry(key: string, value: string): Lines {
  return [`${text(key)}: ${value}`];
}

/** A map below a key; nothing where it would be empty. */
export function below(key: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : [`${text(key)}:`, ...lines.map((line) => `  ${line}`)];
}

/** Like `below`, with {} for an empty one. */
export function belowAlways(key: string, lines: Lines): Lines {
  return lines.length === 0 ? [`${text(key)}: {}`] : below(key, lines);
}

/** Plain data on one line. */
export function flow(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "string") return word(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => flow(item as Json)).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${word(key)}: ${flow(item)}`)
    .join(", ")}}`;
}
