import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { drillHost } from "../drill/live-drill.ts";
import { lockDirectory } from "../host/linux/file-lock.ts";
import { emptyConfig } from "../model/config.ts";
import { apply } from "./apply.ts";
import { hostPorts } from "./host-ports.ts";
import { chanceOf } from "./testing/chance.ts";
import { describeTree, makeRealPlace } from "./testing/real-place.ts";

function place() {
  const { root, ports, remove } = makeRealPlace(chanceOf(1));
  onTestFinished(remove);
  const { lock, drills } = hostPorts({ places: ports.places });
  const change = { backend: "guard" as const, files: [], quiesce: [], converge: [], restore: [] };
  const request = { change, summary: "a command", who: "alice", session: "one", seconds: 60 };
  return { root, ports: { ...ports, lock, drills }, request };
}

function drill(run: string, transactions: string) {
  return drillHost({
    ports: [],
    uplinks: [],
    kinds: ["carrier"],
    config: emptyConfig,
    agent: {
      status: async () => undefined,
      goBack: async () => false,
      begins: async () => false,
      stopped: async () => false,
    },
    places: { run, transactions },
    limitMs: 1000,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
}

describe.skipIf(process.getuid?.() !== 0)("a drill and a change of the network", () => {
  it("a change is refused while a drill has the host, and nothing is left of it", async () => {
    const { root, ports, request } = place();
    const drilling = ports.drills.take();
    expect(drilling.ok).toBe(true);
    const before = describeTree(join(root, "var"));
    const applied = await apply(ports, request, { accept: "nothing", tell: () => {} });
    expect(applied).toMatchObject({ outcome: "refused", refusal: { code: "drill", hint: "Wait for its end." } });
    expect(describeTree(join(root, "var"))).toEqual(before);
    if (drilling.ok) drilling.value();
    const again = await apply(ports, request, { accept: "nothing", tell: () => {} });
    expect(again.outcome).toBe("verified");
  });

  it("a drill is refused while a change is being driven", async () => {
    const { ports, request } = place();
    const { run, state } = ports.places;
    const seen: unknown[] = [];
    const probes = {
      ...ports.probes,
      async prove() {
        seen.push(await drill(run, state), lockDirectory(join(run, "drill")).ok);
        return [];
      },
    };
    await apply({ ...ports, probes }, request, { accept: "nothing", tell: () => {} });
    const message = expect.stringMatching(/^another drill is under way, or a change of the network/);
    expect(seen).toEqual([expect.objectContaining({ ok: false, error: expect.objectContaining({ message }) }), false]);
  });
});
