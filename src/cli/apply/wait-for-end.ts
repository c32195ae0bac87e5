import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { State } from "../../plan/protocol.ts";
import type { Ports } from "../../transact/ports.ts";
import { pending } from "../../transact/status.ts";
import { activeId, readTransaction, shared } from "../../transact/transaction.ts";

/** How a transaction ended, or "pending": whoever waited left before. */
export type End = "confirmed" | "rolled-back" | "stuck" | "pending";

export interface Waiting {
  readonly ports: Ports;
  readonly id: string;
  readonly signal: AbortSignal;
  /** Seconds that are left, about once a second. */
  readonly onTick: (leftSeconds: number) => void;
}

/** How many seconds before the deadline everybody who is logged in is told. */
const noticesAt = [60, 15];

/** Looks on until the transaction is confirmed or rolled back, by whomever. */
export async function waitForEnd({ ports, id, signal, onTick }: Waiting): Promise<End> {
  let told = Number.POSITIVE_INFINITY;
  while (!signal.aborted) {
    if (activeId(ports) !== id) return ended(ports, id);
    const now = pending(ports);
    const left = now?.leftSeconds;
    if (now?.state === "stuck") return "stuck";
    if (now?.state === "verified" && left !== undefined && left > 0) {
      // After an extension they are told anew.
      if (left > told + 30) told = Number.POSITIVE_INFINITY;
      const notice = noticesAt.findLast((at) => left <= at && told > at);
      if (notice !== undefined) {
        told = notice;
        tellEverybody(
          `this host's network goes back to what it was in ${Math.round(left)} s, unless somebody runs holdfast confirm TOKEN`,
        );
      }
      onTick(left);
    }
    await sleep(250);
  }
  return "pending";
}

/** Where it stands once it isn't the live one any more. */
export function ended(ports: Ports, id: string): End {
  const states: readonly State[] = [
    readTransaction(ports, id, shared(ports.places).history).state,
    readTransaction(ports, id).state,
  ];
  if (states.includes("confirmed")) return "confirmed";
  return states.includes("stuck") ? "stuck" : "rolled-back";
}

/** Who reads it or whether there is a wall(1) doesn't matter. */
function tellEverybody(words: string): void {
  const child = spawn("wall", [`holdfast: ${words}`], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

/** Where a transaction's files are by now. */
export function directoryOf(ports: Ports, id: string): string {
  return activeId(ports) === id ? join(ports.places.state, id) : join(shared(ports.places).history, id);
}
