import { readFileSync } from "node:fs";
import { shellQuote } from "../plan/shell-quote.ts";
import { assetPath } from "./assets.ts";

/** Host paths. `layer` "": no packages are laid over the host's; `modules` "": the kernel has none. */
export interface Settings {
  readonly runner: string;
  readonly preload: string;
  readonly layer: string;
  readonly modules: string;
  readonly job: string;
}

/** The text process 1 of the guest runs: settings first, then assets/lab/init.sh. */
export function initScript(settings: Settings): string {
  const values = {
    NODE: process.execPath,
    RUNNER: settings.runner,
    PRELOAD: settings.preload,
    LAYER: settings.layer,
    MODULES: settings.modules,
    JOB: settings.job,
  };
  const assignments = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(value)}\n`);
  return assignments.join("") + readFileSync(assetPath("assets/lab/init.sh"), "utf8");
}
