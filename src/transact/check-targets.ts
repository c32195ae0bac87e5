import { basename, dirname, join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import type { FileChange } from "../plan/change.ts";
import { besideName } from "../plan/protocol.ts";
import { imageAt, recordOf } from "./images.ts";
import type { Disk, Ports } from "./ports.ts";
import type { Refusal } from "./refusal.ts";

/** Files of a change by their real paths, and the directories that have to be made for them, outermost first. */
export interface Targets {
  readonly files: readonly FileChange[];
  readonly directories: readonly string[];
}

/** Refuses what can't be changed and put back with certainty, before anything is written. Throws what the disk refuses. */
export function checkTargets(ports: Ports, files: readonly FileChange[], id: string): Result<Targets, Refusal> {
  const found: FileChange[] = [];
  const missing = new Set<string>();
  for (const file of files) {
    const target = realTarget(ports, file.path, missing);
    if (!target.ok) return target;
    const refusal = refusalOf(ports.disk, target.value, file, id, missing);
    if (refusal !== undefined) return failed(refusal);
    if (found.some(({ path }) => path === target.value)) {
      return refuse(
        "link",
        `${file.path} and another file of the change are one file, ${target.value}`,
        "Name it once.",
      );
    }
    found.push({ ...file, path: target.value });
  }
  return ok({ files: found, directories: [...missing].toSorted((a, b) => a.length - b.length) });
}

function refuse(code: Refusal["code"], message: string, hint: string): Result<never, Refusal> {
  return failed({ code, message, hint });
}

/** Follows links, but only inside of what may be changed. Notes the directories that aren't there. */
function realTarget({ disk, places }: Ports, path: string, missing: Set<string>): Result<string, Refusal> {
  const lacking: string[] = [];
  let above = dirname(path);
  while (disk.look(above) === null && dirname(above) !== above) {
    lacking.unshift(basename(above));
    above = dirname(above);
  }
  let parent = disk.resolve(above);
  for (const name of lacking) {
    parent = join(parent, name);
    missing.add(parent);
  }
  const plain = join(parent, basename(path));
  const isLink = disk.look(plain)?.kind === "link";
  const real = isLink ? disk.resolve(plain) : plain;
  if (places.within.some((root) => real.startsWith(root.endsWith("/") ? root : `${root}/`))) return ok(real);
  const what = real === path ? `${path} is` : `${path} leads to ${real}, which is`;
  return refuse("outside", `${what} outside of ${places.within.join(", ")}`, "Put a plain file in the link's place.");
}

function refusalOf(
  disk: Disk,
  path: string,
  { before }: FileChange,
  id: string,
  missing: ReadonlySet<string>,
): Refusal | undefined {
  const entry = disk.look(path);
  if (entry !== null && entry.kind !== "file") {
    return { code: "not-a-file", message: `${path} is no plain file`, hint: "Move away what is there." };
  }
  if (entry !== null && entry.links > 1) {
    const hint = "Make a copy of its own: cp it beside, and mv the copy over it.";
    return {
      code: "hard-linked",
      message: `${path} has ${entry.links} names; the others would keep the old text`,
      hint,
    };
  }
  if (Buffer.byteLength(besideName(basename(path), id, "new")) > 255) {
    return { code: "name-too-long", message: `${path}: its name is too long`, hint: "Give it a shorter name." };
  }
  const obstacle = missing.has(dirname(path)) ? null : disk.obstacle(path);
  if (obstacle !== null) {
    return { code: "read-only", message: `${path} can't be changed: ${obstacle}`, hint: "Make it writable first." };
  }
  if (isAs(disk, path, before)) return undefined;
  const hint = "Make the plan again: it was made from another text.";
  return { code: "changed-meanwhile", message: `${path} has been changed since the plan was made`, hint };
}

/** Whether the file still is as the plan found it; the plan knows bytes, and what else it knows must agree. */
function isAs(disk: Disk, path: string, before: FileChange["before"]): boolean {
  const now = imageAt(disk, path);
  if (now === null || before === null) return now === before;
  const [a, b] = [recordOf(now), recordOf(before)];
  return a.sha256 === b.sha256 && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
