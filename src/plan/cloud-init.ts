import type { FileSet } from "../diagnostic/diagnostic.ts";

const folder = "/etc/cloud/cloud.cfg.d/";
const ours = `${folder}99-holdfast-network.cfg`;

/** Files of cloud-init's own settings. */
export function isCloudInit(path: string): boolean {
  return path.startsWith(folder);
}

/** What must be written beside a change of files that cloud-init wrote: it writes them again at the boot of a new instance, and then the
 *  change is gone. Its manual names this way to tell it off. */
export function toldOff(cloud: FileSet, before: FileSet, after: FileSet): FileSet {
  const isHit = [...before].some(([path, text]) => path.includes("cloud-init") && after.get(path) !== text);
  const isOff = [...cloud.values()].some((text) => /^network:\s*(\{\s*)?config:\s*["']?disabled\b/m.test(text));
  if (!isHit || isOff) return new Map();
  const text =
    "# Written by Holdfast: the network's files are changed by hand from now on.\nnetwork: {config: disabled}\n";
  return new Map([[ours, text]]);
}
