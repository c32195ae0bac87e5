import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BEYOND_IDS, type Beyond, type BeyondEffect, type BeyondEvent, newBeyond, stepBeyond } from "./beyond.ts";
import type { Recorded } from "./effect.ts";

const both = ["9.9.9.9", "1.1.1.1"];

/** What the world does at a moment: which targets answer, which port carries traffic with a router that answers ("" none). */
interface World {
  readonly answering: readonly string[];
  readonly port: string;
  /** No tick comes: the agent is stopped or the host asleep. */
  readonly isStopped?: boolean;
}

interface Lived {
  readonly told: readonly { readonly at: number; readonly event: Recorded }[];
  readonly probes: readonly {
    readonly at: number;
    readonly target: string;
    readonly port: string;
    readonly id: number;
  }[];
  readonly beyond: Beyond;
}

/** Lives through a world, ticking every 60 ms; answers come 30 ms after their probe. */
function live(
  lastsMs: number,
  worldAt: (at: number) => World,
  { targets = both, upsetAt = [] as readonly number[], mute = [] as readonly string[] } = {},
): Lived {
  let beyond = newBeyond(targets, 7);
  const told: { at: number; event: Recorded }[] = [];
  const probes: { at: number; target: string; port: string; id: number }[] = [];
  const answers: { at: number; port: string; id: number }[] = [];
  const feed = (event: BeyondEvent): void => {
    const [after, effects]: readonly [Beyond, readonly BeyondEffect[]] = stepBeyond(beyond, event);
    beyond = after;
    for (const effect of effects) {
      if (effect.do === "record") {
        told.push({ at: event.at, event: effect.event });
        continue;
      }
      const { target, port, id } = effect;
      if (mute.includes(target)) {
        feed({ type: "unsent", at: event.at, id });
        continue;
      }
      probes.push({ at: event.at, target, port, id });
      if (worldAt(event.at).answering.includes(target)) answers.push({ at: event.at + 30, port, id });
    }
  };
  for (let at = 0; at <= lastsMs; at += 10) {
    const { port, isStopped } = worldAt(at);
    if (isStopped) continue;
    if (upsetAt.includes(at)) feed({ type: "upset", at });
    while ((answers[0]?.at ?? Number.POSITIVE_INFINITY) <= at) feed({ type: "answer", ...must(answers.shift()) });
    if (at % 60 === 0) feed({ type: "tick", at, port, router: port === "" ? "" : "192.168.1.1" });
  }
  return { told, probes, beyond };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing there");
  return value;
}

const fine: World = { answering: both, port: "em1" };
const cut: World = { answering: [], port: "em1" };
const evidenceOf = ({ told: [first] }: Lived) =>
  first?.event.what === "beyond-lost" ? first.event.evidence : "no loss was told";
const whats = ({ told }: Lived) => told.map(({ event }) => event.what);

describe("beyond the only router", () => {
  test("nothing is told while all is well, and each target is asked every five seconds", () => {
    const lived = live(600_000, () => fine);
    expect(lived.told).toEqual([]);
    expect(lived.beyond.health).toBe("answers");
    expect(lived.probes.length / both.length).toBeGreaterThan(100);
    expect(lived.probes.length / both.length).toBeLessThan(130);
    expect(lived.probes.every(({ id }) => id >= BEYOND_IDS)).toBe(true);
  });

  test("a loss is told with targets and evidence, and its end with how long it lasted", () => {
    const lived = live(180_000, (at) => (at >= 60_000 && at < 120_000 ? cut : fine));
    expect(whats(lived)).toEqual(["beyond-lost", "beyond-back"]);
    const [lost, back] = lived.told;
    expect(lost?.event).toMatchObject({ port: "em1", router: "192.168.1.1", targets: both });
    expect(evidenceOf(lived)).toMatch(/^192\.168\.1\.1 answers; \d+ probes beyond it unanswered in \d+\.\d s$/);
    const afterMs = must(lost).at - 60_000;
    expect(afterMs).toBeGreaterThanOrEqual(5_000);
    expect(afterMs).toBeLessThan(12_000);
    const lastedMs = back?.event.what === "beyond-back" ? back.event.lastedMs : Number.NaN;
    expect(Math.abs(lastedMs - 60_000)).toBeLessThan(5_000);
    expect(must(back).at).toBeLessThan(128_000);
  });

  test("a loss of an hour is told once, and other people's servers are asked no more than in calm", () => {
    const lived = live(3_600_000, (at) => (at >= 60_000 ? cut : fine));
    expect(whats(lived)).toEqual(["beyond-lost"]);
    const late = lived.probes.filter(({ at }) => at > 1_800_000);
    expect(late.length / both.length).toBeLessThan(400);
  });

  test("a target that comes and goes, or is gone for good, is nobody's loss while another answers", () => {
    const flapping = live(600_000, (at) => ({ port: "em1", answering: at % 20_000 < 10_000 ? both : ["1.1.1.1"] }));
    const gone = live(600_000, () => ({ port: "em1", answering: ["1.1.1.1"] }));
    expect([flapping.told, gone.told]).toEqual([[], []]);
  });

  test("one answer is not the end of it, and doesn't begin it anew", () => {
    const blink = (at: number): World => (at < 60_000 || (at >= 90_000 && at < 91_000) ? fine : cut);
    expect(whats(live(150_000, blink))).toEqual(["beyond-lost"]);
  });

  test("with the router gone too it is the brain's business", () => {
    const dead: World = { answering: [], port: "" };
    const lived = live(180_000, (at) => (at < 60_000 || at >= 120_000 ? fine : at < 60_300 ? cut : dead));
    expect(lived.told).toEqual([]);
  });

  test("a router that comes back without its line is told five seconds after that, not before", () => {
    const lived = live(180_000, (at) => (at < 60_000 ? fine : at < 90_000 ? { answering: [], port: "" } : cut));
    expect(whats(lived)).toEqual(["beyond-lost"]);
    expect(must(lived.told[0]).at).toBeGreaterThanOrEqual(95_000);
  });

  test("a move in between counts from nothing, through the new port alone", () => {
    // Each port is silent for four seconds only: too short for a word.
    const lived = live(120_000, (at) =>
      at < 60_000 ? fine : at < 64_000 ? cut : at < 68_000 ? { answering: [], port: "em2" } : { ...fine, port: "em2" },
    );
    expect(lived.told).toEqual([]);
    expect(lived.probes.filter(({ at }) => at > 64_060).every(({ port }) => port === "em2")).toBe(true);
  });

  test("a host that slept or stood still has lost nothing by it", () => {
    const asleep = live(120_000, (at) => (at < 60_000 ? fine : at < 90_000 ? { ...cut, isStopped: true } : fine));
    const upset = live(120_000, (at) => (at >= 60_000 && at < 68_000 ? cut : fine), { upsetAt: [64_000] });
    expect([asleep.told, upset.told]).toEqual([[], []]);
  });

  test("where nothing has answered since the start it is given half a minute, and the word says so", () => {
    const lived = live(60_000, () => cut);
    expect(whats(lived)).toEqual(["beyond-lost"]);
    expect(must(lived.told[0]).at).toBeGreaterThanOrEqual(30_000);
    expect(evidenceOf(lived)).toContain("none of them since the watch began");
  });

  test("what can't be asked says nothing", () => {
    expect(live(60_000, () => cut, { mute: both }).told).toEqual([]);
    const one = live(120_000, (at) => (at < 60_000 ? fine : cut), { mute: ["1.1.1.1"] });
    expect(one.told[0]?.event).toMatchObject({ what: "beyond-lost", targets: ["9.9.9.9"] });
  });

  test("without targets nothing is asked", () => {
    expect(live(10_000, () => fine, { targets: [] }).probes).toEqual([]);
  });
});

test("whatever happens, losses and returns take turns, and never more than a probe a second and one for each upheaval", () => {
  const pieces = fc.array(
    fc.record({
      forMs: fc.integer({ min: 100, max: 20_000 }),
      answering: fc.subarray(both),
      port: fc.constantFrom("em1", "em1", "em2", ""),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, (course) => {
      const lastsMs = course.reduce((sum, { forMs }) => sum + forMs, 0);
      const worldAt = (at: number): World => {
        let until = 0;
        for (const piece of course) {
          until += piece.forMs;
          if (until > at) return piece;
        }
        return fine;
      };
      const lived = live(lastsMs, worldAt);
      whats(lived).forEach((what, index) => {
        expect(what).toBe(index % 2 === 0 ? "beyond-lost" : "beyond-back");
      });
      expect(lived.probes.length).toBeLessThanOrEqual(lastsMs / 750 + course.length + 1);
    }),
    { numRuns: 60 },
  );
});
