import { flow, text as scalar } from "../config/render-text.ts";
import { entryOf, plainOf } from "../syntax/yaml-place.ts";
import { type MapEntry, readTree } from "../syntax/yaml-tree.ts";

/** A terminal of 80 columns shows it whole. */
const columns = 80;

const head = [
  "# What this host shall be: the ports that stand in for each other, and what",
  "# they hang on. Edit it as you like; holdfast init keeps what it finds here.",
].join("\n");

/** The same document for a terminal of 80 columns: what is too long for a line of it on several, and a first line that says whose it is. */
export function layOut(file: string, text: string): string {
  // The machine itself needs no kind.
  return opened(file, text.replace(/^#[^\n]*/, head).replace(/^( {4}host: \{)kind: server, /m, "$1"));
}

/** Devices and uplinks that are too long for a line get a line for each word said. */
function opened(file: string, text: string): string {
  const { tree } = readTree(file, text);
  const devices = entryOf(entryOf(tree, "topology")?.value, "devices")?.value;
  const uplinks = entryOf(tree, "uplinks")?.value;
  const long = [devices, uplinks]
    .flatMap((map) => (map?.kind === "map" ? map.entries : []))
    .filter((entry) => entry.value.kind === "map" && lineOf(text, entry).length > columns);
  return long
    .toSorted((one, other) => other.keyAt.start - one.keyAt.start)
    .reduce((result, entry) => open(result, entry), text);
}

function lineOf(text: string, { keyAt, value }: MapEntry): string {
  return text.slice(text.lastIndexOf("\n", keyAt.start) + 1, value.at.end);
}

function open(text: string, { key, keyAt, value }: MapEntry): string {
  const indent = " ".repeat(keyAt.start - text.lastIndexOf("\n", keyAt.start) - 1);
  const said = Object.entries(plainOf(value) as Record<string, unknown>);
  const lines = said.map(([name, one]) => `\n${indent}  ${scalar(name)}: ${flow(one as never)}`);
  return `${text.slice(0, keyAt.start)}${scalar(key)}:${lines.join("")}${text.slice(value.at.end)}`;
}
