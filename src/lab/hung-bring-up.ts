import type { GuestMessage, Hung } from "./guest/job.ts";
import type { LabError, RunLab } from "./lab.ts";
import type { DrillRequest } from "./run-drills.ts";

/** How long the second look lets commands run, ms: what is still there then is what the first one waited for. */
const LOOK_MS = 8_000;
const BOOT_MS = 60_000;

/** Names what a host was waiting for when its coming up was ended from outside. Where a command never sleeps a virtual clock stands
 *  still and nobody inside can look; the same kernel in real time can. */
export async function diagnose(runLab: RunLab, { job, boot }: DrillRequest, ended: LabError): Promise<LabError> {
  let hung: Hung | undefined;
  const seen = new AbortController();
  const signal = boot.signal === undefined ? seen.signal : AbortSignal.any([seen.signal, boot.signal]);
  const { agent: _, ...others } = job;
  await runLab({
    ...boot,
    engine: { ...boot.engine, clock: "real" },
    job: { ...others, clock: "real", drills: [], bringUp: job.bringUp && { ...job.bringUp, timeoutMs: LOOK_MS } },
    timeoutMs: LOOK_MS + BOOT_MS,
    quietMs: () => undefined,
    signal,
    onMessage: (raw) => {
      const message = raw as GuestMessage;
      if (message.kind !== "progress" || message.at !== "up") return;
      hung = message.hung;
      seen.abort();
    },
  });
  const log = ended.log === undefined ? {} : { log: ended.log };
  return { ...hungError(job.bringUp?.manager ?? "the manager", hung), ...log };
}

function hungError(manager: string, hung: Hung | undefined): LabError {
  const code = "bring-up-hung";
  if (hung === undefined) {
    const message = `${manager} was not done with bringing the host up after half a minute`;
    const hint =
      "Look in up lines and in /etc/network/if-up.d for a command that takes very long, or never pauses in the background.";
    return { code, message, hint };
  }
  const of = [hung.interface, hung.phase].filter((part) => part !== undefined).join(", ");
  const what = `"${hung.command}"${of === "" ? "" : ` (${of})`}`;
  const hint = "Let it end by itself: what must go on running belongs into a service of its own, with pauses.";
  return { code, message: `${manager} never got done with bringing the host up: ${what} does not end`, hint };
}
