import { join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { type ArmedRecord, inside } from "../plan/protocol.ts";
import { attempt } from "./disk-problem.ts";
import { writeNew } from "./images.ts";
import type { Ports } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import { type Transaction, toJson } from "./transaction.ts";

/** Arms a timer that rolls the transaction back after so many seconds, has its owner prove it, and notes it. */
export async function arm(
  ports: Ports,
  { id, directory }: Pick<Transaction, "id" | "directory">,
  number: number,
  seconds: number,
): Promise<Result<ArmedRecord, Refusal>> {
  const { clock, deadMan, disk } = ports;
  const record: ArmedRecord = { number, boot: clock.boot(), deadline: clock.now() + seconds };
  const argv = ["/bin/sh", join(directory, inside.script), "--timer", String(number)] as const;
  const armed = await deadMan.arm({ id, number, seconds, argv: [...argv] });
  if (!armed.ok) return failed(unarmed(armed.error.message, armed.error.hint));
  const left = await deadMan.check({ id, number });
  const problem = !left.ok ? left.error.message : left.value > seconds + 1 ? "it would fire too late" : undefined;
  // A number that is taken belongs to a timer that was never noted: it stays, and fires for nothing.
  const noted = attempt(() => {
    writeNew(disk, join(directory, inside.armed(number)), toJson(record), { mode: 0o600, uid: 0, gid: 0 });
    disk.syncDirectory(directory);
  });
  if (problem === undefined && noted.ok) return ok(record);
  await deadMan.disarm({ id, number });
  return failed(unarmed(problem ?? (noted.ok ? "" : noted.error.message), undefined));
}

function unarmed(why: string, hint: string | undefined): Refusal {
  return {
    code: "no-dead-man",
    message: `nothing can promise to roll back in time: ${why}`,
    hint: hint ?? "Run holdfast doctor; nothing was changed.",
  };
}

/** Stops every timer up to that number. Those that were never armed are none. */
export async function disarmAll({ deadMan }: Ports, id: string, last: number): Promise<void> {
  for (let number = 1; number <= last; number++) await deadMan.disarm({ id, number });
}
