import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { apply } from "./apply.ts";
import { confirm } from "./confirm.ts";
import type { Ports, Probes } from "./ports.ts";
import { pending } from "./status.ts";
import { chanceOf } from "./testing/chance.ts";
import { makeRealPlace, writeImage } from "./testing/real-place.ts";

const image = (text: string) => ({ bytes: Buffer.from(text), mode: 0o644, uid: 0, gid: 0 });

/** A host whose time passes only while somebody sleeps. */
function slowHost(prove: Probes["prove"]) {
  const { ports, root, remove } = makeRealPlace(chanceOf(1));
  onTestFinished(remove);
  const path = join(root, "etc/network/interfaces");
  writeImage(path, image("old\n"));
  let now = 1000;
  const clock: Ports["clock"] = {
    ...ports.clock,
    now: () => now,
    async sleep(seconds) {
      now += seconds;
      await turn();
    },
  };
  const change = {
    backend: "ifupdown" as const,
    files: [{ path, before: image("old\n"), after: image("new\n"), isSecret: false }],
    quiesce: [],
    converge: [],
    restore: [],
  };
  const request = { change, summary: "a bond", who: "alice", session: "one", seconds: 30 };
  return { ports: { ...ports, clock, probes: { ...ports.probes, prove } }, request, path, now: () => now };
}

describe.skipIf(process.getuid?.() !== 0)("a deadline inside of a proof", () => {
  it("is kept to the second: what asks without end is stopped, and the old files are back", async () => {
    const stopped: AbortSignal[] = [];
    const host = slowHost((_, signal) => {
      stopped.push(signal);
      return new Promise(() => {});
    });
    const decided: number[] = [];
    const applied = await apply(host.ports, host.request, {
      accept: "nothing",
      tell: ({ what }) => void (what === "going-back" && decided.push(host.now())),
    });
    expect(applied).toMatchObject({ outcome: "went-back", why: "its deadline came before it was proven" });
    // The deadline is at 1030.
    expect(decided[0]).toBeGreaterThan(1028);
    expect(decided[0]).toBeLessThanOrEqual(1031);
    expect(stopped.map(({ aborted }) => aborted)).toEqual([true]);
    expect(readFileSync(host.path, "utf8")).toBe("old\n");
  });

  it("ends a confirmation by probes, too", async () => {
    let asked = 0;
    const host = slowHost(() => {
      asked += 1;
      return asked === 1 ? Promise.resolve([]) : new Promise(() => {});
    });
    const applied = await apply(host.ports, host.request, { accept: "nothing", tell: () => {} });
    expect(applied.outcome).toBe("verified");
    const done = await confirm(host.ports, { by: "probes" });
    expect(done).toMatchObject({ ok: false, error: { code: "too-late" } });
    expect(host.now()).toBeLessThanOrEqual(1031);
    expect(pending(host.ports)?.state).toBe("verified");
  });
});
