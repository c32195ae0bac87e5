import { failed, ok, type Result } from "../model/result.ts";
import type { ArmedRecord } from "../plan/protocol.ts";
import { arm } from "./arm.ts";
import type { Ports } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import { activeId, isUndecided, readArmed, readTransaction } from "./transaction.ts";
import { withLock } from "./with-lock.ts";

/** Gives a pending change so many seconds from now. The new timer is armed and proven before the old one is stopped. */
export async function extend(ports: Ports, seconds: number): Promise<Result<ArmedRecord, Refusal>> {
  return await withLock(ports, 2, async () => {
    const id = activeId(ports);
    const transaction = id === undefined ? undefined : readTransaction(ports, id);
    const armed = transaction === undefined ? undefined : readArmed(ports, transaction);
    if (transaction === undefined || armed === undefined || !isUndecided(ports, transaction)) {
      return failed({ code: "no-transaction", message: "no change is pending", hint: "There is nothing to extend." });
    }
    const renewed = await arm(ports, transaction, armed.number + 1, seconds);
    if (!renewed.ok) return renewed;
    await ports.deadMan.disarm({ id: transaction.id, number: armed.number });
    // The old one may have fired between.
    if (isUndecided(ports, transaction)) return ok(renewed.value);
    return failed({ code: "too-late", message: "too late: it is being rolled back", hint: "Apply it again." });
  });
}
