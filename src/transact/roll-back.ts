import { failed, ok, type Result } from "../model/result.ts";
import type { Step } from "../plan/change.ts";
import { type ArmedRecord, inside } from "../plan/protocol.ts";
import { attempt } from "./disk-problem.ts";
import { finish } from "./finish.ts";
import { goBack, type WentBack } from "./go-back.ts";
import type { Ports } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import { activeId, decide, readTransaction } from "./transaction.ts";
import { withLock } from "./with-lock.ts";

/** Undoes the pending change now. The decision is taken before the lock: who drives the change sees it and stops. */
export async function rollBack(
  ports: Ports,
  tell: (step: Step) => void = () => {},
): Promise<Result<WentBack & { readonly id: string }, Refusal>> {
  const active = attempt(() => activeId(ports));
  const id = active.ok ? active.value : undefined;
  if (id === undefined) return failed(nothingPending);
  const decided = attempt(() => decide(ports, readTransaction(ports, id), "rollback"));
  if (decided.ok && decided.value === "confirmed") return failed(confirmedAlready);
  return await withLock(ports, lockSeconds, async () => {
    // Whoever held the lock may have done it all.
    if (activeId(ports) !== id) return failed(nothingPending);
    const transaction = readTransaction(ports, id);
    const { manifest, state } = transaction;
    if (state === "rolledBack") {
      await finish(ports, transaction);
      return failed(nothingPending);
    }
    if (manifest === undefined) return failed(unreadable(transaction.directory));
    return ok({ id, ...(await goBack(ports, { ...transaction, manifest }, "running", tell)) });
  });
}

/** How long the holder of the lock has to notice that it must stop. After that rollback.sh kills it. */
export const lockSeconds = 10;

const nothingPending: Refusal = {
  code: "no-transaction",
  message: "no change is pending",
  hint: "Run holdfast history to see what became of the last one.",
};

const confirmedAlready: Refusal = {
  code: "confirmed-already",
  message: "it has been confirmed",
  hint: "Run holdfast apply --previous to go back to what was before it.",
};

function unreadable(directory: string): Refusal {
  const hint = `Run sh ${directory}/${inside.script} --now, which needs no manifest.`;
  return { code: "disk", message: "its manifest can't be read", hint };
}

/** Whether a timer that fires still is the last one: `extend` may have set another. */
export function isSuperseded(armed: ArmedRecord | undefined, number: number): boolean {
  return armed !== undefined && armed.number > number;
}
