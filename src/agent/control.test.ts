import { mkdtemp, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EventStore, openEvents } from "../store/events.ts";
import type { Order } from "./agent.ts";
import { type Control, serveControl } from "./control.ts";

let scratch = "";
let socket = "";
let store: EventStore;
let control: Control;
const orders: Order[] = [];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "holdfast-control-"));
  socket = join(scratch, "agent.sock");
  const opened = await openEvents(join(scratch, "events"));
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
  orders.length = 0;
  const served = await serveControl(socket, {
    status: () => ({ source: "agent" }),
    store,
    metrics: () => "holdfast_up 1\n",
    paths: (query) => ({ stepMs: query.step === "minute" ? 60_000 : 1_000, from: query.from ?? 0, paths: [] }),
    note: (said) => void store.append(said),
    order(order) {
      if ("port" in order && order.port !== "eth0") return "there is no such port";
      orders.push(order);
      return undefined;
    },
  });
  if (!served.ok) throw new Error(served.error);
  control = served.value;
});

afterEach(async () => {
  await control.close();
  await store.close();
  await rm(scratch, { recursive: true });
});

function ask(path: string, method = "GET"): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: socket, path, method, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        body += piece;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on("error", reject).end();
  });
}

/** Lines of an answer that doesn't end, as they come; the connection ends with the last one wanted. */
function follow(path: string, wanted: number, onLine: (count: number) => void): Promise<readonly { id: number }[]> {
  return new Promise((resolve, reject) => {
    const seen: { id: number }[] = [];
    const asked = request({ socketPath: socket, path, agent: false }, (answer) => {
      let rest = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        const lines = (rest + piece).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          if (line === "") continue;
          seen.push(JSON.parse(line) as { id: number });
          onLine(seen.length);
        }
        if (seen.length < wanted) return;
        asked.destroy();
        resolve(seen);
      });
    });
    asked.on("error", (problem) => (seen.length < wanted ? reject(problem) : undefined)).end();
  });
}

describe("the agent's socket", () => {
  test("gives what it remembers of its paths", async () => {
    const { body } = await ask("/paths?step=minute&from=1700000000000&to=x");
    expect(JSON.parse(body)).toEqual({ stepMs: 60_000, from: 1_700_000_000_000, paths: [] });
  });

  test("is for root and the group alone", async () => {
    expect((await stat(socket)).mode & 0o777).toBe(0o660);
  });

  test("gives status and metrics, and nothing it doesn't know", async () => {
    expect(JSON.parse((await ask("/status")).body)).toEqual({ source: "agent" });
    expect((await ask("/metrics")).body).toBe("holdfast_up 1\n");
    expect((await ask("/etc/passwd")).status).toBe(404);
    expect((await ask("/pin?port=eth0")).status).toBe(404);
  });

  test("takes orders, and says why it doesn't", async () => {
    expect((await ask("/pin?port=eth0", "POST")).status).toBe(200);
    expect((await ask("/reselect-now", "POST")).status).toBe(200);
    expect(await ask("/drain?port=eth9", "POST")).toMatchObject({
      status: 422,
      body: expect.stringContaining("no such port"),
    });
    expect(orders).toEqual([{ type: "pin", port: "eth0" }, { type: "reselect-now" }]);
  });

  test("gives the events asked for", async () => {
    for (let count = 0; count < 5; count++) store.append({ what: "configured" });
    const { events } = JSON.parse((await ask("/events?limit=2&order=newest-first")).body) as {
      events: { id: number }[];
    };
    expect(events.map(({ id }) => id)).toEqual([5, 4]);
    const later = JSON.parse((await ask("/events?after=3")).body) as { events: { id: number }[] };
    expect(later.events.map(({ id }) => id)).toEqual([4, 5]);
    expect((await ask("/events?limit=nonsense&since=x")).status).toBe(200);
  });

  test("follows without a gap and without a repetition from what was to what comes", async () => {
    for (let count = 0; count < 3; count++) store.append({ what: "configured" });
    const lines = await follow("/events?follow=1&after=1", 6, (count) => {
      if (count <= 4) store.append({ what: "configured" });
    });
    expect(lines.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  test("is gone with the agent, and taken over from one that was killed", async () => {
    const again = await serveControl(socket, {
      status: () => ({ source: "other" }),
      store,
      metrics: () => "",
      order: () => undefined,
    });
    expect(JSON.parse((await ask("/status")).body)).toEqual({ source: "other" });
    if (again.ok) await again.value.close();
    await expect(stat(socket)).rejects.toThrow("ENOENT");
  });
});

test("what became of a change stands in the history with who did it; nonsense does not", async () => {
  const kept = { transaction: "000042-k3f9qa", summary: "bond0: miimon 100 → 50", who: "alice (uid 1000)" };
  const said = { id: kept.transaction, summary: kept.summary, who: kept.who };
  const post = (words: Record<string, string>) => ask(`/change?${new URLSearchParams(words)}`, "POST");
  expect((await post({ state: "applied", ...said })).status).toBe(200);
  expect((await post({ state: "rolled-back", ...said, who: "bob\u001b[31m" })).status).toBe(200);
  expect((await post({ state: "perhaps", ...said })).status).toBe(422);
  expect((await post({ state: "confirmed", id: "../x" })).status).toBe(422);
  const { events } = await store.read({});
  expect(events.map(({ event }) => event)).toEqual([
    { what: "change", state: "applied", ...kept },
    { what: "change", state: "rolled-back", ...kept, who: "bob [31m" },
  ]);
});

test("a drill's beginning and its result, or that it was stopped, stand in the history; nonsense does not", async () => {
  expect((await ask("/drill?begins=4", "POST")).status).toBe(200);
  expect((await ask("/drill?verdict=held&outage=84.5&cut=carrier-em1", "POST")).status).toBe(200);
  expect((await ask("/drill?verdict=missed", "POST")).status).toBe(200);
  expect((await ask("/drill?stopped", "POST")).status).toBe(200);
  expect((await ask("/drill?verdict=perhaps", "POST")).status).toBe(422);
  expect((await ask("/drill?verdict=held&outage=long", "POST")).status).toBe(422);
  const { events } = await store.read({});
  expect(events.map(({ event }) => event)).toEqual([
    { what: "drill-begins", cuts: 4 },
    { what: "drilled", verdict: "held", outageMs: 84.5, cut: "carrier-em1" },
    { what: "drilled", verdict: "missed", outageMs: null, cut: "" },
    { what: "drill-stopped" },
  ]);
});
