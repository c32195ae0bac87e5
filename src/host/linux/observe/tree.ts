import { readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { readText } from "../read-files.ts";

/** A host's file system to look into, its own or a copy below a directory. Nothing here fails: what isn't there is empty. */
export interface HostTree {
  readonly root: string;
  /** A file's text without the blanks around it; "" where it can't be read. */
  text(path: string): Promise<string>;
  /** The same with every blank as it stands. */
  whole(path: string): Promise<string>;
  /** A file's bytes, a character of the same number for each; "" where it can't be read. */
  bytes(path: string): Promise<string>;
  /** A file of words that end in NUL bytes, as /proc has command lines. */
  words(path: string): Promise<readonly string[]>;
  /** Names in a directory, sorted; none where it can't be read. */
  names(path: string): Promise<readonly string[]>;
  /** Where a symbolic link leads in the end, as a path of the host; "" nowhere. */
  target(path: string): Promise<string>;
  /** The last part of what a symbolic link says, whether it leads anywhere or not; "" no link. */
  linkName(path: string): Promise<string>;
  isThere(path: string): Promise<boolean>;
}

/** The tree below a directory, whose paths begin with "/" as on the host. */
export function hostTree(root: string): HostTree {
  const at = (path: string): string => join(root, path);
  const whole = async (path: string): Promise<string> => {
    const read = await readText(at(path));
    return typeof read === "string" ? "" : read.text;
  };
  return {
    root,
    whole,
    text: async (path) => (await whole(path)).trim(),
    bytes: (path) => readFile(at(path), "latin1").catch(() => ""),
    words: (path) =>
      readFile(at(path), "utf8").then(
        (text) => text.split("\0").filter((word) => word !== ""),
        () => [],
      ),
    names: (path) =>
      readdir(at(path)).then(
        (names) => names.toSorted(),
        () => [],
      ),
    async target(path) {
      const [base = "", target = ""] = await Promise.all([realpath(root), realpath(at(path))]).catch(() => []);
      return target === "" ? "" : `/${relative(base ?? "", target)}`;
    },
    linkName: (path) =>
      readlink(at(path)).then(
        (text) => text.split("/").at(-1) ?? "",
        () => "",
      ),
    isThere: (path) =>
      stat(at(path)).then(
        () => true,
        () => false,
      ),
  };
}
