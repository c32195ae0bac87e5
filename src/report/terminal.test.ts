import { describe, expect, test } from "vitest";
import { ansiStyle, plainStyle } from "../diagnostic/text-style.ts";
import { renderComparison } from "./comparison.ts";
import { renderMarkdown } from "./markdown.ts";
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

  test("held on the LAN alone is said to be so", () => {
    const [, cable] = heldCase.scenarios;
    if (cable === undefined) throw new Error("the case has a cable");
    const flows = cable.flows.map((flow) =>
      flow.flow === "internet" ? { ...flow, expected: "no-path" as const } : flow,
    );
    const only = { ...heldCase, scenarios: [{ ...cable, fault: "every way out is lost", flows }] };
    expect(renderTerminal(only, plain)).toContain("\n   LAN only: no way to the Internet is left.\n");
    expect(renderMarkdown(only, (text) => text)).toContain("LAN only: no way to the Internet is left");
    expect(renderTerminal(heldCase, plain)).not.toContain("only:");
  });

  test("says what bringing the host up complained of, where it failed", () => {
    expect(renderTerminal(noBondCase, plain)).toContain("\nIt printed: ifup: failed to bring up bond0\n");
    expect(renderTerminal(heldCase, plain)).not.toContain("It printed");
  });

  test("health alone proves nothing, and says so", () => {
    const calm = { ...heldCase, scenarios: heldCase.scenarios.slice(0, 1) };
    expect(renderTerminal(calm, plain)).toContain("no fault was rehearsed");
  });

  test("fits a terminal of 80 columns, the kernel's own outage beside it too", () => {
    for (const shown of [
      renderTerminal(missedCase, plainStyle(80), heldCase),
      renderTerminal(repeatCase, plainStyle(80)),
    ])
      expect(shown.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
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

test("side by side, objectives that differ stand in their columns; one for all below", () => {
  const held = { title: "ours", rehearsal: heldCase };
  const lax = { ...heldCase, objectives: { outageMs: 1000, tcp: "may-break" as const } };
  const both = renderComparison([held, { title: "lax", rehearsal: lax }], plainStyle(160));
  expect(lineWith(both, "objective")).toMatch(/^objective +outage ≤ 1 s, TCP survives +outage ≤ 1 s, TCP may break$/);
  expect(both).toContain("Longest outage of each kind.\n");
  expect(renderComparison([held, held], plain)).toContain("kind; objective: outage ≤ 1 s, TCP survives.\n");
});

test("progress is one line that fits, whatever the fault is called", () => {
  const line = renderProgress({ phase: "drill", fault: "x".repeat(200), done: 3, total: 12 }, 12_345, plainStyle(80));
  expect(line.length).toBeLessThanOrEqual(80);
  expect(line).toMatch(/^████░+ 3\/12 {2}x+… {2}12 s$/);
});
