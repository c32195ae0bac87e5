import { entryOf, plainOf } from "../syntax/yaml-place.ts";
import type { Tree } from "../syntax/yaml-tree.ts";

/** Whether a document still says everything that it said before, but for places that were asked for, such as "bond.primary". It may say more:
 *  keys beside others, items behind others, and a name may have become a map of that name. */
export function keeps(before: Tree | undefined, after: Tree | undefined, asked: readonly string[], path = ""): boolean {
  if (before === undefined) return true;
  if (before.kind === "map" && after?.kind === "map") {
    return before.entries.every(({ key, value }) => {
      const here = path === "" ? key : `${path}.${key}`;
      return asked.includes(here) || keeps(value, entryOf(after, key)?.value, asked, here);
    });
  }
  if (before.kind === "list" && after?.kind === "list")
    return before.items.every((item, at) => keeps(item, after.items[at], asked, path));
  if (before.kind === "scalar" && after?.kind === "map") return isSame(before, entryOf(after, "name")?.value);
  return isSame(before, after);
}

/** Whether two values of documents mean the same, however they are laid out. */
export function isSame(one: Tree, other: Tree | undefined): boolean {
  return other !== undefined && JSON.stringify(plainOf(one)) === JSON.stringify(plainOf(other));
}
