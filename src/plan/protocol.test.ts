import { expect, test } from "vitest";
import { type ProbeResult, regressions } from "./protocol.ts";

test("an operator who may have been cut off is told of where somebody confirms, and keeps what nobody confirms from staying", () => {
  const before: ProbeResult = { name: "ssh 10.0.0.2:50312", passed: true, detail: "connected", weight: "must" };
  const cut: ProbeResult = { ...before, passed: false, detail: "cut off", weight: "warn", weightAlone: "must" };
  expect(regressions([before], [cut])).toEqual([]);
  expect(regressions([before], [cut], "probes")).toEqual([cut]);
  expect(regressions([{ ...before, passed: false }], [cut], "probes")).toEqual([]);
});
