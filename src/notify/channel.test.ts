import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Channel,
  type ChannelEffect,
  type ChannelEvent,
  forPeople,
  forPrograms,
  type Manner,
  newChannel,
  type Saved,
  stepChannel,
} from "./channel.ts";

const fresh: Saved = { version: 1, cursor: 0, missed: 0, batch: undefined };
const DAY = 86_400_000;

/** A recipient, a history of ids that are all worth telling, and a clock. */
function world(manner: Manner, saved: Saved = fresh) {
  let channel: Channel = newChannel(manner, saved, 1, 0, "even");
  let now = 0;
  let wake: number | undefined;
  let disk = saved;
  const history: number[] = [];
  const sent: { readonly at: number; readonly id: string; readonly first: number; readonly last: number }[] = [];
  const given: string[] = [];
  let answer: (id: string) => ChannelEvent | undefined = () => ({ type: "delivered", at: now });

  function feed(event: ChannelEvent): void {
    const [next, effects] = stepChannel(channel, event);
    channel = next;
    for (const effect of effects) perform(effect);
  }
  function perform(effect: ChannelEffect): void {
    if (effect.do === "wake") wake = effect.at;
    else if (effect.do === "save") disk = effect.saved;
    else if (effect.do === "gave-up") given.push(effect.batch.id);
    else if (effect.do === "cut") feed(cut(effect.after, effect.most));
    else {
      const { id, first, last } = effect.batch;
      sent.push({ at: now, id, first, last });
      const said = answer(id);
      if (said !== undefined) feed(said);
    }
  }
  function cut(after: number, most: number): ChannelEvent {
    const rest = history.filter((one) => one > after);
    const taken = rest.slice(0, most);
    const [first, last] = [taken[0], taken.at(-1)];
    const batch =
      first === undefined || last === undefined
        ? undefined
        : { id: `${first}-${last}`, first, last, count: taken.length };
    return { type: "cut", at: now, last: last ?? after, rest: rest.length - taken.length, batch };
  }
  return {
    sent,
    given,
    disk: () => disk,
    channel: () => channel,
    answering: (how: (id: string, at: number) => ChannelEvent | undefined) => {
      answer = (id) => how(id, now);
    },
    record: (count = 1) => {
      for (let index = 0; index < count; index++) {
        history.push((history.at(-1) ?? 0) + 1);
        feed({ type: "recorded", at: now });
      }
    },
    wayOut: () => feed({ type: "way-out", at: now }),
    run: (ms: number) => {
      const end = now + ms;
      while (wake !== undefined && wake <= end) {
        now = Math.max(now, wake);
        wake = undefined;
        feed({ type: "tick", at: now });
      }
      now = end;
    },
    restart: () => {
      channel = newChannel(manner, disk, 2, now, "behind");
      wake = undefined;
      feed({ type: "tick", at: now });
    },
  };
}

const refuse = (_id: string, at: number): ChannelEvent => ({ type: "failed", at, afterMs: undefined, tooLarge: false });

describe("people", () => {
  it("get one message for an incident, once it has settled", () => {
    const { record, run, sent } = world(forPeople);
    record(5);
    run(2_000);
    record(2);
    expect(sent).toEqual([]);
    run(4_000);
    expect(sent).toMatchObject([{ at: 5_000, first: 1, last: 7 }]);
  });

  it("don't wait for the end of a storm: the first digest comes after a quarter of a minute at the latest", () => {
    const { record, run, sent } = world(forPeople);
    for (let second = 0; second < 60; second++) {
      record();
      run(1_000);
    }
    expect(sent[0]?.at).toBe(15_000);
  });

  it("get at most five messages and then one in two minutes, and nothing is left out", () => {
    const { record, run, sent } = world(forPeople);
    for (let minute = 0; minute < 60; minute++) {
      record();
      run(60_000);
    }
    run(300_000);
    expect(sent.length).toBeLessThanOrEqual(5 + 30);
    expect(coverage(sent)).toEqual(numbers(60));
  });
});

describe("programs", () => {
  it("are told at once", () => {
    const { record, sent } = world(forPrograms);
    record();
    expect(sent).toMatchObject([{ at: 0, first: 1, last: 1 }]);
  });

  it("get a backlog in portions of 500, in order", () => {
    const { record, run, sent, answering, wayOut } = world(forPrograms);
    answering(refuse);
    record(100_000);
    run(DAY);
    answering((_id, at) => ({ type: "delivered", at }));
    wayOut();
    run(600_000);
    expect(coverage(sent.filter(({ at }) => at > DAY)).length).toBe(100_000);
    expect(sent.every(({ first, last }) => last - first < 500)).toBe(true);
  });

  it("get smaller portions when one is too large for them", () => {
    const { record, run, sent, answering } = world(forPrograms);
    answering(refuse);
    record();
    record(400);
    answering((id, at) => {
      const [first = 0, last = 0] = id.split("-").map(Number);
      return last - first >= 100
        ? { type: "failed", at, afterMs: undefined, tooLarge: true }
        : { type: "delivered", at };
    });
    run(60_000);
    expect(sent.at(-1)?.last).toBe(401);
  });
});

describe("a recipient who can't be reached", () => {
  it("is tried ever more slowly, with chance in the pauses, and never more than 120 times a day", () => {
    const { record, run, sent, answering } = world(forPrograms);
    answering(refuse);
    record();
    run(DAY);
    const pauses = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(2_500);
    expect(pauses[0]).toBeLessThanOrEqual(5_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(900_000);
    expect(sent.length).toBeGreaterThan(90);
    expect(sent.length).toBeLessThan(250);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  });

  it("is given up after seven days and never before, and what was lost is said with the next message", () => {
    const { record, run, given, answering, disk } = world(forPrograms);
    answering(refuse);
    record();
    run(7 * DAY - 1);
    expect(given).toEqual([]);
    run(DAY);
    expect(given).toEqual(["1-1"]);
    answering(() => undefined);
    record();
    run(1_000_000);
    expect(disk().batch).toMatchObject({ first: 2, missed: 1 });
  });

  it("is tried within three seconds when something answers again", () => {
    const { record, run, sent, answering, wayOut } = world(forPrograms);
    answering(refuse);
    record();
    run(DAY);
    answering((_id, at) => ({ type: "delivered", at }));
    const before = sent.length;
    wayOut();
    run(3_000);
    expect(sent.length).toBe(before + 1);
  });

  it("isn't hammered when a line flaps", () => {
    const { record, run, sent, answering, wayOut } = world(forPrograms);
    answering(refuse);
    record();
    run(DAY);
    const before = sent.length;
    for (let index = 0; index < 600; index++) {
      wayOut();
      run(100);
    }
    expect(sent.length - before).toBeLessThanOrEqual(4);
  });

  it("is let alone as long as it asks, up to an hour", () => {
    const { record, run, sent, answering } = world(forPrograms);
    answering((_id, at) => ({ type: "failed", at, afterMs: 40_000_000, tooLarge: false }));
    record();
    run(3_599_999);
    expect(sent.length).toBe(1);
    run(2);
    expect(sent.length).toBe(2);
  });
});

it("whatever is refused, delayed or killed: every event is told at least once, in order, repetitions under one id", () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant("record" as const), count: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ do: fc.constant("run" as const), count: fc.integer({ min: 0, max: 1_000_000 }) }),
    fc.record({
      do: fc.constantFrom("kill" as const, "way-out" as const, "break" as const, "mend" as const, "silent" as const),
      count: fc.constant(0),
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(forPeople, forPrograms), fc.array(act, { maxLength: 40 }), (manner, acts) => {
      const made = world(manner);
      let recorded = 0;
      for (const { do: what, count } of acts) {
        if (what === "record") {
          made.record(count);
          recorded += count;
        } else if (what === "run") made.run(count);
        else if (what === "kill") made.restart();
        else if (what === "way-out") made.wayOut();
        else if (what === "break") made.answering(refuse);
        else if (what === "silent") made.answering(() => undefined);
        else made.answering((_id, at) => ({ type: "delivered", at }));
      }
      made.answering((_id, at) => ({ type: "delivered", at }));
      made.restart();
      made.run(DAY);
      expect(coverage(made.sent)).toEqual(numbers(recorded));
      expect(made.disk().cursor).toBe(recorded);
      for (const [index, one] of made.sent.entries()) {
        const before = made.sent[index - 1];
        expect(before === undefined || one.first === before.last + 1 || one.id === before.id).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Every id told, once. */
function coverage(sent: readonly { readonly first: number; readonly last: number }[]): readonly number[] {
  const told = new Set<number>();
  for (const { first, last } of sent) for (let id = first; id <= last; id++) told.add(id);
  return [...told];
}
