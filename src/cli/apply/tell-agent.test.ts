import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { apply } from "../../transact/apply.ts";
import { confirm } from "../../transact/confirm.ts";
import { rollBack } from "../../transact/roll-back.ts";
import { chanceOf } from "../../transact/testing/chance.ts";
import { makeRealPlace } from "../../transact/testing/real-place.ts";
import { type TellChange, tellChanges } from "./tell-agent.ts";

test.skipIf(process.getuid?.() !== 0)(
  "each state of a change is told once, with who did it; without an agent it waits for one",
  async () => {
    const { ports, root, remove } = makeRealPlace(chanceOf(1));
    onTestFinished(remove);
    mkdirSync(join(root, "etc/network"), { recursive: true });
    writeFileSync(join(root, "etc/network/interfaces"), "old\n");
    const told: string[] = [];
    const agent: TellChange = async ({ state, who }) => told.push(`${state} by ${who}`) > 0;
    const nobody: TellChange = async () => false;
    const change = { backend: "guard" as const, files: [], quiesce: [], converge: [], restore: [] };
    const request = { change, summary: "a command", who: "alice", session: "one", seconds: 60 };
    const first = await apply(ports, request, { accept: "nothing", tell: () => {} });
    if (first.outcome !== "verified") throw new Error(first.outcome);
    await tellChanges(ports, agent);
    await tellChanges(ports, agent);
    expect(told).toEqual(["applied by alice"]);
    await confirm(ports, { by: "token", token: first.token, session: "two" });
    await tellChanges(ports, nobody, { id: first.id, who: "bob" });
    await tellChanges(ports, agent, { id: first.id, who: "bob" });
    expect(told).toEqual(["applied by alice", "confirmed by bob"]);
    // Its timer took it back, and nobody was there to tell.
    await apply(ports, request, { accept: "nothing", tell: () => {} });
    await rollBack(ports);
    await tellChanges(ports, agent);
    expect(told.slice(2)).toEqual(["rolled-back by "]);
  },
);
