import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** promtool of this machine, or Debian's, unpacked once into the cache of node_modules; undefined where it can't be fetched. */
export function findPromtool(): string | undefined {
  const installed = spawnSync("promtool", ["--version"]);
  if (installed.status === 0) return "promtool";
  const cache = resolve(import.meta.dirname, "../../../../node_modules/.cache/promtool");
  const unpacked = join(cache, "usr/bin/promtool");
  if (existsSync(unpacked)) return unpacked;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "get-"));
  try {
    execFileSync("apt-get", ["download", "prometheus"], { cwd: scratch, stdio: "ignore", timeout: 60_000 });
    const packed = readdirSync(scratch).find((name) => name.endsWith(".deb"));
    execFileSync("dpkg-deb", ["-x", join(scratch, packed ?? ""), cache], { stdio: "ignore" });
    return existsSync(unpacked) ? unpacked : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
