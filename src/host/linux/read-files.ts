import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { type ReadProblem, readProblem, sayUnread } from "./read-problem.ts";

/** How much is read at most. A configuration is kilobytes: whatever is larger is not one. */
export const readLimits = { fileBytes: 1 << 20, totalBytes: 32 << 20, files: 4000, depth: 12 } as const;

/** What was read: texts and permission bits by path, and a diagnostic for everything that could not be. */
export interface FilesRead {
  readonly files: FileSet;
  /** Permission bits (0o644) by the same paths. */
  readonly modes: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface TextRead {
  readonly text: string;
  readonly mode: number;
  /** False: bytes that are no UTF-8 were replaced by U+FFFD. */
  readonly isUtf8: boolean;
}

/** Reads one regular file of at most 1 MiB. Never blocks on a FIFO or a device; binary data is a problem, not a text. */
export async function readText(path: string): Promise<TextRead | ReadProblem> {
  return readNow(path);
}

/* A configuration is a page or two: going to another thread for each of the five calls costs several times what they take. */
function readNow(path: string): TextRead | ReadProblem {
  let file: number | undefined;
  try {
    // O_NONBLOCK: opening a FIFO would otherwise wait for a writer for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const about = fstatSync(file);
    if (about.isDirectory()) return "directory";
    if (!about.isFile()) return "not-regular";
    const bytes = readAtMost(file, about.size, readLimits.fileBytes + 1);
    if (bytes.length > readLimits.fileBytes) return "too-large";
    if (isBinary(bytes)) return "binary";
    return { ...decode(bytes), mode: about.mode & 0o7777 };
  } catch (problem) {
    return readProblem(problem);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The size a file says it has is not believed: files under /proc say 0. */
function readAtMost(file: number, size: number, limit: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < limit) {
    const buffer = Buffer.allocUnsafe(Math.min(Math.max(size - length, leastRead), limit - length));
    const bytesRead = readSync(file, buffer);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  const [first = Buffer.alloc(0), ...rest] = parts;
  return rest.length === 0 ? first : Buffer.concat(parts);
}

/* Of a file that says it has nothing, or has all been read. */
const leastRead = 4096;

/** A stray NUL is for the language to report, with its place; more than one in a hundred bytes is no text at all. */
function isBinary(bytes: Buffer): boolean {
  let count = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) count += 1;
  return count * 100 > bytes.length;
}

function decode(bytes: Buffer): { readonly text: string; readonly isUtf8: boolean } {
  // The byte order mark stays: whether it may stand there is for the language to say.
  return { text: bytes.toString("utf8"), isUtf8: isUtf8(bytes) };
}

/** Reads every regular file below a directory that `wanted` (given its path below it, "etc/network/interfaces")
 *  says yes to; asks it about directories too, with a slash at the end. Paths in the result begin with "/", as on the
 *  host whose root the directory is. Symbolic links are followed while they stay inside. */
export async function readTree(root: string, wanted: (below: string) => boolean): Promise<FilesRead> {
  const tree: Tree = {
    root: realpathSync.native(root),
    files: new Map(),
    modes: new Map(),
    diagnostics: [],
    bytes: 0,
    folders: 0,
  };
  await readBelow(tree, "", 0, wanted);
  return tree;
}

interface Tree {
  readonly root: string;
  readonly files: Map<string, string>;
  readonly modes: Map<string, number>;
  readonly diagnostics: Diagnostic[];
  bytes: number;
  folders: number;
}

/* Whoever reads a whole disk by mistake can still stop it. */
const foldersInOneGo = 100;

async function readBelow(tree: Tree, below: string, depth: number, wanted: (below: string) => boolean): Promise<void> {
  if (++tree.folders % foldersInOneGo === 0) await setImmediate();
  const entries = entriesOf(tree, below);
  // The order of a directory is the file system's own: sorted, two machines read the same.
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    const kind = kindOf(tree, path, entry.isSymbolicLink(), entry.isDirectory());
    if (kind === "outside" || kind === "dangling") {
      if (wanted(path)) tree.diagnostics.push(sayUnread(`/${path}`, kind));
    } else if (kind === "directory") {
      if (depth < readLimits.depth && wanted(`${path}/`)) await readBelow(tree, path, depth + 1, wanted);
    } else if (wanted(path)) {
      if (!addFile(tree, path)) return;
    }
  }
}

function entriesOf(tree: Tree, below: string): readonly Dirent[] {
  try {
    return readdirSync(join(tree.root, below), { withFileTypes: true });
  } catch (problem) {
    tree.diagnostics.push(sayUnread(`/${below}`, readProblem(problem)));
    return [];
  }
}

function kindOf(tree: Tree, path: string, isLink: boolean, isDirectory: boolean) {
  if (!isLink) return isDirectory ? "directory" : "file";
  const target = targetOf(join(tree.root, path));
  if (target === undefined) return "dangling";
  const from = relative(tree.root, target);
  if (from === ".." || from.startsWith(`..${sep}`)) return "outside";
  return isDirectoryNow(target) ? "directory" : "file";
}

function targetOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function isDirectoryNow(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** False: a limit of the whole was reached and said. */
function addFile(tree: Tree, below: string): boolean {
  const path = `/${below}`;
  if (tree.files.size >= readLimits.files || tree.bytes >= readLimits.totalBytes) {
    tree.diagnostics.push(sayUnread(path, "too-many"));
    return false;
  }
  const read = readNow(join(tree.root, below));
  if (typeof read === "string") {
    tree.diagnostics.push(sayUnread(path, read));
    return true;
  }
  tree.files.set(path, read.text);
  tree.modes.set(path, read.mode);
  tree.bytes += read.text.length;
  if (!read.isUtf8) tree.diagnostics.push(sayUnread(path, "not-utf8"));
  return true;
}
