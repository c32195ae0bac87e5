import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { libyamlManner, type MapEntry, readTree, type Tree } from "../../syntax/yaml-tree.ts";
import { type Amendment, type Cut, cutText, dropIdle } from "../amend.ts";
import { filesInOrder, radioUnitPath } from "./files.ts";
import { keysOf } from "./keys.ts";
import { renderedPath } from "./render.ts";

/** Takes the definitions of the names out of every file, as netplan adds file to file and no file can take back what another says, and
 *  puts the written ones into a file of their own. Who carries definitions out stays as it was said. */
export function amendDefinitions(amendment: Amendment): Result<FileSet, readonly Diagnostic[]> {
  const { files, names, written } = amendment;
  const result = new Map(files);
  const obstacles: Diagnostic[] = [];
  let isRendererSaid = false;
  for (const [path, text] of filesInOrder(files)) {
    const { tree } = readTree(path, text, libyamlManner("a netplan file"));
    const network = entryOf(tree, "network");
    const own = definitionsIn(network?.value, names);
    const isOurs =
      path === renderedPath && sectionsOf(network?.value).every((section) => isAllIn(section.value, names));
    if (!isOurs && entryOf(network?.value, "renderer") !== undefined) isRendererSaid = true;
    if (isOurs) result.delete(path);
    if (own.length === 0 || isOurs) continue;
    const cuts = cutsFor(network?.value, own, names, text);
    if (!path.startsWith("/etc/")) obstacles.push(notOurs(path, own));
    else if (cuts === undefined) obstacles.push(inFlow(path, own));
    else result.set(path, cutText(text, cuts));
  }
  if (obstacles.length > 0) return failed(obstacles);
  dropIdle(result, amendment, (name) => [radioUnitPath(name)]);
  const text = written.get(renderedPath) ?? "";
  // The words "renderer" of the file would decide for every other file's definitions as well.
  const home = result.has(renderedPath) ? renderedPath.replace(".yaml", `-${[...names][0]}.yaml`) : renderedPath;
  result.set(home, isRendererSaid ? text.replace(/^ {2}renderer: \w+\n/m, "") : text);
  for (const [path, more] of written) if (path !== renderedPath) result.set(path, more);
  return ok(result);
}

function entryOf(tree: Tree | undefined, key: string): MapEntry | undefined {
  return tree?.kind === "map" ? tree.entries.find((entry) => entry.key === key) : undefined;
}

function definitionsIn(network: Tree | undefined, names: ReadonlySet<string>): readonly MapEntry[] {
  return sectionsOf(network).flatMap(({ value }) =>
    value.kind === "map" ? value.entries.filter(({ key }) => names.has(key)) : [],
  );
}

function isAllIn(section: Tree, names: ReadonlySet<string>): boolean {
  return section.kind === "map" && section.entries.every(({ key }) => names.has(key));
}

function sectionsOf(network: Tree | undefined): readonly MapEntry[] {
  return network?.kind === "map" ? network.entries.filter(({ key }) => Object.hasOwn(keysOf, key)) : [];
}

/** A section of which nothing is left goes as a whole. undefined: something stands in a map in braces, together with others. */
function cutsFor(
  network: Tree | undefined,
  own: readonly MapEntry[],
  names: ReadonlySet<string>,
  text: string,
): readonly Cut[] | undefined {
  const cuts: Cut[] = [];
  for (const section of sectionsOf(network)) {
    if (section.value.kind !== "map") continue;
    const { entries } = section.value;
    const mine = entries.filter((entry) => own.includes(entry));
    if (mine.length === 0) continue;
    const rest = entries.filter(({ key }) => !names.has(key));
    for (const entry of rest.length === 0 ? [section] : mine) {
      const cut = linesOf(entry, text);
      if (cut === undefined) return undefined;
      cuts.push(cut);
    }
  }
  return cuts;
}

/** The lines of an entry of a block map: from its key to the last line that is indented deeper. Comments between are about it. */
function linesOf({ keyAt }: MapEntry, text: string): Cut | undefined {
  const start = text.lastIndexOf("\n", keyAt.start - 1) + 1;
  const indent = text.slice(start, keyAt.start);
  if (!/^ *$/.test(indent)) return undefined;
  let end = lineEnd(text, keyAt.start);
  for (let at = end; at < text.length; at = lineEnd(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.trim() === "") continue;
    const isDeeper = line.startsWith(`${indent} `);
    // Lists may stand as deep as their key.
    const isItem = line.startsWith(`${indent}-`) && indent !== "";
    if (!isDeeper && !isItem) break;
    end = lineEnd(text, at);
  }
  return { start, end };
}

function lineEnd(text: string, at: number): number {
  const feed = text.indexOf("\n", at);
  return feed === -1 ? text.length : feed + 1;
}

function notOurs(path: string, own: readonly MapEntry[]): Diagnostic {
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `${path} defines ${own.map(({ key }) => key).join(" and ")}, and what lies there is another program's to write`,
    hint: "Copy the file to /etc/netplan under the same name: it takes the other's place, and can be changed.",
    at: { file: path, start: 0, end: 0 },
  };
}

function inFlow(path: string, own: readonly MapEntry[]): Diagnostic {
  const [first] = own;
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `${path} defines ${own.map(({ key }) => key).join(" and ")} in one line with others`,
    hint: "Write each definition on lines of its own, without braces.",
    ...(first === undefined ? {} : { at: first.keyAt }),
  };
}
