import { describe, expect, test } from "vitest";
import type { OutageEntry, ToldEvent } from "./documents.ts";
import { emptyModel, update } from "./model.ts";
import { calm, noon } from "./testing/house.ts";

const event = (id: number, severity: ToldEvent["severity"] = "notice"): ToldEvent => ({
  id,
  at: noon,
  bootId: "",
  monotonicMs: 0,
  event: { what: "configured" },
  title: `event ${id}`,
  text: "",
  severity,
});

describe("the page's state", () => {
  const known = update(emptyModel(noon - 5_000), { type: "status", status: calm });

  test("goes by the host's clock, whatever the browser's says", () => {
    expect(known.now).toBe(noon);
    expect(update(known, { type: "tick", byMs: 1_000 }).now).toBe(noon + 1_000);
  });

  test("a delta changes what it names; null takes away what may be absent, and stays where null says something", () => {
    const ups = { name: "ups", state: "mains" as const, chargePercent: null, runtimeMs: null };
    const first = update(known, { type: "delta", delta: { at: noon + 1, ups, since: null } });
    expect(first.status).toMatchObject({ at: noon + 1, ups, since: null, bond: { active: "em1" } });
    const second = update(first, { type: "delta", delta: { ups: null } as never });
    expect(second.status).not.toHaveProperty("ups");
  });

  test("events that were told twice stand once, the newest first; only what matters is said aloud", () => {
    let model = known;
    for (const each of [event(7), event(9, "critical"), event(7), event(8)])
      model = update(model, { type: "event", event: each });
    expect(model.documents.events?.events.map(({ id }) => id)).toEqual([9, 8, 7]);
    expect(model.said).toBe("event 9");
  });

  test("older events follow those that are known, and none stands twice", () => {
    const page = { events: [event(6), event(5)], next: null, damaged: 0 };
    const model = update(update(known, { type: "event", event: event(6) }), { type: "older", page });
    expect(model.documents.events?.events.map(({ id }) => id)).toEqual([6, 5]);
  });

  test("older troubles follow those that are known, each once, and the next page is the one behind them", () => {
    const outage = (at: number) => ({ at }) as OutageEntry;
    const first = { outages: [outage(9), outage(8)], next: 8, knownSince: 1 };
    const older = { outages: [outage(8), outage(7)], next: null, knownSince: 1 };
    let model = update(known, { type: "document", name: "outages", document: first });
    for (const page of [older, older]) model = update(model, { type: "older-outages", page });
    expect(model.documents.outages?.outages.map(({ at }) => at)).toEqual([9, 8, 7]);
    expect(model.documents.outages?.next).toBeNull();
  });

  test("another login begins from nothing", () => {
    const session = { user: null, role: null, token: null, expiresAt: null, host: "", version: "" };
    expect(update(known, { type: "session", session }).status).toBeUndefined();
  });
});
