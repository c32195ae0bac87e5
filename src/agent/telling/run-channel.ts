import { randomInt } from "node:crypto";
import { type Channel, type ChannelEvent, newChannel, type Saved, stepChannel } from "../../notify/channel.ts";
import { type ChannelParts, type Deed, deedsOf, type Happened } from "./deeds.ts";
import type { ChannelReport } from "./telling.ts";

/** A recipient being told. */
export interface RunningChannel {
  readonly recorded: () => void;
  readonly wayOut: () => void;
  readonly report: () => ChannelReport;
  readonly stop: () => Promise<void>;
}

/** Tells one recipient: performs what the state machine wants, and tells it what came of it. */
export async function runChannel(parts: ChannelParts): Promise<RunningChannel> {
  const { name, manner, log } = parts;
  const stopping = new AbortController();
  const start = await startingPoint(parts);
  const now = (): number => performance.now();
  const deeds = deedsOf(parts, stopping.signal);
  let channel: Channel = newChannel(manner, start.saved, randomInt(2 ** 31), now(), start.behind);
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  let isHurried = false;

  const feed = (happened: Happened): void => {
    if (stopping.signal.aborted) return;
    const [next, effects] = stepChannel(channel, { ...happened, at: now() } as ChannelEvent);
    channel = next;
    for (const effect of effects) {
      if (effect.do === "wake") wakeAt(effect.at);
      else work = work.then(() => perform(effect)).catch((problem) => log("error", `${name}: ${String(problem)}`));
    }
  };
  const wakeAt = (at: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => feed({ type: "tick" }), Math.max(1, Math.ceil(at - now())));
    timer.unref();
  };
  const perform = async (effect: Deed): Promise<void> => {
    const happened = await deeds.perform(effect);
    if (happened !== undefined) feed(happened);
    if (!isHurried) return;
    isHurried = false;
    feed({ type: "way-out" });
  };

  if (start.fresh) await deeds.perform({ do: "save", saved: start.saved });
  feed({ type: "tick" });
  return {
    recorded: () => feed({ type: "recorded" }),
    wayOut() {
      if (deeds.breakOff()) isHurried = true;
      else feed({ type: "way-out" });
    },
    report: () => ({ name, pending: channel.pending, ...deeds.tally() }),
    async stop() {
      clearTimeout(timer);
      stopping.abort();
      await work;
    },
  };
}

interface Start {
  readonly saved: Saved;
  readonly behind: "behind" | "even";
  readonly fresh: boolean;
}

async function startingPoint({ place, past, name, log }: ChannelParts): Promise<Start> {
  const saved = await place.load();
  const last = await past.last().catch(() => 0);
  const at = (cursor: number): Saved => ({ version: 1, cursor, missed: 0, batch: undefined });
  // Somebody who was never told anything isn't told what was before.
  if (saved === "new") return { saved: at(last), behind: "even", fresh: true };
  if (saved !== "broken") {
    const known = saved.batch?.last ?? saved.cursor;
    return { saved, behind: last > known ? "behind" : "even", fresh: false };
  }
  log("warning", `${name}: how far it was told can't be read; all of the history is told again`);
  return { saved: at(0), behind: "behind", fresh: true };
}
