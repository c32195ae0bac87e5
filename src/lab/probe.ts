import { createHash } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runLab } from "./boot.ts";
import { openCache } from "./cache.ts";
import type { Engine, LabError } from "./lab.ts";

/** Counting instructions is an order of magnitude slower. */
const longestProbeMs = { "uml-tt": 20_000, uml: 20_000, qemu: 180_000 };

/** Boots an engine with nothing to do. Undefined: it works; otherwise why not. Takes about a second. */
export async function probeEngine(engine: Engine): Promise<LabError | undefined> {
  const request = { engine, job: null, runner: "/dev/null", packages: [], timeoutMs: longestProbeMs[engine.name] };
  const outcome = await runLab({ ...request, onMessage: () => undefined });
  return outcome.ok ? undefined : outcome.error;
}

/** The same, remembered for this kernel file on this CPU. */
export async function worksHere(engine: Engine): Promise<boolean> {
  const cache = openCache();
  if (!cache.ok) return false;
  const path = join(cache.value, `lab-probe-${probeKey(engine)}`);
  const known = readIfThere(path);
  if (known !== undefined) return known === "yes";
  const error = await probeEngine(engine);
  if (error?.log !== undefined) rmSync(dirname(error.log), { recursive: true, force: true });
  // What only today's circumstances caused isn't worth remembering.
  if (error === undefined || error.code === "cpu-unsupported") writeFileSync(path, error ? "no" : "yes");
  return error === undefined;
}

function probeKey(engine: Engine): string {
  const { size, mtimeMs } = statSync(engine.image);
  const cpu = /^flags.*$/m.exec(readIfThere("/proc/cpuinfo") ?? "")?.[0] ?? "";
  const facts = [engine.image, size, mtimeMs, cpu, readIfThere("/proc/version")];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
