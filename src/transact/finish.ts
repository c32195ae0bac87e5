import { join } from "node:path";
import { disarmAll } from "./arm.ts";
import { clearBeside, release } from "./discard.ts";
import { attempt, trying } from "./disk-problem.ts";
import { idPattern } from "./next-id.ts";
import type { Ports } from "./ports.ts";
import { readArmed, shared, type Transaction } from "./transaction.ts";

/** How many transactions the history keeps. */
export const historyLength = 50;

/** Tidies up after a transaction whose decision is on the disk and has been carried out. Whatever the disk refuses is done
 *  the next time; gives that refusal. */
export async function finish(ports: Ports, transaction: Transaction): Promise<string | undefined> {
  await disarmAll(ports, transaction.id, readArmed(ports, transaction)?.number ?? 1);
  const tidied = attempt(() => {
    // Nobody is to be told of an end that a power cut could take back.
    ports.disk.syncDirectory(transaction.directory);
    clearBeside(ports, transaction, transaction.state === "confirmed" ? "keep-made" : "remove-made");
    release(ports, transaction);
    archive(ports, transaction);
  });
  return tidied.ok ? undefined : tidied.error.message;
}

/** Moves a finished transaction into the history, and drops the oldest of it. */
export function archive({ disk, places }: Ports, { id, directory }: Transaction): void {
  const { history } = shared(places);
  disk.rename(directory, join(history, id));
  disk.syncDirectory(history);
  disk.syncDirectory(places.state);
  const ids = disk.list(history).filter((name) => idPattern.test(name));
  for (const old of ids.toSorted(byNumber).slice(0, -historyLength)) trying(() => removeTree(disk, join(history, old)));
}

/** Ids in the order in which they were given. */
export function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}

function removeTree(disk: Ports["disk"], path: string): void {
  for (const name of disk.list(path)) disk.unlink(join(path, name));
  disk.removeDirectory(path);
}
