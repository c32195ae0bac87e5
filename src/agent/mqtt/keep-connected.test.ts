import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ok } from "../../model/result.ts";
import type { Connection } from "./connection.ts";
import { keepConnected } from "./keep-connected.ts";

/** A connection that ends when it is told to, and how. */
function connection(): { readonly connection: Connection; readonly die: (reason: string) => void } {
  let die = (_reason: string): void => {};
  const ended = new Promise<string>((done) => {
    die = done;
  });
  const end = async (): Promise<void> => {
    die("ended");
    await ended;
  };
  const taken = () => Promise.resolve(ok(undefined));
  const check = (withinMs: number): void => void setTimeout(() => die("no sign of life"), withinMs);
  return { connection: { publish: taken, subscribe: taken, check, end, ended }, die };
}

const greeted = () => Promise.resolve(ok(undefined));
const log = (): void => {};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a connection that is kept", () => {
  it("isn't fought over with a namesake: one that ends at once is made ever more seldom", async () => {
    let opened = 0;
    const open = () => {
      opened += 1;
      const { connection: one, die } = connection();
      die("another client with the same name took its place");
      return Promise.resolve(ok(one));
    };
    const kept = keepConnected({ open, onOpen: greeted, log });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(opened).toBeLessThan(30);
    await kept.stop(greeted);
  });

  it("is back within a second or so after it has held", async () => {
    const made: ReturnType<typeof connection>[] = [];
    const open = () => {
      const one = connection();
      made.push(one);
      return Promise.resolve(ok(one.connection));
    };
    const kept = keepConnected({ open, onOpen: greeted, log });
    for (const count of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(60_000);
      expect(made).toHaveLength(count);
      made.at(-1)?.die("the broker closed the connection");
      await vi.advanceTimersByTimeAsync(1_001);
    }
    await kept.stop(greeted);
  });

  it("is let go of in time when its broker has died without a word", async () => {
    const { connection: one, die } = connection();
    const kept = keepConnected({ open: () => Promise.resolve(ok(one)), onOpen: greeted, log });
    await vi.advanceTimersByTimeAsync(1);
    const stopped = kept.stop(() => new Promise(() => {})).then(() => "stopped");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await Promise.race([stopped, Promise.resolve("still waiting")])).toBe("stopped");
    die("for the rest of the test");
  });

  it("may die while it hears goodbye", async () => {
    const { connection: one, die } = connection();
    const kept = keepConnected({ open: () => Promise.resolve(ok(one)), onOpen: greeted, log });
    await vi.advanceTimersByTimeAsync(1);
    const stopped = kept.stop(async () => {
      die("no answer for 10 s");
      await vi.advanceTimersByTimeAsync(1);
    });
    await expect(stopped).resolves.toBeUndefined();
  });

  it("is given up while it is greeted, by a way that has opened and by the end", async () => {
    let opened = 0;
    const ending: string[] = [];
    const open = () => {
      opened += 1;
      const { connection: one } = connection();
      void one.ended.then((reason) => ending.push(reason));
      return Promise.resolve(ok(one));
    };
    const onOpen = (one: Connection) => one.ended.then((error) => ({ ok: false, error }) as const);
    const kept = keepConnected({ open, onOpen, log });
    await vi.advanceTimersByTimeAsync(3_500);
    kept.hurry();
    await vi.advanceTimersByTimeAsync(4_001);
    expect([opened, ending]).toEqual([2, ["no sign of life"]]);
    // Not with a goodbye: then the broker would keep to itself that the host is gone.
    const stopped = kept.stop(greeted);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(ending).toEqual(["no sign of life", "no sign of life"]);
  });
});
