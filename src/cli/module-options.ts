import type { FileSet } from "../diagnostic/diagnostic.ts";

/** How many bonds the files of modprobe.d make the bonding module create; undefined when they don't say.
 *  Where it is said twice the last file wins, as with modprobe, which reads them by name. */
export function maxBondsOf(files: FileSet): number | undefined {
  const said = [...files]
    .filter(([path]) => /^\/(etc|usr\/lib|lib|run)\/modprobe\.d\/[^/]+\.conf$/.test(path))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, text]) => [...text.matchAll(/^[ \t]*options[ \t]+bonding\b.*?\bmax_bonds=(\d{1,3})\b/gm)]);
  const last = said.at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}
