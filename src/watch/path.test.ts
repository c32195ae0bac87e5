import { describe, expect, it } from "vitest";
import { answered, expired, forgetUnderWay, heatOf, newPath, type Path, sent, timeoutOf, unsent } from "./path.ts";
import { wiredTuning } from "./tuning.ts";

/** A path that has answered so many probes, 60 ms apart, each after 1 ms. */
function proven(count: number): Path {
  let path = newPath("eth0", "r", false, 0);
  for (let id = 1; id <= count; id++) {
    path = answered(sent(path, id, id * 60, 1, wiredTuning), id, id * 60 + 1, wiredTuning);
  }
  return path;
}

function losing(path: Path, count: number, from: number): Path {
  let after = path;
  for (let index = 0; index < count; index++) {
    after = sent(after, 1000 + index, from + index * 15, 1, wiredTuning);
    after = expired(after, from + index * 15 + 25, wiredTuning);
  }
  return after;
}

describe("a path's evidence", () => {
  it("is enough after five losses in a row on a clean line, and not after four", () => {
    expect(losing(proven(100), 4, 7_000).run.evidence).toBeLessThan(wiredTuning.deathEvidence);
    expect(losing(proven(100), 5, 7_000).run.evidence).toBeGreaterThan(wiredTuning.deathEvidence);
  });

  it("takes more losses on a line that usually loses some", () => {
    const bad = { ...proven(10), loss: 0.5 };
    expect(losing(bad, 25, 1_000).run.evidence).toBeLessThan(wiredTuning.deathEvidence);
    expect(losing(bad, 31, 1_000).run.evidence).toBeGreaterThan(wiredTuning.deathEvidence);
  });

  it("is gone with one answer, even a late one", () => {
    const late = answered(losing(proven(10), 4, 1_000), 1_001, 1_200, wiredTuning);
    expect(late.run).toMatchObject({ losses: 0, evidence: 0 });
    expect(late.rtt.smooth).toBeGreaterThan(10);
  });

  it("counts from the sending of the first lost probe", () => {
    expect(losing(proven(10), 3, 1_000).run.since).toBe(1_000);
  });

  it("learns a run of losses as loss, but not a death", () => {
    expect(answered(losing(proven(10), 4, 1_000), 1_003, 1_200, wiredTuning).loss).toBeGreaterThan(0.02);
    const revived = sent(losing(proven(10), 30, 1_000), 5_000, 2_000, 1, wiredTuning);
    expect(answered(revived, 5_000, 2_001, wiredTuning).loss).toBeLessThan(0.001);
  });

  it("is not dulled by the last probes of a death, which expire after the first answer", () => {
    let path: Path = { ...losing(proven(100), 5, 7_000), health: "dead" };
    path = sent(sent(path, 2_000, 7_200, 1, wiredTuning), 2_001, 7_210, 1, wiredTuning);
    const back = expired(answered(path, 2_001, 7_211, wiredTuning), 7_300, wiredTuning);
    expect(back.recentLoss).toBeLessThan(0.001);
    expect(back.loss).toBeLessThan(0.001);
  });

  it("grows with losses and answers in turn, and is gone after some answers", () => {
    let path = proven(200);
    for (let index = 0; index < 6; index++) {
      path = losing(path, 1, 20_000 + index * 40);
      path = answered(
        sent(path, 3_000 + index, 20_030 + index * 40, 1, wiredTuning),
        3_000 + index,
        20_031 + index * 40,
        wiredTuning,
      );
    }
    expect(path.run.losses).toBe(0);
    expect(heatOf(path, wiredTuning)).toBeGreaterThan(0.5);
    for (let id = 4_000; id < 4_030; id++) {
      path = answered(sent(path, id, 21_000 + id, 1, wiredTuning), id, 21_001 + id, wiredTuning);
    }
    expect(heatOf(path, wiredTuning)).toBe(0);
  });

  it("comes from nothing but the probes it sent, each counted once", () => {
    const path = sent(proven(10), 99, 1_000, 1, wiredTuning);
    expect(answered(path, 12_345, 1_001, wiredTuning)).toBe(path);
    const once = answered(path, 99, 1_001, wiredTuning);
    expect(answered(once, 99, 1_002, wiredTuning)).toBe(once);
  });

  it("doesn't outlive a change", () => {
    const changed = forgetUnderWay(losing(proven(10), 4, 1_000), 1_100);
    expect(changed.run.losses).toBe(0);
    expect(answered(changed, 1_003, 1_101, wiredTuning)).toBe(changed);
  });
});

describe("how long an answer is waited for", () => {
  it("is 25 ms on a quick line, longer on a slow one, a second at most", () => {
    expect(timeoutOf(proven(100), wiredTuning)).toBe(25);
    expect(timeoutOf({ ...proven(1), rtt: { smooth: 40, deviation: 5, least: 30 } }, wiredTuning)).toBe(180);
    expect(timeoutOf({ ...proven(1), rtt: { smooth: 900, deviation: 500, least: 30 } }, wiredTuning)).toBe(1_000);
  });
});

it("doesn't take for lost what couldn't leave, and asks again soon", () => {
  const path = sent(proven(10), 99, 1_000, 1, wiredTuning);
  const after = expired(unsent(path, 99), 2_000, wiredTuning);
  expect(after.run.losses).toBe(0);
  expect(after.heat).toEqual(path.heat);
  expect(after.spread).toBeLessThan(0.2);
  expect(unsent(path, 7)).toBe(path);
});
