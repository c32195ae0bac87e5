import { createHash, randomUUID } from "node:crypto";
import { chmodSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { findAsset } from "./assets.ts";
import { openCache } from "./cache.ts";
import type { LabError } from "./lab.ts";
import { packageLayer } from "./packages.ts";
import { runCommand } from "./run-command.ts";

const folderName = "assets/lab-kernel";

/** The shipped kernel as a file to run: unpacked into the cache once, its digest compared every time (some 10 ms). `folder`:
 *  where it is shipped, undefined where that is missing. */
export async function unpackKernel(folder = findAsset(folderName)): Promise<Result<string, LabError>> {
  const digests = folder === undefined ? undefined : shippedDigests(folder);
  if (folder === undefined || digests === undefined) return failed(broken(`${folderName}/SHA256SUMS`, "missing"));
  const cache = openCache();
  if (!cache.ok) return cache;
  const path = join(cache.value, `linux-tt-${digests.image.slice(0, 16)}`);
  if (sha256(path) === digests.image) return ok(path);
  const packed = sha256(join(folder, "linux-tt.xz"));
  if (packed === undefined) return failed(broken(`${folderName}/linux-tt.xz`, "missing"));
  if (packed !== digests.packed) return failed(broken(`${folderName}/linux-tt.xz`, "damaged"));
  // Several calls at once, of one process too, must not write into one file.
  const part = `${path}.${randomUUID()}`;
  try {
    const trouble = await unpack(join(folder, "linux-tt.xz"), part);
    if (trouble) return failed(trouble);
    if (sha256(part) !== digests.image) return failed(broken(`${folderName}/SHA256SUMS`, "damaged"));
    chmodSync(part, 0o755);
    renameSync(part, path);
    return ok(path);
  } catch (error) {
    return failed(noKernel(`cannot unpack the lab's kernel: ${messageOf(error)}`, freeSpace(cache.value)));
  } finally {
    rmSync(part, { force: true });
  }
}

/** Of the kernel and of its packed form; undefined where they can't be read. */
function shippedDigests(folder: string): { readonly image: string; readonly packed: string } | undefined {
  let sums = "";
  try {
    sums = readFileSync(join(folder, "SHA256SUMS"), "utf8");
  } catch {
    return undefined;
  }
  const image = /^([0-9a-f]{64}) {2}linux-tt$/m.exec(sums)?.[1];
  const packed = /^([0-9a-f]{64}) {2}linux-tt\.xz$/m.exec(sums)?.[1];
  return image === undefined || packed === undefined ? undefined : { image, packed };
}

async function unpack(packed: string, part: string): Promise<LabError | undefined> {
  const own = await unpackWith("xz", packed, part, {});
  if (own.status === 0) return undefined;
  const said = `cannot unpack the lab's kernel: ${own.stderr.trim()}`;
  if (own.status !== 127) return noKernel(said, freeSpace(dirname(part)));
  // A host without xz: a package like those the guest is given.
  const layer = await packageLayer(["xz-utils"]);
  if (!layer.ok) return layer.error;
  const libraries = join(layer.value || "/", "usr/lib/x86_64-linux-gnu");
  const theirs = await unpackWith(join(layer.value || "/", "usr/bin/xz"), packed, part, { LD_LIBRARY_PATH: libraries });
  return theirs.status === 0
    ? undefined
    : noKernel(`cannot unpack the lab's kernel: ${theirs.stderr}`, "Install xz-utils.");
}

function freeSpace(cache: string): string {
  return `Free some space in ${cache}, or set XDG_CACHE_HOME to a directory that has 20 MB.`;
}

/** A file of the installation that isn't as it was shipped. */
export function broken(name: string, how: "missing" | "damaged"): LabError {
  const hint = `Put ${name} back as it was shipped (in a checkout: git checkout -- ${name}), or run make lab-kernel.`;
  return noKernel(`the lab's own kernel is no use: ${name} is ${how}`, hint);
}

async function unpackWith(xz: string, packed: string, part: string, env: Readonly<Record<string, string>>) {
  const file = await open(part, "w", 0o700);
  try {
    return await runCommand([xz, "-dc", packed], { output: file.fd, env });
  } finally {
    await file.close();
  }
}

/** No kernel to boot, and what to do about it. */
export function noKernel(message: string, hint: string): LabError {
  return { code: "no-kernel", message, hint };
}

/** Undefined where the file can't be read. */
function sha256(path: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
