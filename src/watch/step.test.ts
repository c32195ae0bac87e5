import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import { twoPorts } from "./simulate/houses.ts";
import { offence } from "./simulate/invariants.ts";
import { start } from "./start.ts";
import type { State, WatchConfig } from "./state.ts";
import { step } from "./step.ts";

const far = ["9.9.9.9", "1.1.1.1"];
const house: WatchConfig = (() => {
  const config = twoPorts(far);
  const [first, second] = config.ports;
  if (first === undefined || second === undefined) throw new Error("two ports");
  const radio = { ...first, name: "wlan0", medium: "radio", probes: "while-active", far: [] } as const;
  return { ...config, ports: [first, { ...second, metered: true }, radio] };
})();

const port = fc.constantFrom("eth0", "eth1", "wlan0", "nowhere");
const target = fc.constantFrom("192.168.1.254", ...far);

/** What happens next, and how long after the last event (or at the wake asked for). */
type Happening = { readonly wait: number | "wake"; readonly event: (at: number, state: State) => Event };

function happening(what: fc.Arbitrary<(at: number, state: State) => Event>): fc.Arbitrary<Happening> {
  const wait = fc.oneof(
    { weight: 6, arbitrary: fc.constant("wake" as const) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 200_000 }) },
  );
  return fc.record({ wait, event: what });
}

const tick = fc.constant((at: number): Event => ({ type: "tick", at }));
const answer = fc.nat(20).map((back) => (at: number, state: State): Event => {
  // The answer to something that was asked, or to nothing.
  const asked = state.paths.flatMap((path) => path.outstanding.map((one) => ({ path, id: one.id })));
  const one = asked[back % Math.max(1, asked.length)];
  return { type: "answer", at, port: one?.path.port ?? "eth0", target: one?.path.target ?? "x", id: one?.id ?? back };
});
const forged = fc.tuple(port, target, fc.integer()).map(([name, to, id]) => (at: number): Event => {
  return { type: "answer", at, port: name, target: to, id };
});
const carrier = fc.tuple(port, fc.boolean()).map(([name, up]) => (at: number): Event => {
  return { type: "carrier", at, port: name, up };
});
const named = fc
  .tuple(fc.constantFrom("port-gone", "port-back", "kernel-active", "heard", "pin", "drain", "undrain"), port)
  .map(
    ([type, name]) =>
      (at: number): Event =>
        ({ type, at, port: name }) as Event,
  );
const bare = fc.constantFrom("auto", "reselect-now").map(
  (type) =>
    (at: number): Event =>
      ({ type, at }) as Event,
);
const rare = fc.constantFrom(
  (at: number): Event => ({ type: "suspended", at, gapMs: 1e7 }),
  (at: number): Event => ({ type: "config", at, config: house }),
  (at: number): Event => ({ type: "drift", at, option: "primary", value: "eth0" }),
  (at: number, state: State): Event => ({ type: "refused", at, port: "eth1", active: state.active }),
);

const happenings = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: happening(tick) },
    { weight: 20, arbitrary: happening(answer) },
    { weight: 2, arbitrary: happening(forged) },
    { weight: 3, arbitrary: happening(carrier) },
    { weight: 2, arbitrary: happening(named) },
    { weight: 1, arbitrary: happening(bare) },
    { weight: 1, arbitrary: happening(rare) },
  ),
  { maxLength: 400 },
);

function begun(at: number): State {
  return start(house, { at, seed: 42, active: "eth0", withCarrier: ["eth0", "eth1"] });
}

/** Lives through it all and shows every step. */
function live(
  from: State,
  life: readonly Happening[],
  see: (before: State, event: Event, after: State, effects: readonly Effect[]) => void,
): State {
  let state = from;
  for (const { wait, event } of life) {
    const at = wait === "wake" ? Math.max(state.wakeAt, state.now) : state.now + wait;
    const happened = event(at, state);
    const [after, effects] = step(state, happened);
    see(state, happened, after, effects);
    state = after;
  }
  return state;
}

describe("whatever happens", () => {
  it("the brain never does what it must not", () => {
    fc.assert(
      fc.property(happenings, (life) => {
        live(begun(0), life, (before, event, after, effects) => {
          expect(offence(before, event, after, effects)).toBeUndefined();
        });
      }),
      { numRuns: 300 },
    );
  });

  it("an outage begins before it ends, and no second one begins meanwhile", () => {
    fc.assert(
      fc.property(happenings, (life) => {
        let open = false;
        live(begun(0), life, (_before, _event, _after, effects) => {
          for (const effect of effects) {
            if (effect.do !== "record") continue;
            if (effect.event.what === "outage-begins") {
              expect(open).toBe(false);
              open = true;
            }
            if (effect.event.what === "outage-ends") {
              expect(open).toBe(true);
              expect(effect.event.lastedMs).toBeGreaterThanOrEqual(0);
              open = false;
            }
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it("the same events give the same effects, at whatever hour they happen", () => {
    fc.assert(
      fc.property(happenings, fc.integer({ min: 1, max: 1_000_000 }), (life, hour) => {
        const [here, there]: [string[], string[]] = [[], []];
        const done = (list: string[]) => (_b: State, _e: Event, _a: State, effects: readonly Effect[]) => {
          for (const effect of effects) {
            if (effect.do === "record") list.push(effect.event.what);
            else if (effect.do !== "wake") list.push(JSON.stringify(effect));
          }
        };
        live(begun(0), life, done(here));
        // A power of two apart, so that fractions of a millisecond are the same numbers.
        live(begun(hour * 1024), life, done(there));
        expect(there).toEqual(here);
      }),
      // The same lives each time: rounding may differ by the hour in one of a billion.
      { numRuns: 50, seed: 1 },
    );
  });

  it("a state is plain data: written down and read back, it goes on as it would have", () => {
    fc.assert(
      fc.property(happenings, (life) => {
        const state = live(begun(0), life, () => {});
        const copy = structuredClone(state);
        const event: Event = { type: "tick", at: state.wakeAt + 1 };
        expect(step(copy, event)).toEqual(step(state, event));
      }),
      { numRuns: 50 },
    );
  });

  it("after a stop nothing more comes", () => {
    const [stopped, effects] = step(begun(0), { type: "stop", at: 1 });
    expect(effects.at(-1)).toEqual({ do: "set-primary", port: "eth0" });
    expect(step(stopped, { type: "carrier", at: 2, port: "eth0", up: false })).toEqual([stopped, []]);
  });
});
