import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { packArchive } from "../../src/lab/cpio.ts";

/** What a small root file system holds: path inside → contents. */
export type Tree = Map<string, { readonly mode: number; readonly bytes: Uint8Array }>;

const DIRECTORY = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;
const LINK = 0o120777;

/** Puts a text there. */
export function addText(tree: Tree, path: string, text: string): void {
  add(tree, path, FILE, Buffer.from(text));
}

/** Puts a file of this machine there. */
export function addFile(tree: Tree, path: string, from: string): void {
  add(tree, path, (lstatSync(realpathSync(from)).mode & 0o111) === 0 ? FILE : PROGRAM, readFileSync(from));
}

/** Puts a whole directory of this machine there, or of its files those whose names match; links stay links. */
export function addDirectory(tree: Tree, path: string, from: string, names = /./): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [inside, outside] = [join(path, entry.name), join(from, entry.name)];
    if (entry.isDirectory()) addDirectory(tree, inside, outside, names);
    else if (!names.test(entry.name)) continue;
    else if (entry.isSymbolicLink()) addLink(tree, inside, readlinkSync(outside));
    else if (entry.isFile()) addFile(tree, inside, outside);
  }
}

export function addLink(tree: Tree, path: string, to: string): void {
  add(tree, path, LINK, Buffer.from(to));
}

/** Puts a program of this machine there, with the libraries it loads, all at the paths they have here. */
export function addProgram(tree: Tree, program: string): void {
  addFile(tree, program, program);
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  for (const [, library] of stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)) {
    if (library !== undefined && !tree.has(library)) addFile(tree, library, library);
  }
}

function add(tree: Tree, path: string, mode: number, bytes: Uint8Array): void {
  for (let folder = dirname(path); folder !== "/"; folder = dirname(folder)) {
    if (!tree.has(folder)) tree.set(folder, { mode: DIRECTORY, bytes: new Uint8Array() });
  }
  tree.set(path, { mode, bytes });
}

/** The tree as the kernel unpacks it at boot. */
export function packTree(tree: Tree): Uint8Array {
  // By name, so that a directory comes before what lies in it.
  const entries = [...tree].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return packArchive(entries.map(([path, { mode, bytes }]) => ({ path: path.slice(1), mode, bytes })));
}
