import { describe, expect, test } from "vitest";
import { ansiStyle, plainStyle } from "../diagnostic/text-style.ts";
import { renderComparison } from "./comparison.ts";
import { renderProgress } from "./progress.ts";
import { renderTerminal } from "./terminal.ts";
import { halfLostCase, heldCase, missedCase, noBondCase, repeatCase } from "./testing/rehearsals.ts";

const plain = plainStyle(100);
const lineWith = (text: string, needle: string): string => text.split("\n").find((line) => line.includes(needle)) ?? "";

describe("the table after a rehearsal", () => {
  test("gives outage per direction, TCP stall and the way back, in fitting units", () => {
    const row = lineWith(renderTerminal(heldCase, plain), "the cable eth0");
    expect(row).toMatch(/^✓ {2}the cable eth0 – vdsl is pulled +49 ms +48 ms +223 ms +0 ms$/);
  });

  test("says never with how long it was watched, a broken session, and the reason beneath", () => {
    const out = renderTerminal(missedCase, plain);
    expect(lineWith(out, "hangs, its ports")).toMatch(/^✗ .* never \(watched 60 s\) +broke +0 ms$/);
    expect(out).toContain("   The carrier stays up while the router is dead");
  });

  test("promises nothing where no path is left", () => {
    expect(lineWith(renderTerminal(heldCase, plain), "the mains fail")).toMatch(/^– .* no path promised/);
  });

  test("names what the numbers rest on, the objective and the verdict", () => {
    const out = renderTerminal(missedCase, plain);
    expect(out).toContain("uml-tt · kernel 6.1.192-holdfastlab (Debian linux-source-6.1) · virtual clock · ± 1 ms");
    expect(out).toContain("✗ missed · objective: outage ≤ 1 s, TCP survives · 2 held, 4 missed, 1 without a path");
  });

  test("shows median, p95 and worst of repeats", () => {
    const out = renderTerminal(repeatCase, plain);
    expect(lineWith(out, "fault ")).toMatch(/median +p95 +worst/);
    expect(lineWith(out, "the cable eth0")).toMatch(/49 ms +88 ms +90 ms/);
  });

  test("says a reason that repeats only once", () => {
    expect(renderTerminal(noBondCase, plain).match(/No bond came up/g)).toHaveLength(1);
  });

  test("shows loss where every gap is short, as with a bond that sends over both routers", () => {
    expect(lineWith(renderTerminal(halfLostCase, plain), "nothing: everything")).toContain("50 % lost");
  });

  test("is the same with and without colours", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: takes the colours away again
    const stripped = renderTerminal(missedCase, ansiStyle(100)).replace(/\u001b\[[0-9;]*m/g, "");
    expect(stripped).toBe(renderTerminal(missedCase, plain));
  });
});

test("rehearsals side by side: a column each, a row for each kind of fault", () => {
  const compared = [
    { title: "as written", rehearsal: noBondCase },
    { title: "with an address", rehearsal: halfLostCase },
    { title: "ours", rehearsal: heldCase },
  ];
  const out = renderComparison(compared, plain);
  expect(lineWith(out, "what came up")).toMatch(/no bond +balance-rr, no link monitor +active-backup, miimon 100$/);
  expect(lineWith(out, "nothing broken")).toMatch(/✗ never +✗ 50 % lost +✓ 0 ms$/);
  expect(lineWith(out, "cable pulled")).toMatch(/✗ never +✗ never +✓ 49 ms$/);
  expect(lineWith(out, "mains gone")).toMatch(/· +· +– no path$/);
  expect(lineWith(out, "verdict")).toMatch(/✗ 3 of 3 missed +✗ 3 of 3 missed +✓ held$/);
});

test("progress is one line that fits, whatever the fault is called", () => {
  const line = renderProgress({ phase: "drill", fault: "x".repeat(200), done: 3, total: 12 }, 12_345, plainStyle(80));
  expect(line.length).toBeLessThanOrEqual(80);
  expect(line).toMatch(/^████░+ 3\/12 {2}x+… {2}12 s$/);
});
