import { flow, text as scalar } from "../config/render-text.ts";
import { entryOf, plainOf } from "../syntax/yaml-place.ts";
import { type MapEntry, readTree } from "../syntax/yaml-tree.ts";

/** A terminal of 80 columns shows it whole. */
const columns = 80;

/** The same document with what is too long for a line of a terminal on several: devices and uplinks, a line for each word said. */
export function layOut(file: string, text: string): string {
  const { tree } = readTree(file, text);
  const devices = entryOf(entryOf(tree, "topology")?.value, "devices")?.value;
  const uplinks = entryOf(tree, "uplinks")?.value;
  const long = [devices, uplinks]
    .flatMap((map) => (map?.kind === "map" ? map.entries : []))
    .filter((entry) => entry.value.kind === "map" && lineOf(text, entry).length > columns);
  return long.toReversed().reduce((result, entry) => opened(result, entry), text);
}

function lineOf(text: string, { keyAt, value }: MapEntry): string {
  return text.slice(text.lastIndexOf("\n", keyAt.start) + 1, value.at.end);
}

function opened(text: string, { key, keyAt, value }: MapEntry): string {
  const indent = " ".repeat(keyAt.start - text.lastIndexOf("\n", keyAt.start) - 1);
  const said = Object.entries(plainOf(value) as Record<string, unknown>);
  const lines = said.map(([name, one]) => `\n${indent}  ${scalar(name)}: ${flow(one as never)}`);
  return `${text.slice(0, keyAt.start)}${scalar(key)}:${lines.join("")}${text.slice(value.at.end)}`;
}
