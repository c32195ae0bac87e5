import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { escapedInUnit } from "../wpa-supplicant.ts";

/** Where netplan looks, least first: a file in a later one replaces that of the same name in the earlier. Source: netplan-generate(8). */
const directories = ["/lib/netplan/", "/usr/lib/netplan/", "/etc/netplan/", "/run/netplan/"];

const inDirectory = /(?:^|\/)((?:usr\/)?lib|etc|run)\/netplan\/([^/]+\.yaml)$/;

/** The files netplan reads, in its order: by name, whatever the directory. Files that stand nowhere in particular are all read. */
export function filesInOrder(files: FileSet): FileSet {
  const byName = new Map<string, { readonly rank: number; readonly path: string; readonly text: string }>();
  for (const [path, text] of files) {
    const found = inDirectory.exec(path);
    if (found === null) continue;
    const rank = directories.indexOf(`/${found[1]}/netplan/`);
    const name = found[2] ?? path;
    const before = byName.get(name);
    if (before === undefined || before.rank <= rank) byName.set(name, { rank, path, text });
  }
  if (byName.size === 0)
    return new Map([...files].filter(([path]) => /\.ya?ml$/.test(path) || files.size === 1).toSorted(byBaseName));
  return new Map([...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { path, text }]) => [path, text]));
}

function byBaseName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  const name = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  return name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0;
}

/** The unit that netplan has systemd join a radio's network by. Source: write_wpa_unit() of netplan's networkd.c, which has systemd-escape
 *  write the name. */
export function radioUnit(name: string): string {
  return `netplan-wpa-${escapedInUnit(name)}.service`;
}

/** What is added to that unit, so that it waits until the radio is in its bond. */
export function radioUnitPath(name: string): string {
  return `/etc/systemd/system/${radioUnit(name)}.d/10-after-bond.conf`;
}

/** Whether a path is one netplan reads. */
export function isNetplanPath(path: string): boolean {
  return inDirectory.test(path);
}
