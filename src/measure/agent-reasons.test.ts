import { describe, expect, test } from "vitest";
import type { Scenario } from "../topology/lab-plan.ts";
import { judgeScenario } from "./judge.ts";
import { bond, cable, type TraceRecipe, traceOf } from "./testing/traces.ts";

const uplink: Scenario = { ...cable, id: "uplink", kind: "uplink", carrierTells: false };
const moved = "Traffic moved from em1 to wlan0 because nothing beyond the router answers.";
const switchedAt = (atMs: number) => [
  { atMs: 0, port: "em1" },
  { atMs, port: "wlan0" },
];

function reasonOf(recipe: TraceRecipe, scenario: Scenario, outageMs = 300): string {
  const objectives = { outageMs, tcp: "survives" as const };
  const context = { clock: "virtual", objectives, up: { bonds: [bond] } } as const;
  return judgeScenario(scenario, [traceOf(recipe)], context).reason ?? "held";
}

/** What the kernel's own monitors would need is no remedy once the agent watches. */
const kernelsRemedies = /miimon|arp_interval|downdelay|updelay|an agent that probes/;

describe("the reason of a missed objective, where the agent watched", () => {
  const agent = [{ atMs: 1_200, text: moved }];

  test("a late move: what it may take at most, and what the agent said", () => {
    const recipe = { lost: [[500, 1_210] as const], activePort: switchedAt(1_205) };
    const watched = reasonOf({ ...recipe, agent }, uplink);
    expect(watched).toContain("after 705 ms");
    expect(watched).toContain("up to 900 ms");
    expect(watched).toContain(moved);
    expect(watched).not.toMatch(kernelsRemedies);
    expect(reasonOf(recipe, uplink)).toMatch(/The kernel moved bond0.*Shorten miimon/);
  });

  test("a move after which nothing comes back doesn't invent a gateway that is missing", () => {
    const recipe = { lost: [[500, 2_000] as const], activePort: switchedAt(600) };
    const watched = reasonOf({ ...recipe, agent: [{ atMs: 600, text: moved }] }, uplink);
    expect(watched).toMatch(/to wlan0 after 100 ms, but some packets never came back/);
    expect(watched).not.toMatch(/default route|miimon/);
    expect(reasonOf(recipe, uplink)).toMatch(/needs its own address and default route/);
  });

  test("a late return names neither the agent's own work nor an option", () => {
    const recipe = { lost: [[500, 1_900] as const], activePort: switchedAt(560) };
    const watched = reasonOf({ ...recipe, agent }, uplink);
    expect(watched).toMatch(/came back only after 1.4 s/);
    expect(watched).not.toMatch(kernelsRemedies);
  });

  test("no move: why it stays, and its last words", () => {
    const watched = reasonOf({ lost: [[500, 2_000]], agent: [{ atMs: 900, text: "Nothing gets through." }] }, uplink);
    expect(watched).toMatch(/left bond0 on em1 \(outage: no end\).*Nothing gets through/);
    expect(watched).not.toMatch(kernelsRemedies);
    expect(reasonOf({ lost: [[500, 2_000]] }, uplink)).toMatch(/an agent that probes them/);
  });

  test("the way back is the agent's too", () => {
    const activePort = [...switchedAt(550), { atMs: 2_040, port: "em1" }];
    const recipe = { lost: [[500, 550] as const, [2_040, 6_000] as const], endAtMs: 7_000, activePort };
    const scenario = { ...cable, settleMs: 4_000 };
    expect(reasonOf({ ...recipe, agent }, scenario)).toMatch(/Going back to em1 .*answered for a while/);
    expect(reasonOf({ ...recipe, agent }, scenario)).not.toMatch(kernelsRemedies);
    expect(reasonOf(recipe, scenario)).toMatch(/spanning tree.*updelay/);
  });
});
