import { describe, expect, it } from "vitest";
import { measureSsh, measureTcp } from "./tcp.ts";
import type { Trace } from "./trace.ts";

const beats = [0, 10, 20, 30, 135, 145, 155];
const trace: Trace = {
  scenario: "cable-em1",
  repeat: 0,
  flows: [],
  tcp: [{ flow: "lan", toHostAtMs: beats, fromHostAtMs: beats }],
  faultAtMs: 5,
  mendedAtMs: 140,
  endAtMs: 160,
  operations: [],
  kernel: [],
  activePort: [],
};
const ssh = { flow: "lan", heardAtMs: beats, counted: 7, isInOrder: true };

describe("how long a session stood still", () => {
  it("is its longest silence past the fault", () => {
    expect(measureTcp(trace.tcp, trace)).toEqual({ survived: true, stallMs: 105 });
    expect(measureSsh(ssh, trace)).toMatchObject({ survived: true, stallMs: 105 });
  });

  it("doesn't count the time in which nobody was there to speak", () => {
    const paused = { ...trace, pauses: [{ fromMs: 32, toMs: 132 }] };
    expect(measureTcp(trace.tcp, paused).stallMs).toBeCloseTo(10);
    expect(measureSsh(ssh, paused).stallMs).toBeCloseTo(10);
    // A pause elsewhere takes nothing away.
    expect(measureTcp(trace.tcp, { ...trace, pauses: [{ fromMs: 200, toMs: 300 }] }).stallMs).toBe(105);
  });
});
