import { describe, expect, test } from "vitest";
import { pathHistory } from "./path-history.ts";

const path = { port: "eth0", target: "192.168.1.254" };
const day = 86_400_000;
/** Wall clock minus monotonic. */
const offset = 1_700_000_000_000;
const at = (monotonic: number) => ({ wall: offset + monotonic, monotonic });

describe("what the agent remembers of its paths", () => {
  test("round trips and losses by the second in which the probe was sent", () => {
    const history = pathHistory();
    history.note({ ...path, at: 10_100 }, 2);
    history.note({ ...path, at: 10_900 }, 4);
    history.note({ ...path, at: 12_000 });
    expect(history.read({ step: "second" }, at(12_500))).toEqual({
      stepMs: 1000,
      from: offset + 10_000,
      paths: [{ ...path, rttMs: [3, null, null], worstMs: [4, null, null], sent: [2, 0, 1], lost: [0, 0, 1] }],
    });
    expect(history.read({ step: "minute" }, at(12_500)).paths).toEqual([
      { ...path, rttMs: [3], worstMs: [4], sent: [3], lost: [1] },
    ]);
  });

  test("ten minutes by the second and a day by the minute, however long it runs", () => {
    const history = pathHistory();
    for (let second = 0; second < 3 * 86_400; second += 5) history.note({ ...path, at: second * 1000 }, 1);
    const now = at(3 * day);
    expect(history.read({ step: "second" }, now).paths[0]?.sent.length).toBe(600);
    const minutes = history.read({ step: "minute" }, now);
    expect(minutes.paths[0]?.sent.length).toBe(1440);
    expect(minutes.paths[0]?.sent.slice(0, 1439).every((sent) => sent === 12)).toBe(true);
  });

  test("a span and a port of it", () => {
    const history = pathHistory();
    for (let second = 0; second < 60; second += 1) {
      history.note({ ...path, at: second * 1000 }, second);
      history.note({ port: "wlan0", target: "192.168.1.254", at: second * 1000 }, 50);
    }
    const span = { from: offset + 10_000, to: offset + 12_999, port: "eth0" };
    const read = history.read({ step: "second", ...span }, at(60_000));
    expect(read.from).toBe(offset + 10_000);
    expect(read.paths.map(({ port, rttMs }) => ({ port, rttMs }))).toEqual([{ port: "eth0", rttMs: [10, 11, 12] }]);
  });

  test("paths that come and go don't fill the memory", () => {
    const history = pathHistory();
    for (let n = 0; n < 500; n += 1) history.note({ port: "eth0", target: `10.0.0.${n}`, at: n }, 1);
    const { paths } = history.read({ step: "minute" }, at(60_000));
    expect(paths.length).toBe(32);
    expect(paths.at(-1)?.target).toBe("10.0.0.499");
  });

  test("spans from nowhere give nothing, not a heap of it", () => {
    const history = pathHistory();
    history.note({ ...path, at: 1000 }, 1);
    for (const span of [
      { from: 0 },
      { from: offset + day },
      { to: 0 },
      { from: -1e300 },
      { from: 1e300, to: -1e300 },
    ]) {
      const read = history.read({ step: "second", ...span }, at(2000));
      expect(read.paths[0]?.sent.length).toBeLessThanOrEqual(600);
    }
  });
});
