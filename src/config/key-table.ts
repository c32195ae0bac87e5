import { bondOptions, type OptionName, optionNames, optionRow } from "../model/options.ts";
import { formatDuration } from "./duration.ts";
import { holdfastShape } from "./holdfast-shape.ts";
import type { RecordShape, Shape } from "./shape.ts";

/** The reference's tables as Markdown: every key with its meaning, value and default. */
export function keyTables(): string {
  return [...tablesOf("", holdfastShape), optionTable()].join("\n");
}

function tablesOf(path: string, shape: RecordShape): readonly string[] {
  const rows = Object.entries(shape.fields).filter(([, field]) => field.kind !== "option");
  const heading = path === "" ? "### At the top" : `### ${path}`;
  const table = [
    heading,
    "",
    `${shape.about}${shape.required.length > 0 ? ` Needed: ${shape.required.map((key) => `\`${key}\``).join(", ")}.` : ""}`,
    "",
    "| key | what it says | value | default | example |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(
      ([key, field]) =>
        `| \`${key}\` | ${cell(field.about)} | ${cell(valueText(field))} | ${cell(field.fallback ?? "–")} | \`${cell(field.example)}\` |`,
    ),
    "",
  ].join("\n");
  return [table, ...rows.flatMap(([key, field]) => inner(path === "" ? key : `${path}.${key}`, field))];
}

/** Tables of the records inside a value. Those whose keys are bonding options only have the option table. */
function inner(path: string, shape: Shape): readonly string[] {
  switch (shape.kind) {
    case "record":
      return Object.values(shape.fields).every((field) => field.kind === "option") ? [] : tablesOf(path, shape);
    case "list":
      return inner(shape.alone === "always-a-list" ? `${path}[]` : path, shape.item);
    case "named":
      return inner(`${path}.NAME`, shape.value);
    case "either":
      return shape.of.flatMap((one) => inner(path, one));
    default:
      return [];
  }
}

/** What may stand there, in Markdown. */
export function valueText(shape: Shape): string {
  switch (shape.kind) {
    case "text":
    case "secret":
      return shape.kind === "text" ? shape.expected : "`{file: PATH}`";
    case "whole":
      return `${shape.min} to ${shape.max}${shape.unit === undefined ? "" : ` ${shape.unit}`}`;
    case "flag":
      return "true, false";
    case "choice":
      return shape.words.join(", ");
    case "duration":
      return `a time, ${formatDuration(shape.minMs)} to ${formatDuration(shape.maxMs)}`;
    case "list":
      return shape.alone === "one-may-stand-alone"
        ? `${valueText(shape.item)}, or a list`
        : `list of ${valueText(shape.item)}`;
    case "record":
      return "keys, see below";
    case "named":
      return `map by ${shape.names} name`;
    case "either":
      return [...new Set(shape.of.map(valueText))].join("; or ");
    case "json":
    case "option":
      return "as it stands";
  }
}

function optionTable(): string {
  return [
    "### Bonding options",
    "",
    "In `bond`, or in `bond.options`, by the kernel's names; the last three in a port's `options`. `num_grat_arp` and",
    "`num_unsol_na` are other names of `num_peer_notif`. The defaults are the kernel's; Holdfast's own stand above.",
    "",
    "| option | what it does | value | kernel's default | modes | since |",
    "| --- | --- | --- | --- | --- | --- |",
    ...optionNames.filter((name) => name !== "active_slave").map(optionLine),
    "",
  ].join("\n");
}

function optionLine(name: OptionName): string {
  const row = optionRow(name);
  const modes = row.modes.length === Object.keys(bondOptions.mode.choices).length ? "all" : row.modes.join(", ");
  const since = row.since === "2.6" ? "always" : row.since;
  return `| \`${name}\` | ${cell(row.about)} | ${cell(optionValue(name))} | ${cell(optionDefault(name))} | ${modes} | ${since} |`;
}

function optionValue(name: OptionName): string {
  const row = optionRow(name);
  switch (row.kind) {
    case "int":
      return `${row.min} to ${row.max}${row.unit === "none" ? "" : ` ${row.unit}`}`;
    case "choice":
      return Object.keys(row.choices).join(", ");
    case "flag":
      return "off, on";
    case "list":
      return `up to ${row.maxItems} ${row.items === "ipv4" ? "IPv4" : "IPv6"} addresses`;
    case "mac":
      return "MAC address";
    case "port":
      return "a port";
  }
}

function optionDefault(name: OptionName): string {
  const row = optionRow(name);
  if (row.kind === "flag") return row.default === 1 ? "on" : "off";
  if (row.kind === "list" || row.kind === "port") return "none";
  const elsewhere = row.kind === "int" && row.defaultIn !== undefined ? Object.entries(row.defaultIn) : [];
  const rest = elsewhere.map(([mode, value]) => `${value} in ${mode}`).join(", ");
  return rest === "" ? String(row.default) : `${row.default} (${rest})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
