import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readImage } from "../../host/linux/read-image.ts";
import { placesOfLanguages } from "../../model/managers.ts";
import type { FileChange } from "../../plan/change.ts";

/** Directories a command may write to when it changes a network, beside those of the managers. */
const alsoConcerned = ["/etc/wpa_supplicant/", "/etc/iwd/", "/etc/modprobe.d/", "/etc/modules-load.d/"];
/** Single files of that kind. */
const files = ["/etc/resolv.conf", "/etc/dhcpcd.conf", "/etc/modules"];
/** A host has a dozen; more is somebody's backup, and no reason to hold up the host. */
const MOST_FILES = 2_000;
const LARGEST_BYTES = 4 << 20;

/** The files of every network manager as they are, and the directories in which new ones may appear. */
export interface CapturedFiles {
  readonly files: readonly FileChange[];
  readonly watched: readonly string[];
}

/** Reads them. Links are left alone: what they lead to is captured where it lies. */
export async function captureFiles(): Promise<CapturedFiles> {
  const places = [...Object.values(placesOfLanguages).flat(), ...alsoConcerned];
  // What lies elsewhere (/run, /usr) is made anew by its manager, or is its package's.
  const roots = [...new Set(places.filter((place) => place.startsWith("/etc/")))];
  const watched: string[] = [];
  const paths = [...files.filter(isPlain)];
  for (const root of roots) walk(root.replace(/\/$/, ""), watched, paths);
  const captured: FileChange[] = [];
  for (const path of [...new Set(paths)].slice(0, MOST_FILES)) {
    const image = await readImage(path);
    if (image === undefined) continue;
    captured.push({ path, before: image, after: image, isSecret: (image.mode & 0o044) === 0 });
  }
  return { files: captured, watched };
}

function walk(directory: string, watched: string[], paths: string[]): void {
  let entries: readonly { readonly name: string; isDirectory(): boolean; isFile(): boolean }[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    return;
  }
  watched.push(directory);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) walk(path, watched, paths);
    else if (entry.isFile() && isPlain(path)) paths.push(path);
  }
}

function isPlain(path: string): boolean {
  try {
    const about = statSync(path);
    return about.isFile() && about.size <= LARGEST_BYTES;
  } catch {
    return false;
  }
}
