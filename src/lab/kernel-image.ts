import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assetPath } from "./assets.ts";
import { cacheDirectory } from "./cache.ts";

/** The shipped kernel, unpacked into the cache and checked against its digest. Throws where that fails. */
export function unpackKernel(): string {
  const packed = assetPath("assets/lab-kernel/linux-tt.xz");
  const sums = readFileSync(assetPath("assets/lab-kernel/SHA256SUMS"), "utf8");
  const digest = /^([0-9a-f]{64}) {2}linux-tt$/m.exec(sums)?.[1] ?? "";
  const path = join(cacheDirectory(), `linux-tt-${digest.slice(0, 16)}`);
  if (existsSync(path) && sha256(readFileSync(path)) === digest) return path;
  const image = execFileSync("xz", ["-dc", packed], { maxBuffer: 1 << 28 });
  if (sha256(image) !== digest) throw new Error(`${packed} is damaged`);
  const part = `${path}.${process.pid}`;
  writeFileSync(part, image, { mode: 0o755 });
  renameSync(part, path);
  return path;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
