import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type { DoctorCheck } from "../api/types.ts";
import { hostTree } from "../host/linux/observe/tree.ts";
import { readText } from "../host/linux/read-files.ts";
import { lookForEngine } from "../lab/engines.ts";
import type { EngineName } from "../lab/lab.ts";
import { guestPackages, packageLayer } from "../lab/packages.ts";
import { probeEngine } from "../lab/probe.ts";
import { hostChecks } from "./doctor/host-checks.ts";
import { type RightsSeen, rightsChecks } from "./doctor/rights-checks.ts";
import { lookAtHost } from "./init/look-at-host.ts";
import { servicesOf } from "./installed-here.ts";

export interface DoctorRequest {
  /** The installation's directory. */
  readonly home: string;
  readonly node: string;
  readonly architecture: string;
  /** "fetch": what the lab still needs is downloaded into the cache now. */
  readonly packages: "look" | "fetch";
  readonly signal: AbortSignal;
  /** Where the host is: "/", or the directory a copy of its root is in. */
  readonly root: string;
  readonly cwd: string;
}

/** Looks at all that Holdfast's parts need, and at the host that is to carry a bond. Changes nothing on the machine; fills the cache if
 *  asked to. */
export async function examine(request: DoctorRequest): Promise<readonly DoctorCheck[]> {
  const lab = request.root === "/" ? await examineLab(request) : [];
  const { seen } = await lookAtHost(request.root, request.cwd);
  const host = [...hostChecks(seen), ...(request.root === "/" ? rightsChecks(await lookAtRights(request.home)) : [])];
  return [
    ...lab.map((one) => ({ ...one, area: "lab" as const })),
    ...host.map((one) => ({ ...one, area: "host" as const })),
  ];
}

async function lookAtRights(home: string): Promise<RightsSeen> {
  const tree = hostTree("/");
  const { hasRecover, install } = await servicesOf(tree, home);
  return {
    status: await tree.text("/proc/self/status"),
    memory: await tree.text("/proc/meminfo"),
    hasSystemd: await tree.isThere("/run/systemd/system"),
    hasRecover,
    install,
  };
}

async function examineLab(request: DoctorRequest): Promise<readonly DoctorCheck[]> {
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

/** Exit statuses follow it: without any engine nothing can be rehearsed, without the driver there is no bond. */
export function isHealthy(checks: readonly DoctorCheck[]): boolean {
  return checks.every(({ state }) => state !== "missing");
}

async function examineEngine(name: EngineName): Promise<DoctorCheck> {
  const id = `engine-${name}`;
  const engine = await lookForEngine(name);
  if (!engine.ok)
    return { id, state: "missing", about: `lab engine ${name}: ${engine.error.message}`, hint: engine.error.hint };
  const about = `lab engine ${name}: kernel ${engine.value.kernel}, ${engine.value.clock} time`;
  // Counting instructions, it takes a minute to boot: that it is there must do.
  if (name === "qemu") return { id, state: "fine", about };
  const problem = await probeEngine(engine.value);
  if (problem === undefined) return { id, state: "fine", about: `${about}; it boots here` };
  const why = problem.message.replace(`${engine.value.kernel} `, "it ");
  const hint = problem.log === undefined ? problem.hint : `${problem.hint} (log: ${problem.log})`;
  return { id, state: "missing", about: `${about}, but ${why}`, hint };
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
