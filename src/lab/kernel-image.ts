import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { assetPath } from "./assets.ts";
import { cacheDirectory } from "./cache.ts";
import type { LabError } from "./lab.ts";
import { packageLayer } from "./packages.ts";
import { runCommand } from "./run-command.ts";

/** The shipped kernel as a file to run: unpacked into the cache once, its digest compared every time (some 10 ms). */
export async function unpackKernel(): Promise<Result<string, LabError>> {
  const digest = shippedDigest();
  const path = join(cacheDirectory(), `linux-tt-${digest.slice(0, 16)}`);
  if (existsSync(path) && sha256(path) === digest) return ok(path);
  const part = `${path}.${process.pid}`;
  try {
    const trouble = await unpack(part);
    if (trouble) return failed(trouble);
    if (sha256(part) !== digest)
      return failed(noKernel("assets/lab-kernel/linux-tt.xz is damaged", "Install Holdfast again."));
    chmodSync(part, 0o755);
    renameSync(part, path);
    return ok(path);
  } finally {
    rmSync(part, { force: true });
  }
}

function shippedDigest(): string {
  const sums = readFileSync(assetPath("assets/lab-kernel/SHA256SUMS"), "utf8");
  const digest = /^([0-9a-f]{64}) {2}linux-tt$/m.exec(sums)?.[1];
  if (digest === undefined) throw new Error("assets/lab-kernel/SHA256SUMS names no linux-tt");
  return digest;
}

async function unpack(part: string): Promise<LabError | undefined> {
  const packed = assetPath("assets/lab-kernel/linux-tt.xz");
  const own = await unpackWith("xz", packed, part, {});
  if (own.status === 0) return undefined;
  if (own.status !== 127) return noKernel(`cannot unpack the lab's kernel: ${own.stderr.trim()}`, "Free some space.");
  // A host without xz: a package like those the guest is given.
  const layer = await packageLayer(["xz-utils"]);
  if (!layer.ok) return layer.error;
  const libraries = join(layer.value || "/", "usr/lib/x86_64-linux-gnu");
  const theirs = await unpackWith(join(layer.value || "/", "usr/bin/xz"), packed, part, { LD_LIBRARY_PATH: libraries });
  return theirs.status === 0
    ? undefined
    : noKernel(`cannot unpack the lab's kernel: ${theirs.stderr}`, "Install xz-utils.");
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

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
