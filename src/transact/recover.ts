import { directionOf } from "../plan/protocol.ts";
import { disarmAll } from "./arm.ts";
import { discard } from "./discard.ts";
import { attempt, trying } from "./disk-problem.ts";
import { archive, finish } from "./finish.ts";
import { goBack, type WentBack, type When } from "./go-back.ts";
import { idPattern } from "./next-id.ts";
import type { Ports } from "./ports.ts";
import { forgetOwner, noteOwner } from "./run-steps.ts";
import { activeId, decide, readArmed, readTransaction, type Transaction } from "./transaction.ts";

/** How long after its deadline a transaction is still left to its timer, seconds: rolling back takes time. */
const graceSeconds = 30;

export type Recovered =
  | { readonly what: "nothing" }
  /** Another process has the lock: it is at it. */
  | { readonly what: "busy" }
  /** It waits for its confirmation, or for its timer. */
  | { readonly what: "pending"; readonly id: string }
  | { readonly what: "discarded"; readonly id: string }
  | { readonly what: "archived"; readonly id: string }
  | { readonly what: "rolled-back"; readonly id: string; readonly back: WentBack }
  /** Why is in `back`, where rolling back was tried now. */
  | { readonly what: "stuck"; readonly id: string; readonly back?: WentBack };

/** Ends what a crash, a kill or a power cut has left: nobody has to decide anything. Run by whoever comes next. */
export async function recover(ports: Ports, when: When): Promise<Recovered> {
  const lock = ports.lock.take();
  if (!lock.ok) return { what: "busy" };
  try {
    noteOwner(ports, "driving");
    return await recoverHeld(ports, when);
  } finally {
    forgetOwner(ports);
    lock.value();
  }
}

/** The same with the lock held already. */
export async function recoverHeld(ports: Ports, when: When): Promise<Recovered> {
  const active = attempt(() => activeId(ports));
  if (!active.ok) return { what: "nothing" };
  const recovered: Recovered =
    active.value === undefined ? { what: "nothing" } : await recoverOne(ports, active.value, when);
  trying(() => sweep(ports));
  return recovered;
}

async function recoverOne(ports: Ports, id: string, when: When): Promise<Recovered> {
  const transaction = readTransaction(ports, id);
  if (transaction.unreadable !== undefined) return { what: "stuck", id };
  switch (directionOf(transaction.state)) {
    case "discard":
      await disarmAll(ports, id, 1);
      // What a full or dying disk refuses now is done the next time.
      trying(() => discard(ports, transaction));
      return { what: "discarded", id };
    case "forward":
      await finish(ports, transaction);
      return { what: "archived", id };
    case "done":
      if (transaction.state === "stuck") return { what: "stuck", id };
      await finish(ports, transaction);
      return { what: "archived", id };
    case "back":
      return await recoverBack(ports, transaction, when);
  }
}

async function recoverBack(ports: Ports, transaction: Transaction, when: When): Promise<Recovered> {
  const { id, manifest } = transaction;
  if (when === "running" && isInTime(ports, transaction)) return { what: "pending", id };
  if (manifest === undefined) return { what: "stuck", id };
  const decided = attempt(() => decide(ports, transaction, "rollback"));
  if (decided.ok && decided.value === "confirmed") {
    await finish(ports, readTransaction(ports, id));
    return { what: "archived", id };
  }
  const back = await goBack(ports, { ...transaction, manifest }, when);
  return { what: back.outcome, id, back };
}

/** Whether its timer is to be waited for. One that was armed in another boot is gone. */
function isInTime(ports: Ports, transaction: Transaction): boolean {
  const armed = readArmed(ports, transaction);
  return armed?.boot === ports.clock.boot() && ports.clock.now() < armed.deadline + graceSeconds;
}

/** Puts away finished transactions, and removes those that never began; the live one stays. */
export function sweep(ports: Ports): void {
  const { disk, places } = ports;
  if (disk.look(places.state) === null) return;
  const live = activeId(ports);
  for (const id of disk.list(places.state)) {
    if (!idPattern.test(id) || id === live) continue;
    const transaction = readTransaction(ports, id);
    if (transaction.unreadable !== undefined) continue;
    const direction = directionOf(transaction.state);
    // A transaction on its way back without being the live one can't be; if it ever is, it isn't thrown away.
    if (direction === "discard") trying(() => discard(ports, transaction));
    if (direction === "forward" || direction === "done") trying(() => archive(ports, transaction));
  }
}
