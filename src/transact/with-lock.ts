import { failed, type Result } from "../model/result.ts";
import { attempt } from "./disk-problem.ts";
import type { Ports } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import { forgetOwner, noteOwner } from "./run-steps.ts";
import { pendingRefusal } from "./status.ts";
import { activeId } from "./transaction.ts";

/** Does it while no other process of ours can do anything to a transaction. Waits so many seconds for the lock. */
export async function withLock<T>(
  ports: Ports,
  waitSeconds: number,
  act: () => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const until = ports.clock.now() + waitSeconds;
  let lock = ports.lock.take();
  while (!lock.ok && ports.clock.now() < until) {
    await ports.clock.sleep(0.1);
    lock = ports.lock.take();
  }
  if (!lock.ok) return failed(busyRefusal(ports, lock.error.pid));
  try {
    noteOwner(ports, "driving");
    return await act();
  } finally {
    forgetOwner(ports);
    lock.value();
  }
}

/** Ports are being cut on purpose: what works now can't be told from what doesn't. */
export function drillRefusal(pid: number | undefined): Refusal {
  const who = pid === undefined ? "" : ` (process ${pid})`;
  return { code: "drill", message: `a drill is cutting this host's ports${who}`, hint: "Wait for its end." };
}

/** Somebody else is at it: who, since when, until when. */
export function busyRefusal(ports: Ports, pid: number | undefined): Refusal {
  const active = attempt(() => activeId(ports));
  if (active.ok && active.value !== undefined) return pendingRefusal(ports);
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return { code: "busy", message: `${who} is changing this host's network`, hint: "Wait until it has ended." };
}
