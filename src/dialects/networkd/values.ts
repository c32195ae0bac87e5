import { addressFamily } from "../../model/address.ts";
import { formatOption, parseOption } from "../../model/option-value.ts";
import { type OptionName, type OptionValue, optionRow } from "../../model/options.ts";
import type { Form, Spelling } from "./spelling.ts";

const second = 1_000_000;

/** Units of a time span, in microseconds. Source: systemd.time(7). */
const units: ReadonlyMap<string, number> = new Map(
  (
    [
      [["seconds", "second", "sec", "s", ""], second],
      [["minutes", "minute", "min", "m"], 60 * second],
      [["hours", "hour", "hr", "h"], 3600 * second],
      [["days", "day", "d"], 86_400 * second],
      [["weeks", "week", "w"], 604_800 * second],
      [["months", "month", "M"], 2_629_800 * second],
      [["years", "year", "y"], 31_557_600 * second],
      [["msec", "ms"], 1000],
      [["usec", "us", "µs", "μs"], 1],
    ] as const
  ).flatMap(([words, size]) => words.map((word) => [word, size] as const)),
);

/** A time span such as "1s 500ms" in microseconds; a bare number counts seconds. undefined where systemd would not take it. */
export function parseSpan(text: string): number | undefined {
  // One number and its unit at a time, each where the last one ended: nothing to go back for.
  const part = /\s*(\d{1,15}(?:\.\d{0,15})?)\s*([a-zA-Zµμ]*)\s*/y;
  let sum = 0;
  do {
    const match = part.exec(text);
    const size = units.get(match?.[2] ?? "");
    if (match === null || size === undefined) return undefined;
    sum += Math.round(Number(match[1]) * size);
  } while (part.lastIndex < text.length);
  return sum;
}

/** systemd's boolean, or undefined. Source: parse_boolean(). */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (["1", "yes", "y", "true", "t", "on"].includes(word)) return true;
  return ["0", "no", "n", "false", "f", "off"].includes(word) ? false : undefined;
}

/** Bytes with an optional K, M or G (powers of 1024), or undefined. Source: config_parse_mtu(). */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,10})([KMG]?)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * 1024 ** " KMG".indexOf(match[2] || " ");
}

/** A number as systemd's safe_atou() takes it, without its octal and binary forms; undefined otherwise. */
export function parseNumber(text: string): number | undefined {
  return /^(0|[1-9]\d{0,9}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : undefined;
}

/** A MAC address in the model's form: networkd takes colons, dashes and Cisco's dots. */
export function parseHardwareAddress(text: string): string | undefined {
  const compact = /^([0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$/i.test(text)
    ? text
        .split(/[:-]/)
        .map((part) => part.padStart(2, "0"))
        .join("")
    : /^([0-9a-f]{1,4}\.){2}[0-9a-f]{1,4}$/i.test(text)
      ? text
          .split(".")
          .map((part) => part.padStart(4, "0"))
          .join("")
      : undefined;
  return compact?.toLowerCase().replace(/(..)(?=.)/g, "$1:");
}

type BondSpelling = Extract<Spelling, { place: "bond" }>;

/** The model's value of an option as networkd would read the text, or undefined where it would ignore the line. */
export function readOptionText(
  option: OptionName,
  { form, without = [] }: BondSpelling,
  text: string,
): OptionValue<OptionName> | undefined {
  const plain = plainText(form, text);
  if (plain === undefined || without.includes(plain)) return undefined;
  const row = optionRow(option);
  // networkd knows the kernel's words but not its numbers.
  if (row.kind === "choice" && !Object.hasOwn(row.choices, plain)) return undefined;
  const value = parseOption(option, plain);
  if (!value.ok) return undefined;
  return option === "ad_actor_system" && value.value === "00:00:00:00:00:00" ? undefined : value.value;
}

function plainText(form: Form, text: string): string | undefined {
  switch (form) {
    case "word":
      return text;
    // One that is none is passed over, and the others count.
    case "addresses":
      return [...new Set(text.split(/[ \t]+/))]
        .filter((one) => addressFamily(one) !== undefined)
        .slice(0, 16)
        .join(" ");
    case "number":
      return parseNumber(text)?.toString();
    case "boolean": {
      const value = parseBoolean(text);
      return value === undefined ? undefined : value ? "1" : "0";
    }
    case "span-ms":
    case "span-s": {
      const span = parseSpan(text);
      return span === undefined ? undefined : String(Math.floor(span / (form === "span-s" ? second : 1000)));
    }
    case "mac":
      return parseHardwareAddress(text);
  }
}

/** The text networkd reads as this value, or undefined where it knows no such value. Always with a unit: a bare number is seconds. */
export function optionText<K extends OptionName>(
  option: K,
  { form, without = [] }: BondSpelling,
  value: OptionValue<K>,
): string | undefined {
  const text = formatOption(option, value);
  if (without.includes(text)) return undefined;
  switch (form) {
    case "span-ms":
      return `${text}ms`;
    case "span-s":
      return `${text}s`;
    case "boolean":
      return text === "1" ? "yes" : "no";
    case "addresses":
      return text.replaceAll(",", " ");
    default:
      return text;
  }
}
