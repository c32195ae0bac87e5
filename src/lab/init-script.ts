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
  /** The kind of machine, absent: uml. */
  readonly guest?: "uml" | "qemu";
}

/** How a directory of the host's comes into sight, and where the runner's words go. */
const ways = {
  uml: `CHANNEL=/dev/ttyS0
share() { $mount -t hostfs -o "ro,$2" none "$3"; }
`,
  qemu: `CHANNEL=/dev/vport0p1
share() { $mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=1048576,cache=loose "$1" "$3"; }
`,
};

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
  return assignments.join("") + ways[settings.guest ?? "uml"] + readFileSync(assetPath("assets/lab/init.sh"), "utf8");
}
