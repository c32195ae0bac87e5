import type { Config } from "../model/config.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { findAsset } from "./assets.ts";
import { debianKernel } from "./debian-kernel.ts";
import { broken, noKernel, unpackKernel } from "./kernel-image.ts";
import type { Engine, EngineName, LabError } from "./lab.ts";
import { worksHere } from "./probe.ts";
import { qemuEngine } from "./qemu.ts";
import { hasRadios } from "./radio-links.ts";

const ownKernel = "6.1.192-holdfastlab (Debian linux-source-6.1 6.1.192-2, built by make lab-kernel)";

const ownModules = "assets/lab-kernel/modules";

/** What every engine is started with. */
const shared = ["assets/lab/init.sh", "assets/lab/preload.cjs", "assets/lab/sandbox.sh"];

/** The engine to use: the named one, or the best there is. Doesn't boot it (but for Debian's kernel, the first time). */
export async function chooseEngine(name?: EngineName): Promise<Result<Engine, LabError>> {
  if (name !== undefined) return namedEngine(name);
  const best = await namedEngine("uml-tt");
  if (best.ok) return best;
  const next = await namedEngine("uml");
  // Where there is none, what the best one lacks is what should be mended.
  return next.ok ? next : best;
}

/** The engine for a configuration: as `chooseEngine`, but where ports join networks by radio and the best engine doesn't boot here,
 *  the next that has radios; where none has, the best without. */
export async function chooseEngineFor(config: Config, name?: EngineName): Promise<Result<Engine, LabError>> {
  if (name !== undefined || !hasRadios(config)) return chooseEngine(name);
  const best = await namedEngine("uml-tt");
  if (best.ok && (await worksHere(best.value))) return best;
  const stock = await namedEngine("qemu");
  if (stock.ok && (await worksHere(stock.value))) return stock;
  const plain = await namedEngine("uml");
  return plain.ok && (await worksHere(plain.value)) ? plain : best;
}

async function namedEngine(name: EngineName): Promise<Result<Engine, LabError>> {
  if (process.platform !== "linux" || process.arch !== "x64") return failed(otherMachine());
  const lacking = shared.find((asset) => findAsset(asset) === undefined);
  if (lacking !== undefined) return failed(brokenInstallation(lacking));
  if (name === "qemu") return qemuEngine();
  if (name === "uml-tt") return ownEngine(name, "virtual");
  const theirs = await debianKernel();
  return theirs !== undefined && (await worksHere(theirs)) ? ok(theirs) : ownEngine(name, "real");
}

/** As `chooseEngine` with a name, but without fetching anything: finding out is no reason to. */
export async function lookForEngine(name: EngineName): Promise<Result<Engine, LabError>> {
  return name === "qemu" ? qemuEngine("look") : namedEngine(name);
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
