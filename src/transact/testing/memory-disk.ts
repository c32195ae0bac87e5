import { basename, dirname, join } from "node:path";
import type { Disk, Dress, Entry, NewFile } from "../ports.ts";
import type { Chance } from "./chance.ts";

/** A file, directory or link of the memory disk. `durable` is what a power cut can't take. */
export interface Inode {
  readonly kind: Entry["kind"];
  bytes: Uint8Array;
  dress: Dress;
  readonly target?: string;
  /** Names in a directory. */
  readonly names: Map<string, Inode>;
  readonly durable: { bytes: Uint8Array; dress: Dress; readonly names: Map<string, Inode> };
  /** Its bytes and dress may have reached the disk, or not. */
  dirty: boolean;
}

/** A change of names that isn't on the disk yet. Moving between two directories is one: journals keep that. */
interface NameChange {
  readonly parts: readonly { readonly directory: Inode; readonly name: string; readonly inode: Inode | null }[];
}

/** What every function of the disk asks first; it throws what is to happen instead. `partly` does a part of it before. */
export type BeforeOp = (op: keyof Disk | keyof NewFile, path: string, partly: () => void) => void;

/** How much of what isn't synced survives a power cut. */
export type Surviving = "none" | "all" | "prefix" | "some";

/** A disk with a volatile and a durable layer. What isn't synced is lost, kept, torn or reordered by a power cut. Calls are
 *  POSIX's: syncing a file says nothing about its name, syncing a directory nothing about the files in it. */
export interface MemoryDisk {
  /** The disk as one process sees it. */
  view(before: BeforeOp): Disk;
  powerCut(surviving: Surviving): void;
  /** What an orderly shutdown does. */
  syncAll(): void;
  find(path: string): Inode | undefined;
  /** Every path there is, directories included. */
  paths(): readonly string[];
}

const rootOnly: Dress = { mode: 0o600, uid: 0, gid: 0 };

function makeInode(kind: Entry["kind"], dress: Dress, target?: string): Inode {
  const durable = { bytes: new Uint8Array(0), dress, names: new Map<string, Inode>() };
  const node = { kind, bytes: new Uint8Array(0), dress, names: new Map(), durable, dirty: false };
  return target === undefined ? node : { ...node, target };
}

function refused(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

export function memoryDisk(chance: Chance): MemoryDisk {
  const state: State = { chance, root: makeInode("directory", { ...rootOnly, mode: 0o755 }), pending: [] };
  return {
    view: (before) => viewOf(state, before),
    powerCut: (surviving) => powerCut(state, surviving),
    syncAll: () => powerCut(state, "all"),
    find: (path) => find(state.root, path),
    paths: () => pathsBelow(state.root, "/"),
  };
}

interface State {
  readonly chance: Chance;
  readonly root: Inode;
  pending: NameChange[];
}

function find(root: Inode, path: string): Inode | undefined {
  let at: Inode | undefined = root;
  for (const name of path.split("/")) if (name !== "") at = at?.names.get(name);
  return at;
}

function pathsBelow({ names }: Inode, path: string): readonly string[] {
  return [...names].flatMap(([name, inode]) => [join(path, name), ...pathsBelow(inode, join(path, name))]);
}

function viewOf(state: State, before: BeforeOp): Disk {
  const nothing = () => {};
  const node = (path: string): Inode => {
    const found = find(state.root, path);
    if (found === undefined) throw refused("ENOENT", path);
    return found;
  };
  const put = (path: string, inode: Inode) => {
    const parent = node(dirname(path));
    if (parent.kind !== "directory") throw refused("ENOTDIR", path);
    if (parent.names.has(basename(path))) throw refused("EEXIST", path);
    changeNames(state, [{ directory: parent, name: basename(path), inode }]);
  };
  return {
    create(path) {
      before("create", path, nothing);
      const inode = makeInode("file", rootOnly);
      put(path, inode);
      return openFile(state, inode, path, before);
    },
    look(path) {
      before("look", path, nothing);
      const found = find(state.root, path);
      if (found === undefined) return null;
      const { mode, uid, gid } = found.dress;
      const entry = { kind: found.kind, mode, uid, gid, links: 1, bytes: found.bytes.length };
      return found.target === undefined ? entry : { ...entry, target: found.target };
    },
    read(path) {
      before("read", path, nothing);
      const found = node(path);
      if (found.kind !== "file") throw refused(found.kind === "link" ? "ELOOP" : "EISDIR", path);
      return found.bytes;
    },
    attributes: (path) => node(path).dress.attributes ?? new Map(),
    list(path) {
      before("list", path, nothing);
      return [...node(path).names.keys()];
    },
    makeDirectory(path, mode) {
      before("makeDirectory", path, nothing);
      put(path, makeInode("directory", { ...rootOnly, mode }));
    },
    rename(from, to) {
      before("rename", from, nothing);
      const [moved, parent] = [node(from), node(dirname(to))];
      if (parent.names.get(basename(to))?.kind === "directory") throw refused("EISDIR", to);
      changeNames(state, [
        { directory: node(dirname(from)), name: basename(from), inode: null },
        { directory: parent, name: basename(to), inode: moved },
      ]);
    },
    unlink(path) {
      before("unlink", path, nothing);
      if (node(path).kind === "directory") throw refused("EISDIR", path);
      changeNames(state, [{ directory: node(dirname(path)), name: basename(path), inode: null }]);
    },
    removeDirectory(path) {
      before("removeDirectory", path, nothing);
      if (node(path).names.size > 0) throw refused("ENOTEMPTY", path);
      changeNames(state, [{ directory: node(dirname(path)), name: basename(path), inode: null }]);
    },
    symlink(target, path) {
      before("symlink", path, nothing);
      put(path, makeInode("link", { ...rootOnly, mode: 0o777 }, target));
    },
    dress(path, dress) {
      before("dress", path, nothing);
      const found = node(path);
      found.dress = dress;
      found.durable.dress = dress;
    },
    syncDirectory(path) {
      const found = node(path);
      before("syncDirectory", path, () => settleSome(state, found));
      settle(state, (change) => change.parts.some(({ directory }) => directory === found));
    },
    resolve(path) {
      node(path);
      return path;
    },
    obstacle: () => null,
  };
}

function openFile({ chance }: State, inode: Inode, path: string, before: BeforeOp): NewFile {
  const append = (bytes: Uint8Array) => {
    inode.bytes = Buffer.concat([inode.bytes, bytes]);
    inode.dirty = true;
  };
  return {
    write(bytes) {
      // A full disk takes the beginning.
      before("write", path, () => append(bytes.subarray(0, chance.below(bytes.length + 1))));
      append(bytes);
    },
    dress(dress) {
      before("dress", path, () => {});
      inode.dress = dress;
      inode.dirty = true;
    },
    sync() {
      // What was to be written is given up: the next sync knows nothing of it.
      before("sync", path, () => {
        tear(chance, inode);
        inode.dirty = false;
      });
      inode.durable.bytes = inode.bytes;
      inode.durable.dress = inode.dress;
      inode.dirty = false;
    },
    close: () => {},
  };
}

function changeNames(state: State, parts: NameChange["parts"]): void {
  for (const { directory, name, inode } of parts) setName(directory.names, name, inode);
  state.pending.push({ parts });
}

function setName(names: Map<string, Inode>, name: string, inode: Inode | null): void {
  if (inode === null) names.delete(name);
  else names.set(name, inode);
}

/** Puts those on the disk, and what came before them under the same names. */
function settle(state: State, isWanted: (change: NameChange) => boolean): void {
  const settled = new Set<NameChange>();
  const names = new Map<Inode, Set<string>>();
  for (const change of state.pending.toReversed()) {
    const isBefore = change.parts.some(({ directory, name }) => names.get(directory)?.has(name));
    if (!isBefore && !isWanted(change)) continue;
    settled.add(change);
    for (const { directory, name } of change.parts) {
      names.set(directory, (names.get(directory) ?? new Set()).add(name));
    }
  }
  apply(state.pending.filter((change) => settled.has(change)));
  state.pending = state.pending.filter((change) => !settled.has(change));
}

function apply(changes: readonly NameChange[]): void {
  for (const { parts } of changes) {
    for (const { directory, name, inode } of parts) setName(directory.durable.names, name, inode);
  }
}

/** A directory's sync that fails: some of its names are on the disk, the others still wait. File systems give up bytes of files
 *  whose writing failed, but not names: those are in their journal, or they stop altogether. */
function settleSome(state: State, directory: Inode): void {
  settle(state, ({ parts }) => parts.some((part) => part.directory === directory) && state.chance.happens(0.5));
}

/** The bytes of a file that were on their way: the old ones, the new ones, or a beginning with zeros behind it. */
function tear(chance: Chance, { bytes, dress, durable }: Inode): void {
  if (chance.happens(0.5)) durable.dress = dress;
  const fate = chance.below(4);
  if (fate === 0) durable.bytes = bytes;
  if (fate === 1) durable.bytes = bytes.slice(0, chance.below(bytes.length + 1));
  if (fate === 2) durable.bytes = Buffer.concat([bytes.slice(0, chance.below(bytes.length + 1))], bytes.length);
}

function powerCut(state: State, surviving: Surviving): void {
  const { chance, pending } = state;
  const length = surviving === "prefix" ? chance.below(pending.length + 1) : pending.length;
  const kept = new Set(
    pending.slice(0, length).filter(() => (surviving === "none" ? false : surviving !== "some" || chance.happens(0.5))),
  );
  // Also in an order of its own, with what came before left out.
  apply(pending.filter((change) => kept.has(change)));
  state.pending = [];
  wake(state.root, (inode) => {
    if (!inode.dirty) return;
    if (surviving === "all") Object.assign(inode.durable, { bytes: inode.bytes, dress: inode.dress });
    if (surviving === "prefix" || surviving === "some") tear(chance, inode);
  });
}

/** Everything as it is on the disk. */
function wake(inode: Inode, fate: (inode: Inode) => void): void {
  fate(inode);
  inode.bytes = inode.durable.bytes;
  inode.dress = inode.durable.dress;
  inode.dirty = false;
  inode.names.clear();
  for (const [name, below] of inode.durable.names) {
    inode.names.set(name, below);
    wake(below, fate);
  }
}
