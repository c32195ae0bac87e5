import { join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { markers, regressions, type State } from "../plan/protocol.ts";
import { attempt, trying } from "./disk-problem.ts";
import { finish } from "./finish.ts";
import { readNote, replaceNote } from "./notes.ts";
import type { Ports } from "./ports.ts";
import { proveWhile } from "./prove-while.ts";
import type { Refusal } from "./refusal.ts";
import { pending } from "./status.ts";
import { isToken } from "./token.ts";
import { activeId, decide, readBaseline, readTransaction, shared, type Transaction } from "./transaction.ts";
import { withLock } from "./with-lock.ts";

/** What speaks for a change. */
export type Proof =
  /** The token, from another session or connection than the one that applied ("same-session": not asked for). */
  | { readonly by: "token"; readonly token: string; readonly session: string | "same-session" }
  /** The probes alone: twice, ten seconds apart, with the deadline armed meanwhile. */
  | { readonly by: "probes" };

export interface Confirmed {
  readonly id: string;
  /** What could not be tidied up; it will be the next time. */
  readonly untidy?: string;
}

/** Makes a proven change stay. When this says so, it is on the disk, and nothing takes it back. */
export async function confirm(ports: Ports, proof: Proof): Promise<Result<Confirmed, Refusal>> {
  if (proof.by === "probes") {
    const refusal = await proveTwice(ports);
    if (refusal !== undefined) return failed(refusal);
  }
  return await withLock(ports, 2, async () => {
    const id = activeId(ports);
    if (id === undefined) return failed(nothingPending);
    const transaction = readTransaction(ports, id);
    const refusal = refusalOf(ports, transaction, proof);
    if (refusal !== undefined) return failed(refusal);
    return await commit(ports, transaction);
  });
}

const nothingPending: Refusal = {
  code: "no-transaction",
  message: "no change waits to be confirmed",
  hint: "Run holdfast history to see what became of the last one.",
};

function refusalOf(ports: Ports, { state, manifest }: Transaction, proof: Proof): Refusal | undefined {
  const early = stateRefusal(state);
  if (early !== undefined) return early;
  const left = pending(ports)?.leftSeconds;
  if (left === undefined || left <= 0) return tooLate;
  if (proof.by === "probes") return undefined;
  if (manifest === undefined) return nothingPending;
  const isSame = proof.session !== "same-session" && manifest.session !== "" && proof.session === manifest.session;
  if (isSame) {
    const message = "this is the session that applied the change, which proves nothing about a new one";
    return { code: "same-session", message, hint: "Log in again and confirm there, or add --same-session." };
  }
  return tokenRefusal(ports, proof.token, manifest.tokenSha256);
}

const tooLate: Refusal = {
  code: "too-late",
  message: "too late: it has been rolled back",
  hint: "Apply it again, with a longer --deadline if it was short.",
};

function stateRefusal(state: State): Refusal | undefined {
  if (state === "verified") return undefined;
  if (state === "confirmed") {
    return { code: "confirmed-already", message: "it is confirmed already", hint: "There is nothing left to do." };
  }
  if (state === "rollback" || state === "rolledBack" || state === "stuck") return tooLate;
  return { code: "not-verified", message: "it isn't in place and proven yet", hint: "Wait for apply to say so." };
}

/** Wrong tokens that are answered in a minute; after that none is looked at until the minute is over. */
const triesPerMinute = 5;

function tokenRefusal(ports: Ports, token: string, expected: string): Refusal | undefined {
  const path = shared(ports.places).tries;
  const now = ports.clock.now();
  const noted = readNote(ports, path).map(Number);
  const recent = noted.filter((at) => at <= now && now - at < 60);
  if (recent.length >= triesPerMinute) {
    const hint = `Wait ${Math.ceil(60 - (now - Math.min(...recent)))} s.`;
    return { code: "too-many-tries", message: "too many wrong tokens within a minute", hint };
  }
  if (isToken(token, expected)) return undefined;
  replaceNote(ports, path, [...recent, now].map(String));
  return { code: "wrong-token", message: "that isn't the token of this change", hint: "Copy it from where apply ran." };
}

/** The commit point: a rename, and the directory's sync. A disk that doesn't take it has confirmed nothing. */
async function commit(ports: Ports, transaction: Transaction): Promise<Result<Confirmed, Refusal>> {
  const { disk } = ports;
  const { id, directory } = transaction;
  const decided = attempt(() => decide(ports, transaction, "confirmed"));
  if (decided.ok && decided.value !== "confirmed") return failed(tooLate);
  const synced = decided.ok ? attempt(() => disk.syncDirectory(directory)) : decided;
  if (!synced.ok) {
    trying(() => disk.rename(join(directory, markers.confirmed), join(directory, markers.undecided)));
    const message = `not confirmed: the disk refused: ${synced.error.message}`;
    return failed({
      code: "disk",
      message,
      hint: "Look at dmesg; it is rolled back at its deadline unless this succeeds.",
    });
  }
  const untidy = await finish(ports, readTransaction(ports, id));
  return ok(untidy === undefined ? { id } : { id, untidy });
}

async function proveTwice(ports: Ports): Promise<Refusal | undefined> {
  const id = activeId(ports);
  const baseline = id === undefined ? undefined : readBaseline(ports, readTransaction(ports, id));
  if (baseline === undefined) return nothingPending;
  for (const pause of [0, 10]) {
    await ports.clock.sleep(pause);
    const goesOn = () => activeId(ports) === id && (pending(ports)?.leftSeconds ?? 0) > 0;
    const probes = await proveWhile(ports, baseline, goesOn);
    // What it has become meanwhile is told by who has the lock.
    if (probes === undefined) return undefined;
    const lost = regressions(baseline.probes, probes, "probes");
    if (lost.length === 0) continue;
    const message = `not confirmed: ${lost.map(({ name, detail }) => `${name}: ${detail}`).join("; ")}`;
    return {
      code: "not-verified",
      message,
      hint: "It is rolled back at its deadline; confirm by token if that is fine.",
    };
  }
  return undefined;
}
