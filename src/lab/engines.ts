import { failed, ok, type Result } from "../model/result.ts";
import { findAsset } from "./assets.ts";
import { debianKernel } from "./debian-kernel.ts";
import { broken, noKernel, unpackKernel } from "./kernel-image.ts";
import type { Engine, EngineName, LabError } from "./lab.ts";
import { probeEngine, worksHere } from "./probe.ts";

const ownKernel = "6.1.192-holdfastlab (Debian linux-source-6.1 6.1.192-2, built by make lab-kernel)";

const ownModules = "assets/lab-kernel/modules";

/** What every engine is started with. */
const shared = ["assets/lab/init.sh", "assets/lab/preload.cjs", "assets/lab/sandbox.sh"];

/** Every engine there is, the best first. */
export const engineNames: readonly EngineName[] = ["uml-tt", "uml", "qemu"];

/** Whether an engine works on this machine: the engine, or why not. */
export interface EngineReport {
  readonly name: EngineName;
  readonly found: Result<Engine, LabError>;
}

/** The engine to use: the named one, or the best there is. Doesn't boot it (but for Debian's kernel, the first time). */
export async function chooseEngine(name?: EngineName): Promise<Result<Engine, LabError>> {
  if (name !== undefined) return namedEngine(name);
  const best = await namedEngine("uml-tt");
  if (best.ok) return best;
  const next = await namedEngine("uml");
  // Where there is none, what the best one lacks is what should be mended.
  return next.ok ? next : best;
}

async function namedEngine(name: EngineName): Promise<Result<Engine, LabError>> {
  if (name === "qemu")
    return failed(noKernel("the qemu engine isn't built yet", "Use --engine uml-tt or --engine uml."));
  if (process.platform !== "linux" || process.arch !== "x64") return failed(otherMachine());
  const lacking = shared.find((asset) => findAsset(asset) === undefined);
  if (lacking !== undefined) return failed(brokenInstallation(lacking));
  if (name === "uml-tt") return ownEngine(name, "virtual");
  const theirs = await debianKernel();
  return theirs !== undefined && (await worksHere(theirs)) ? ok(theirs) : ownEngine(name, "real");
}

/** Tries every engine on this machine by booting it, one after the other: about a second each. */
export async function findEngines(): Promise<readonly EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const name of engineNames) reports.push({ name, found: await tried(await chooseEngine(name)) });
  return reports;
}

async function tried(chosen: Result<Engine, LabError>): Promise<Result<Engine, LabError>> {
  if (!chosen.ok) return chosen;
  const error = await probeEngine(chosen.value);
  return error ? failed(error) : chosen;
}

async function ownEngine(name: EngineName, clock: Engine["clock"]): Promise<Result<Engine, LabError>> {
  const image = await unpackKernel();
  if (!image.ok) return image;
  const modules = findAsset(ownModules);
  if (modules === undefined) return failed(broken(ownModules, "missing"));
  const engine = { name, clock, kernel: ownKernel, image: image.value, modules };
  // On a real clock, where the lab itself stalls, associations were never tried.
  return ok(clock === "virtual" ? { ...engine, radios: true } : engine);
}

function brokenInstallation(asset: string): LabError {
  return noKernel(`${asset} is missing`, `Put it back as it was shipped (in a checkout: git checkout -- ${asset}).`);
}

function otherMachine(): LabError {
  const machine = `${process.platform} on ${process.arch}`;
  return noKernel(`the lab's kernel runs on Linux on x86-64, this is ${machine}`, "Rehearse on an x86-64 machine.");
}
