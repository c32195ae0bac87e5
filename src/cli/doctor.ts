import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type { DoctorCheck } from "../api/types.ts";
import { readText } from "../host/linux/read-files.ts";
import { lookForEngine } from "../lab/engines.ts";
import type { EngineName } from "../lab/lab.ts";
import { guestPackages, packageLayer } from "../lab/packages.ts";

export interface DoctorRequest {
  /** The installation's directory. */
  readonly home: string;
  readonly node: string;
  readonly architecture: string;
  /** "fetch": what the lab still needs is downloaded into the cache now. */
  readonly packages: "look" | "fetch";
  readonly signal: AbortSignal;
}

/** Looks at all that Holdfast's parts need. Changes nothing on the machine; fills the cache if asked to. */
export async function examine(request: DoctorRequest): Promise<readonly DoctorCheck[]> {
  const engines: DoctorCheck[] = [];
  // One after the other: the first may have to unpack what the next one looks for.
  for (const name of ["uml-tt", "uml", "qemu"] as const) engines.push(await examineEngine(name));
  const isThere = engines.some(({ state }) => state === "fine");
  return [
    { id: "node", state: "fine", about: `Node ${request.node} on ${request.architecture}` },
    // One engine is enough: those that lack are only worth a word beside it.
    ...engines.map((one): DoctorCheck => (one.state === "missing" && isThere ? { ...one, state: "reduced" } : one)),
    await examinePackages(request),
    await examineDocs(request.home),
  ];
}

/** Exit statuses follow it: a machine without any engine cannot rehearse. */
export function isHealthy(checks: readonly DoctorCheck[]): boolean {
  return checks.every(({ state }) => state !== "missing");
}

async function examineEngine(name: EngineName): Promise<DoctorCheck> {
  const id = `engine-${name}`;
  const engine = await lookForEngine(name);
  if (!engine.ok) return { id, state: "missing", about: engine.error.message, hint: engine.error.hint };
  return { id, state: "fine", about: `lab engine ${name}: kernel ${engine.value.kernel}, ${engine.value.clock} time` };
}

async function examinePackages({ packages, signal }: DoctorRequest): Promise<DoctorCheck> {
  const id = "packages";
  const lacking = await notInstalled();
  if (lacking.length === 0) return { id, state: "fine", about: "every Debian package the lab uses is installed" };
  if (packages === "look") {
    const about = `the lab fetches Debian packages into its cache when it first runs: ${lacking.join(", ")}`;
    return { id, state: "fine", about };
  }
  const layer = await packageLayer(guestPackages, signal);
  if (!layer.ok) return { id, state: "missing", about: layer.error.message, hint: layer.error.hint };
  return { id, state: "fine", about: `fetched into the cache, not installed: ${lacking.join(", ")}` };
}

/** dpkg's own record; a machine without it has none of them. */
async function notInstalled(): Promise<readonly string[]> {
  const missing = new Set(guestPackages);
  for (const name of guestPackages) {
    const lists = [`/var/lib/dpkg/info/${name}.list`, `/var/lib/dpkg/info/${name}:amd64.list`];
    const found = await Promise.all(lists.map((path) => readText(path)));
    if (found.some((one) => typeof one !== "string")) missing.delete(name);
  }
  return [...missing];
}

async function examineDocs(home: string): Promise<DoctorCheck> {
  const id = "docs";
  const isReadable = await access(join(home, "docs/rules"), constants.R_OK).then(
    () => true,
    () => false,
  );
  if (isReadable) return { id, state: "fine", about: "the pages that explain findings are there" };
  const hint = "Install Holdfast with its docs directory.";
  return { id, state: "reduced", about: "docs/rules is missing: holdfast explain has nothing to show", hint };
}
