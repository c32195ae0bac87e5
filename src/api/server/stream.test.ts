import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StreamDocuments } from "../dashboard.ts";
import { type House, logIn, openHouse, type Visitor } from "../testing/house.ts";

let house: House;
let viewer: Visitor;
beforeAll(async () => {
  house = await openHouse();
  viewer = await logIn(house, "viewer");
}, 60_000);
afterAll(() => house.close());

interface Told {
  readonly event: keyof StreamDocuments;
  readonly id: string;
  readonly data: never;
}

interface Watching {
  /** The next that is wanted, passing over others. */
  readonly next: (isWanted: (told: Told) => boolean) => Promise<Told>;
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/** As a browser's EventSource reads it. */
function watch(visitor: Visitor, headers: Readonly<Record<string, string>> = {}): Promise<Watching> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: house.port, path: "/api/v1/stream", agent: false };
    const asked = get({ ...options, headers: { ...visitor.headers, ...headers } }, (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) {
        reject(new Error(String(answer.statusCode)));
        answer.resume();
        return;
      }
      const told: Told[] = [];
      let wake = (): void => {};
      let rest = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        const parts = `${rest}${piece}`.split("\n\n");
        rest = parts.pop() ?? "";
        for (const part of parts) {
          const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
          if (field("event") === "") continue;
          told.push({
            event: field("event") as Told["event"],
            id: field("id"),
            data: JSON.parse(field("data")) as never,
          });
        }
        wake();
      });
      answer.on("error", () => {});
      const ended = new Promise<void>((done) => answer.on("close", () => done()));
      const next = async (isWanted: (one: Told) => boolean): Promise<Told> => {
        for (;;) {
          const one = told.shift();
          if (one !== undefined && isWanted(one)) return one;
          if (one === undefined) {
            await new Promise<void>((done) => {
              wake = done;
            });
          }
        }
      };
      resolve({ next, ended, close: () => asked.destroy() });
    });
    asked.on("error", reject);
  });
}

const named = (event: Told["event"]) => (told: Told) => told.event === event;

describe("the stream", () => {
  test("begins with the whole status, then tells what changed and what happened", async () => {
    const watching = await watch(viewer);
    expect((await watching.next(named("agent"))).data).toEqual({ answers: true, message: "" });
    expect((await watching.next(named("status"))).data).toMatchObject({ source: "agent", bond: { active: "eth0" } });
    house.say({ order: { pinned: "wlan0" } });
    const delta = await watching.next(({ event, data }) => event === "delta" && "order" in (data as object));
    expect(delta.data).toMatchObject({ order: { pinned: "wlan0" } });
    expect(Object.keys(delta.data)).not.toContain("bond");
    house.say({ order: "auto" });
    const { id } = house.store.append({ what: "carrier", port: "eth0", up: false });
    const event = await watching.next(named("event"));
    expect(event.id).toBe(String(id));
    expect(event.data).toMatchObject({ id, severity: "notice", event: { what: "carrier", port: "eth0" } });
    watching.close();
  }, 20_000);

  test("who comes back is told what he missed", async () => {
    const before = house.store.append({ what: "configured" });
    const missed = [1, 2, 3].map((gapMs) => house.store.append({ what: "suspended", gapMs }).id);
    const watching = await watch(viewer, { "Last-Event-ID": String(before.id) });
    const told = [];
    for (const _ of missed) told.push(Number((await watching.next(named("event"))).id));
    expect(told).toEqual(missed);
    watching.close();
  }, 20_000);

  test("ends with the session", async () => {
    const gone = await logIn(house, "viewer");
    const watching = await watch(gone);
    await watching.next(named("status"));
    const { ask } = await import("../testing/house.ts");
    await ask(house, "/api/v1/logout", { method: "POST", headers: gone.headers });
    expect((await watching.next(named("bye"))).data).toEqual({ reason: "logout" });
    await watching.ended;
  }, 20_000);

  test("a session that ends while its stream is still catching up ends that, too", async () => {
    const gone = await logIn(house, "viewer");
    const [{ ask }, watching] = [await import("../testing/house.ts"), watch(gone, { "Last-Event-ID": "0" })];
    await ask(house, "/api/v1/logout", { method: "POST", headers: gone.headers });
    // Asked for too late, it isn't begun at all.
    await (await watching.catch(() => ({ ended: Promise.resolve() }))).ended;
  }, 20_000);

  test("of one session no more than a browser opens, the others are told to wait", async () => {
    const many = await logIn(house, "viewer");
    const open = [];
    for (let n = 0; n < 6; n += 1) {
      const watching = await watch(many);
      await watching.next(named("status"));
      open.push(watching);
    }
    await expect(watch(many)).rejects.toThrow("503");
    for (const watching of open) watching.close();
  }, 30_000);

  test("a viewer who doesn't read is let go, the others hear every event", async () => {
    const slow = await logIn(house, "viewer");
    const sleeper = connect(house.port, "127.0.0.1");
    sleeper.write(`GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${slow.cookie}\r\n\r\n`);
    sleeper.on("error", () => {});
    await new Promise((done) => sleeper.once("data", done));
    sleeper.pause();
    const watching = await watch(viewer);
    await watching.next(named("status"));
    // More than any socket holds: some 17 MB. In step with who reads, so that he is never behind himself.
    const evidence = "x".repeat(8_000);
    for (let round = 0; round < 100; round += 1) {
      let last = 0;
      for (let n = 0; n < 20; n += 1) last = house.store.append({ what: "warning", port: "eth0", evidence }).id;
      await watching.next(({ id }) => id === String(last));
    }
    watching.close();
    // What it had been sent is still to be read; then the connection is over, in the midst of things.
    const isOver = new Promise((done) => sleeper.once("close", done));
    sleeper.resume();
    await isOver;
  }, 60_000);
});

test("without the agent the kernel is shown, and it is said", async () => {
  const watching = await watch(viewer);
  await watching.next(named("status"));
  await house.endAgent();
  const agent = await watching.next(named("agent"));
  expect(agent.data).toMatchObject({ answers: false });
  watching.close();
}, 20_000);
