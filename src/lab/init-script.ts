import { readFileSync } from "node:fs";
import { assetPath } from "./assets.ts";

/** Devices of the guest that the host has bound to something: see kernelArguments. */
export const devices = { script: "/dev/ubda", job: "/dev/ubdb", channel: "/dev/ttyS0" } as const;

/** The text process 1 of the guest runs: settings first, then assets/lab/init.sh. `layer` "": no packages are laid over the host's. */
export function initScript(settings: { readonly runner: string; readonly layer: string }): string {
  const values = {
    NODE: process.execPath,
    RUNNER: settings.runner,
    PRELOAD: assetPath("assets/lab/preload.cjs"),
    LAYER: settings.layer,
    CHANNEL: devices.channel,
    JOB: devices.job,
  };
  const assignments = Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}\n`);
  return assignments.join("") + readFileSync(assetPath("assets/lab/init.sh"), "utf8");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
