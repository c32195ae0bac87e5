import { expect, it } from "vitest";
import { isQuietAt } from "./quiet.ts";
import { twoPorts } from "./simulate/houses.ts";
import { start } from "./start.ts";
import type { State } from "./state.ts";
import { step } from "./step.ts";

/** A host whose every probe has been answered within a millisecond for a minute, this long after its latest wake. */
function calmHost(): State {
  const config = twoPorts([]);
  let state = start(config, { at: 0, seed: 5, active: "eth0", withCarrier: ["eth0", "eth1"] });
  for (let at = 0; at < 60_000; at = state.wakeAt) {
    const [after, effects] = step(state, { type: "tick", at });
    state = after;
    for (const effect of effects) {
      if (effect.do === "probe") [state] = step(state, { type: "answer", at: at + 0.5, ...effect });
    }
  }
  return state;
}

it("a router that is heard while nothing is lost is remembered, by the short way as by the long one", () => {
  const state = calmHost();
  const at = state.now + 1;
  const [short, effects] = step(state, { type: "heard", at, port: "eth0" });
  // A state that knows of no quiet is thought through.
  const [long, alsoDone] = step({ ...state, quietUntil: at }, { type: "heard", at, port: "eth0" });
  expect(short).toEqual(long);
  expect([effects, alsoDone]).toEqual([[], []]);
  expect(short.ports.find(({ name }) => name === "eth0")?.heardAt).toBe(at);
});

it("a tick is called quiet as long as no probe is overdue, and never when the brain is woken late", () => {
  const state = calmHost();
  const [asked] = step(state, { type: "tick", at: state.wakeAt });
  const [probe] = asked.paths.flatMap(({ outstanding }) => outstanding);
  if (probe === undefined) throw new Error("no probe left");
  expect(isQuietAt(asked, probe.expiresAt - 0.1)).toBe(true);
  // Whether it was answered meanwhile, and lies unread, must be looked at before this one is told.
  expect(isQuietAt(asked, probe.expiresAt)).toBe(false);
  expect(isQuietAt(state, state.wakeAt + state.config.tuning.latenessMs)).toBe(false);
});
