import type { ArmedRecord, Manifest, State } from "../plan/protocol.ts";
import { attempt } from "./disk-problem.ts";
import type { Ports } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import { activeId, readArmed, readTransaction } from "./transaction.ts";

/** The live transaction as others see it. */
export interface Pending {
  readonly id: string;
  readonly state: State;
  readonly manifest: Manifest | undefined;
  readonly armed: ArmedRecord | undefined;
  /** Seconds until it is rolled back; undefined when no timer of this boot is known. Below 0: it should have been. */
  readonly leftSeconds: number | undefined;
}

/** The live transaction; undefined when there is none. Takes no lock. */
export function pending(ports: Ports): Pending | undefined {
  const id = attempt(() => activeId(ports));
  if (!id.ok || id.value === undefined) return undefined;
  const transaction = readTransaction(ports, id.value);
  const armed = readArmed(ports, transaction);
  const { clock } = ports;
  const leftSeconds = armed?.boot === clock.boot() ? armed.deadline - clock.now() : undefined;
  return { id: id.value, state: transaction.state, manifest: transaction.manifest, armed, leftSeconds };
}

/** Why nothing else may begin: who, since when, until when, and how to end it. */
export function pendingRefusal(ports: Ports): Refusal {
  const now = pending(ports);
  if (now === undefined) return { code: "busy", message: "a change has just ended", hint: "Do it again." };
  const { id, state, manifest, leftSeconds } = now;
  if (state === "stuck") {
    const message = `${id} could not be rolled back completely`;
    return { code: "stuck", message, hint: "Look at what it says, mend it, and run: holdfast rollback" };
  }
  const who = manifest === undefined ? "somebody" : `${manifest.who}, ${ago(ports.clock.wall() - manifest.startedAt)},`;
  const until = leftSeconds === undefined ? "" : `; it ${leftWords(leftSeconds, "is rolled back")}`;
  const what = manifest === undefined ? "" : ` (${manifest.summary})`;
  const hint = "Run holdfast confirm or holdfast rollback first.";
  return { code: "pending", message: `${who} began ${id}${what}, which waits to be confirmed${until}`, hint };
}

/** When that will be, or for how long it has been on its way: a deadline that is long past didn't end everything. */
export function leftWords(leftSeconds: number, verb: "is rolled back" | "goes back"): string {
  const seconds = Math.round(leftSeconds);
  return seconds >= 0 ? `${verb} in ${Math.abs(seconds)} s` : `has been going back for ${-seconds} s`;
}

/** A wall clock may jump: what can't be is not said. */
function ago(seconds: number): string {
  if (seconds < 0 || seconds > 86_400) return "some time ago";
  return seconds < 90 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`;
}
