import { randomInt } from "node:crypto";
import type { Result } from "../../model/result.ts";
import { type BackOff, pauseAfter } from "../../notify/back-off.ts";
import type { Seed } from "../../watch/seed.ts";
import type { Connection, Unopened } from "./connection.ts";

/** A connection that is made anew for as long as it is wanted. */
export interface Kept {
  /** The connection, once the attempt under way is over; else why there is none. */
  readonly connection: () => Promise<Connection | string>;
  /** There may be a way out again: what is open must show a sign of life, what waits is tried soon. */
  readonly hurry: () => void;
  /** Says goodbye, or gives up. */
  readonly stop: (last: (connection: Connection) => Promise<unknown>) => Promise<void>;
}

/** What keeping a connection needs. */
export interface Keeping {
  /** Never rejects. */
  readonly open: (signal: AbortSignal) => Promise<Result<Connection, Unopened>>;
  /** It is open: whatever must be said first. The error ends it. */
  readonly onOpen: (connection: Connection) => Promise<Result<undefined, string>>;
  readonly log: (severity: "info" | "warning", line: string) => void;
  /** How failed attempts are spaced. */
  readonly backOff?: BackOff;
}

/** A broker that restarts is back within seconds; one that isn't there costs a packet a minute. */
const usual: BackOff = { firstMs: 1_000, capMs: 60_000 };
/** Who keeps knocking with a wrong password gets banned. */
const refusedCapMs = 300_000;
/** After a move a connection through the dead router shows no sign of life; one that lives has one within a round trip. */
const SIGN_MS = 3_000;
/** TCP repeats its first packet after one and three seconds: so long an attempt still helps itself. */
const YOUNG_MS = 3_000;
/** A connection that ends sooner is a failed attempt: of two clients with one name each would throw the other out every second. */
const STEADY_MS = 30_000;
/** A broker that has died without a word keeps nobody from ending. */
const GOODBYE_MS = 3_000;
/** So long after a failover a thousand hosts have spread. */
const SOON_MS = 1_000;

/** Connects, and connects again. Each reason for a failure is said once, until it has worked again. */
export function keepConnected(keeping: Keeping): Kept {
  const stopping = new AbortController();
  let current: Connection | undefined;
  let problem = "";
  let attempt: Attempt | undefined;
  let wake = (): void => {};
  const fail = (reason: string): void => {
    if (reason !== problem && !stopping.signal.aborted)
      keeping.log("warning", `not connected, tried again later: ${reason}`);
    problem = reason;
  };
  const once = async (): Promise<Unopened | undefined> => {
    const end = new AbortController();
    let over = (): void => {};
    const own: Attempt = { since: performance.now(), end, over: new Promise((done) => (over = done)) };
    attempt = own;
    const opened = await keeping.open(end.signal);
    if (opened.ok) own.opened = opened.value;
    const greeted = opened.ok ? await keeping.onOpen(opened.value) : undefined;
    if (opened.ok && greeted?.ok === true && !stopping.signal.aborted) {
      current = opened.value;
      keeping.log("info", problem === "" ? "connected" : "connected again");
      problem = "";
    }
    attempt = undefined;
    if (current === undefined)
      fail(opened.ok ? (greeted?.ok === false ? greeted.error : "stopped") : opened.error.reason);
    over();
    if (!opened.ok) return opened.error;
    if (current === undefined) {
      if (stopping.signal.aborted) opened.value.check(0);
      else await opened.value.end();
      return { kind: "other", reason: problem };
    }
    fail(await opened.value.ended);
    current = undefined;
    return undefined;
  };
  const running = run(once, keeping.backOff ?? usual, stopping.signal, (waker) => (wake = waker));
  return {
    async connection() {
      await attempt?.over;
      return current ?? (problem || "not connected yet");
    },
    hurry() {
      (current ?? attempt?.opened)?.check(SIGN_MS);
      if (attempt !== undefined && performance.now() - attempt.since > YOUNG_MS) attempt.end.abort();
      wake();
    },
    async stop(last) {
      stopping.abort();
      wake();
      attempt?.end.abort();
      // Without a goodbye: half of what is said first may be said, and the will mends that.
      attempt?.opened?.check(0);
      if (current !== undefined) await part(current, last);
      await running;
    },
  };
}

interface Attempt {
  readonly since: number;
  readonly end: AbortController;
  readonly over: Promise<void>;
  /** Not yet told what must be said first. */
  opened?: Connection;
}

async function part(from: Connection, last: (connection: Connection) => Promise<unknown>): Promise<void> {
  await Promise.race([last(from), new Promise((done) => setTimeout(done, GOODBYE_MS).unref())]);
  await from.end();
}

/** Attempts, with pauses that grow by failures. */
async function run(
  once: () => Promise<Unopened | undefined>,
  backOff: BackOff,
  stopping: AbortSignal,
  offerWaker: (wake: () => void) => void,
): Promise<void> {
  let failures = 0;
  let seed: Seed = randomInt(2 ** 31);
  while (!stopping.aborted) {
    const begun = performance.now();
    const refused = await once();
    const hasHeld = refused === undefined && performance.now() - begun > STEADY_MS;
    failures = hasHeld ? 1 : failures + 1;
    const capMs = refused?.kind === "login" ? Math.max(refusedCapMs, backOff.capMs) : backOff.capMs;
    const [pause, next] = pauseAfter(failures, seed, { ...backOff, capMs });
    seed = next;
    if (!stopping.aborted) await pauseOf(pause, stopping, offerWaker);
  }
}

function pauseOf(ms: number, stopping: AbortSignal, offerWaker: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const done = (): void => {
      offerWaker(() => {});
      resolve();
    };
    let timer = setTimeout(done, ms);
    timer.unref();
    offerWaker(() => {
      clearTimeout(timer);
      if (stopping.aborted) return done();
      const left = ms - (performance.now() - begun);
      timer = setTimeout(done, Math.min(left, randomInt(SOON_MS)));
      timer.unref();
    });
  });
}
