import { setTimeout as pause } from "node:timers/promises";
import { readBonds } from "../../host/linux/read-bonds.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import { proofOf, readDrills } from "../../store/drills.ts";
import { askAgent } from "../agent-client.ts";
import { kernelStatus } from "../kernel-status.ts";

/** The agent, asked once however many look on. */
export interface AgentLink {
  /** Not older than a second: the agent's, or what the kernel alone tells while none answers. */
  status(): Promise<Seen>;
  /** Asks every second from now on, and at once, and tells. Returns what ends that. */
  watch(listener: (seen: Seen) => void): () => void;
  /** Something happened: ask now. */
  hurry(): void;
}

export interface Seen {
  readonly status: StatusDocument;
  readonly answers: boolean;
  /** Why it doesn't answer; "" it does. */
  readonly message: string;
}

const everyMs = 1_000;
/** What happens together is asked for once. */
const hurryMs = 60;

/** A link to the agent's socket. `onAlive`: told whenever it answers. */
export function agentLink(
  { socket, drills }: { readonly socket: string; readonly drills: string },
  signal: AbortSignal,
  onAlive: (at: number) => void,
): AgentLink {
  let latest: { readonly at: number; readonly seen: Promise<Seen> } | undefined;
  const listeners = new Set<(seen: Seen) => void>();
  let waking = new AbortController();
  let isTurning = false;
  const ask = (): Promise<Seen> => {
    const seen = look(socket, drills, signal);
    latest = { at: performance.now(), seen };
    seen.then(({ answers, status }) => answers && onAlive(status.at)).catch(() => {});
    return seen;
  };
  const turn = async (): Promise<void> => {
    isTurning = true;
    while (listeners.size > 0 && !signal.aborted) {
      const seen = await ask();
      for (const listener of [...listeners]) listener(seen);
      const woken = AbortSignal.any([signal, waking.signal]);
      await pause(everyMs, undefined, { signal: woken }).catch(() => pause(hurryMs));
      waking = new AbortController();
    }
    isTurning = false;
  };
  return {
    status: () => (latest !== undefined && performance.now() - latest.at < everyMs ? latest.seen : ask()),
    watch(listener) {
      listeners.add(listener);
      if (!isTurning) turn().catch(() => {});
      return () => listeners.delete(listener);
    },
    hurry: () => waking.abort(),
  };
}

async function look(socket: string, drills: string, signal: AbortSignal): Promise<Seen> {
  const told = await askAgent<StatusDocument>(socket, "/status", signal);
  if (told.ok) return { status: told.value, answers: true, message: "" };
  const seen = kernelStatus(await readBonds(), undefined, Date.now());
  const proven = proofOf(readDrills(drills));
  // Without a name asked for there is always an answer.
  const status = { ...(seen as StatusDocument), ...(proven === undefined ? {} : { proven }) };
  return { status, answers: false, message: told.error.message };
}
