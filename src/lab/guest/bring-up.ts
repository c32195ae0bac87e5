import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readAddresses, readBonds, readRoutes } from "./bond-state.ts";
import type { BringUp, BroughtUp, Hung, Job } from "./job.ts";
import { runConfined } from "./run-confined.ts";

/** Powers a network manager doesn't need and that would reach past the guest: mounting the host's disk, loading modules,
 *  raw devices, switching off, looking into the runner. Taken from everything the user's files start. */
const withheld = ["sys_admin", "sys_module", "sys_rawio", "sys_boot", "sys_ptrace", "mknod"];
const confinement = ["setpriv", `--bounding-set=${withheld.map((power) => `-${power}`).join(",")}`, "--"];
/** A /sys that nobody can write to. Bonds are set up through files below /sys/devices: that part is mounted apart. */
const readOnlySys = "mount --bind /sys/devices /sys/devices && mount -o remount,bind,ro /sys";
const OUTPUT_LIMIT = 64 * 1024;
const TIMED_OUT = 124;
/** How long a command may take. In real time somebody is waiting, and whoever booted the lab loses patience after half a minute. */
const LIMIT_MS = { virtual: 120_000, real: 25_000 };

/** Writes the job's files into the guest's private layer. */
export function writeFiles(job: Pick<Job, "files" | "modes">): void {
  for (const [path, text] of Object.entries(job.files)) {
    if (!path.startsWith("/")) throw new Error(`"${path}" is not an absolute path`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, Number.parseInt(job.modes?.[path] ?? "0644", 8));
  }
}

/** Lets the host's own network manager bring it up, and looks at what came of it. A failing command is a result. */
export function bringUp(plan: BringUp | undefined, clock: Job["clock"]): BroughtUp {
  const ran: Ran = plan === undefined ? { exit: 0, output: "" } : runCommands(plan, plan.timeoutMs ?? LIMIT_MS[clock]);
  return {
    manager: plan?.manager ?? "none",
    ...ran,
    bonds: readBonds(),
    addresses: readAddresses(),
    routes: readRoutes(),
  };
}

interface Ran {
  readonly exit: number;
  readonly output: string;
  readonly hung?: Hung;
}

function runCommands(plan: BringUp, limitMs: number): Ran {
  mkdirSync("/run/network", { recursive: true });
  let output = "";
  for (const command of plan.commands) {
    const ran = runConfined([...viewOf(plan), ...confinement, ...command], limitMs, OUTPUT_LIMIT - output.length);
    output += ran.output;
    if (ran.stillRunning !== undefined) {
      return { exit: TIMED_OUT, output, hung: { afterMs: limitMs, ...ran.stillRunning } };
    }
    if (ran.exit !== 0) return { exit: ran.exit, output };
  }
  return { exit: 0, output };
}

/** What has the commands see other files than everybody else does; nothing where they don't. */
function viewOf({ sys, emptied = [] }: BringUp): readonly string[] {
  const steps = [
    ...(sys === "read-only" ? [readOnlySys] : []),
    ...emptied.map((path) => `mkdir -p ${path} && mount -t tmpfs -o mode=755 tmpfs ${path}`),
  ];
  if (steps.length === 0) return [];
  return ["unshare", "--mount", "--", "sh", "-c", `${steps.join(" && ")} && exec "$@"`, "sh"];
}
