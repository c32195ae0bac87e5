import type { StatusUps } from "../../report/status-input.ts";
import type { Kept } from "../../watch/chronicle.ts";
import { newUps, stepUps, type Ups, type UpsEvent } from "../../watch/ups.ts";
import type { UpsPlan } from "../plan.ts";
import { type UpsClient, upsClient } from "./ask-ups.ts";

/** Looks after the UPS beside the brain: it tells, and can move nothing. */
export interface UpsWatch {
  /** Another UPS, or none. The same one goes on as it was. */
  readonly follow: (plan: UpsPlan | undefined) => void;
  /** Something has happened that a lost mains might explain: asks now, and a few times more. */
  readonly lookSoon: () => void;
  /** undefined: none is declared. */
  readonly now: () => Ups | undefined;
  readonly stop: () => void;
}

export interface UpsWatchDeps {
  readonly record: (event: Kept) => void;
  /** Monotonic ms. */
  readonly now: () => number;
  readonly pace?: Partial<UpsPace>;
}

/** ms. */
export interface UpsPace {
  /** Between questions, as NUT's own upsmon does. */
  readonly every: number;
  /** After something has happened, so often: drivers themselves ask only every two seconds. */
  readonly soon: readonly number[];
  /** Nobody answers: ever more seldom, up to this. */
  readonly most: number;
}

const usualPace: UpsPace = { every: 5_000, soon: [0, 1_000, 2_500], most: 60_000 };

interface Watched {
  readonly plan: UpsPlan;
  readonly client: UpsClient;
  ups: Ups;
  failures: number;
  timer: NodeJS.Timeout | undefined;
  soon: NodeJS.Timeout[];
}

/** A watch over nothing yet. Its timers keep no process alive. */
export function watchUps({ record, now, pace: given }: UpsWatchDeps): UpsWatch {
  const pace = { ...usualPace, ...given };
  let watched: Watched | undefined;
  const ask = async (one: Watched): Promise<void> => {
    clearTimeout(one.timer);
    const answer = await one.client.ask();
    if (watched !== one) return;
    const at = now();
    const event: UpsEvent = answer.ok
      ? { type: "reading", at, reading: answer.value }
      : { type: "silent", at, reason: answer.error };
    const [ups, news] = stepUps(one.ups, event);
    one.ups = ups;
    for (const event of news) record(event);
    one.failures = answer.ok ? 0 : one.failures + 1;
    const pauseMs = Math.min(pace.most, pace.every * 2 ** Math.min(Math.max(0, one.failures - 1), 10));
    clearTimeout(one.timer);
    one.timer = setTimeout(() => void ask(one), pauseMs).unref();
  };
  const end = (): void => {
    const old = watched;
    watched = undefined;
    for (const timer of [old?.timer, ...(old?.soon ?? [])]) clearTimeout(timer);
    old?.client.close();
  };
  return {
    follow(plan) {
      if (JSON.stringify(plan) === JSON.stringify(watched?.plan)) return;
      end();
      if (plan === undefined) return;
      const ups = newUps(plan.name, plan.dark, now());
      watched = { plan, client: upsClient(plan.nut), ups, failures: 0, timer: undefined, soon: [] };
      void ask(watched);
    },
    lookSoon() {
      const one = watched;
      if (one === undefined) return;
      for (const timer of one.soon) clearTimeout(timer);
      one.soon = pace.soon.map((ms) => setTimeout(() => void ask(one), ms).unref());
    },
    now: () => watched?.ups,
    stop: end,
  };
}

/** The UPS as `status` shows it. `wallOf`: monotonic to wall clock, ms. */
export function upsStatus(
  { name, reading, since, isLow, isOnBattery }: Ups,
  wallOf: (at: number) => number,
): StatusUps {
  const source = isOnBattery ? (isLow ? "low" : "battery") : reading?.source === "mains" ? "mains" : "unknown";
  const state = reading === undefined ? "unknown" : source;
  return {
    name,
    state,
    since: state === "unknown" || since === undefined ? null : wallOf(since),
    chargePercent: reading?.chargePercent ?? null,
    runtimeMs: reading?.runtimeMs ?? null,
  };
}
