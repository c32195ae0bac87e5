import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kept } from "../watch/chronicle.ts";
import { openEvents, readEvents, type StoredEvent } from "./events.ts";
import { freshPlaces, openStore } from "./testing/places.ts";

const warning = (evidence: string): Kept => ({ what: "warning", port: "eth0", evidence });

function textsOf(events: readonly StoredEvent[]): readonly string[] {
  return events.map(({ event }) => (event.what === "warning" ? event.evidence : event.what));
}

function segmentsIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .map((name) => join(directory, name));
}

async function readOrThrow(...args: Parameters<typeof readEvents>) {
  const read = await readEvents(...args);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

describe("a journal of events", () => {
  it("gives back what it was given, in order, before and after it was closed", async () => {
    const { journal, spool } = freshPlaces();
    const store = await openStore(journal, { spool });
    const kept = ["one", 'two «é» \u2028 \n {"crc":"', "three"].map((text) => store.append(warning(text)));
    expect((await store.read()).events).toEqual(kept);
    await store.flush();
    expect((await store.read()).events).toEqual(kept);
    await store.close();
    expect(await readOrThrow(journal)).toEqual({ events: kept, damage: [] });
  });

  it("makes the directory in memory where nobody has made it", async () => {
    const { journal, spool } = freshPlaces();
    const store = await openStore(journal, { spool: join(spool, "run", "holdfast"), syncMs: 60_000 });
    const kept = store.append(warning("one"));
    expect((await readOrThrow(journal, {}, join(spool, "run", "holdfast"))).events).toEqual([kept]);
  });

  it("is lines of JSON, for any tool", async () => {
    const { journal } = freshPlaces();
    const store = await openStore(journal);
    const { id, at } = store.append({ what: "carrier", port: "eth0", up: false });
    await store.flush();
    const lines = segmentsIn(journal).flatMap((path) => readFileSync(path, "utf8").trimEnd().split("\n"));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ id, at, event: { what: "carrier", port: "eth0", up: false } }),
    ]);
  });

  it("can be read by another process while it is written, each event once", async () => {
    const { journal, spool } = freshPlaces();
    const store = await openStore(journal, { spool, syncMs: 0, segmentBytes: 2000 });
    for (let round = 0; round < 50; round += 1) {
      for (let count = 0; count < 5; count += 1) store.append(warning(`${round}.${count}`));
      const { events, damage } = await readOrThrow(journal, {}, spool);
      expect(damage).toEqual([]);
      expect(events.length).toBe((round + 1) * 5);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    }
  });

  it("refuses a second writer, and says who the first is", async () => {
    const { journal } = freshPlaces();
    const first = await openStore(journal);
    const second = await openEvents(journal);
    expect(second).toMatchObject({ ok: false, error: { code: "in-use" } });
    if (!second.ok) expect(second.error.message).toContain(`process ${process.pid}`);
    await first.close();
    await (await openStore(journal)).close();
  });

  it("tells those who follow, once each and in order, when who appended has done what comes next", async () => {
    const { journal } = freshPlaces();
    const store = await openStore(journal);
    const heard: StoredEvent[] = [];
    const end = store.follow((event) => heard.push(event));
    const kept = [store.append(warning("a")), store.append(warning("b"))];
    end();
    store.append(warning("c"));
    expect(heard).toEqual([]);
    await Promise.resolve();
    expect(heard).toEqual(kept);
  });

  it("a missing journal holds no events", async () => {
    expect(await readOrThrow(join(freshPlaces().journal, "nowhere"))).toEqual({ events: [], damage: [] });
  });
});

describe("ids", () => {
  it("go on after an orderly end without a gap, and grow whatever the wall clock does", async () => {
    const { journal, spool } = freshPlaces();
    let wall = 2_000_000_000_000;
    const first = await openStore(journal, { spool, wall: () => wall });
    const before = first.append(warning("before"));
    await first.close();
    wall = 0;
    const second = await openStore(journal, { spool, wall: () => wall });
    const after = second.append(warning("after"));
    expect(after.id).toBe(before.id + 1);
    expect(after.at).toBe(0);
    expect(textsOf((await second.read()).events)).toEqual(["before", "after"]);
  });

  it("are never given twice after a power cut that took the last second with it", async () => {
    const { journal, spool } = freshPlaces();
    const first = await openStore(journal, { spool, bootId: "a", syncMs: 60_000 });
    first.append(warning("on the disk"));
    await first.flush();
    const cut = first.append(warning("only in memory"));
    // What a power cut leaves: the disk as it is now, nothing in memory, another boot.
    const disk = segmentsIn(journal).map((path) => ({ path, bytes: readFileSync(path) }));
    await first.close();
    rmSync(join(journal, "closed"));
    for (const name of readdirSync(spool).filter((each) => each.endsWith(".spool"))) rmSync(join(spool, name));
    for (const { path, bytes } of disk) writeFileSync(path, bytes);
    const second = await openStore(journal, { spool, bootId: "b" });
    expect(second.append(warning("next boot")).id).toBeGreaterThan(cut.id);
    expect(textsOf((await second.read()).events)).toEqual(["on the disk", "next boot"]);
  });
});

describe("a bounded journal", () => {
  it("drops the oldest events and keeps within its size", async () => {
    const { journal } = freshPlaces();
    const store = await openStore(journal, { maxBytes: 20_000, segmentBytes: 4000 });
    for (let count = 0; count < 400; count += 1) {
      store.append(warning(`${count}`));
      if (count % 7 === 0) await store.flush();
    }
    await store.flush();
    const bytes = segmentsIn(journal).reduce((sum, path) => sum + statSync(path).size, 0);
    expect(bytes).toBeLessThanOrEqual(20_000);
    const texts = textsOf((await store.read()).events);
    expect(texts.length).toBeGreaterThan(70);
    expect(texts).toEqual(Array.from({ length: texts.length }, (_, index) => `${400 - texts.length + index}`));
  });
});

const query = fc.record(
  {
    since: fc.integer({ min: 0, max: 60 }),
    until: fc.integer({ min: 0, max: 60 }),
    afterId: fc.integer({ min: 0, max: 60 }),
    beforeId: fc.integer({ min: 0, max: 60 }),
    kinds: fc.constantFrom<readonly string[]>(["warning"], ["suspended", "configured"], ["carrier"]),
    limit: fc.integer({ min: 0, max: 60 }),
    order: fc.constantFrom("oldest-first" as const, "newest-first" as const),
  },
  { requiredKeys: [] },
);

it("a query gives what filtering all events gives, wherever they lie", async () => {
  const { journal, spool } = freshPlaces();
  let wall = 0;
  const store = await openStore(journal, { spool, segmentBytes: 700, syncMs: 60_000, wall: () => wall });
  const all: StoredEvent[] = [];
  for (let count = 0; count < 50; count += 1) {
    // The wall clock goes forth and back.
    wall = (count * 37) % 53;
    all.push(store.append(count % 7 === 0 ? { gapMs: count, what: "suspended" } : warning(`${count}`)));
    if (count === 40) await store.flush();
  }
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const { since = 0, until = 99, afterId = 0, beforeId = 99, limit = 99, order, kinds } = asked;
      const inSpan = all.filter(({ id, at }) => id > afterId && id < beforeId && at >= since && at <= until);
      const wanted = inSpan.filter(({ event }) => kinds?.includes(event.what) ?? true);
      if (order === "newest-first") wanted.reverse();
      expect((await store.read(asked)).events).toEqual(wanted.slice(0, limit));
      expect((await readOrThrow(journal, asked, spool)).events).toEqual(wanted.slice(0, limit));
    }),
    { numRuns: 120 },
  );
});

describe("damage", () => {
  async function threeRecords() {
    const { journal, spool } = freshPlaces();
    const store = await openStore(journal, { spool, bootId: "b" });
    for (const text of ["first", "second", "third"]) store.append(warning(text));
    await store.close();
    const [path = ""] = segmentsIn(journal);
    return { journal, spool, path, bytes: readFileSync(path) };
  }

  it("of any one byte costs exactly the record it is in, and is reported", async () => {
    const { journal, path, bytes } = await threeRecords();
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const value of [0x0a, (bytes[at] ?? 0) ^ 1]) {
        if (value === bytes[at]) continue;
        const broken = Buffer.from(bytes);
        broken[at] = value;
        writeFileSync(path, broken);
        const { events, damage } = await readOrThrow(journal);
        const hit = ends.findIndex((end) => at <= end);
        const expected = ["first", "second", "third"].filter((_, index) => index !== hit);
        // The line break isn't part of what the checksum covers: the record before it is whole.
        const isBreak = ends.includes(at);
        expect([at, value, ...textsOf(events)]).toEqual([
          at,
          value,
          ...(isBreak ? ["first", "second", "third"] : expected),
        ]);
        const isBeingWritten = hit === 2 && broken.at(-1) !== 0x0a;
        if (!isBreak && !isBeingWritten) expect(damage).toHaveLength(1);
      }
    }
  }, 60_000);

  it("at the end, cut off at every byte: what is whole is kept, and the journal goes on", async () => {
    const { journal, path, bytes } = await threeRecords();
    for (let length = bytes.lastIndexOf(0x0a, bytes.length - 2); length < bytes.length; length += 1) {
      for (const segment of segmentsIn(journal)) rmSync(segment);
      for (const name of ["closed"]) rmSync(join(journal, name), { force: true });
      writeFileSync(path, bytes.subarray(0, length));
      const store = await openStore(journal, { spool: journal, bootId: `boot ${length}` });
      const whole = textsOf((await store.read()).events).filter((text) => text !== "store-damaged");
      const { id } = store.append(warning("after"));
      await store.close();
      const { events } = await readOrThrow(journal);
      expect(textsOf(events).filter((text) => text !== "store-damaged")).toEqual([...whole, "after"]);
      expect(id).toBeGreaterThan(3);
      expect(whole.length).toBe(bytes.subarray(0, length + 1).filter((byte) => byte === 0x0a).length);
      for (const name of readdirSync(journal).filter((each) => each.endsWith(".spool"))) rmSync(join(journal, name));
    }
  }, 60_000);

  it("is recorded as an event when the journal is opened", async () => {
    const { journal, spool, path } = await threeRecords();
    appendFileSync(path, Buffer.alloc(300));
    const store = await openStore(journal, { spool, bootId: "another" });
    const events = (await store.read()).events;
    expect(events.at(-1)?.event).toEqual({ what: "store-damaged", regions: 1, bytes: 300 });
    await store.close();
    const again = await openStore(journal, { spool });
    expect((await again.read()).events).toHaveLength(events.length);
  });

  it("of any kind throws nothing and invents nothing", async () => {
    const { journal, path, bytes } = await threeRecords();
    const whole = new Set(["first", "second", "third"]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 0, maxLength: 40 }), fc.nat(60)), {
          maxLength: 4,
        }),
        async (edits) => {
          let broken = Buffer.from(bytes);
          for (const [at, put, gone] of edits) {
            broken = Buffer.concat([broken.subarray(0, at), put, broken.subarray(at + gone)]);
          }
          writeFileSync(path, broken);
          for (const text of textsOf((await readOrThrow(journal)).events)) expect(whole).toContain(text);
        },
      ),
      { numRuns: 200 },
    );
  });
});
