import { expect, test } from "vitest";
import { plainStyle } from "../diagnostic/text-style.ts";
import { audit } from "../topology/audit/audit.ts";
import { powerlineHouse, twoRouters } from "../topology/testing/houses.ts";
import { renderAuditText } from "./audit-terminal.ts";
import { sayAvailability, saySpan } from "./audit-words.ts";

const textOf = (config: Parameters<typeof audit>[0], columns = 80) =>
  renderAuditText(audit(config), "home.yaml", plainStyle(columns));

test("single points are named first and last, each with the scenario that shows it", () => {
  const text = textOf(powerlineHouse, 120);
  expect(text).toMatch(/^✗ {2}router +lost +none +\d+ % +off-router$/m);
  expect(text).toMatch(/^✓ {2}the mains +stays +wlan0 +0 % +power-mains$/m);
  expect(text).toContain("2 single points of failure: the line of router to the Internet, router.");
  expect(text).toContain("Without the UPS it would be");
});

test("nothing single: said so, with the pairs that are left", () => {
  const text = textOf(twoRouters);
  expect(text).toContain("No single point of failure.");
  expect(text).toContain("the line of vdsl to the Internet + the line of lte to the Internet");
});

test("no line is wider than the terminal", () => {
  for (const columns of [80, 100])
    for (const line of textOf(powerlineHouse, columns).split("\n"))
      expect([...line].length).toBeLessThanOrEqual(columns);
});

test("figures are as coarse as they are known", () => {
  expect([4000, 754_321, 49_876_543, 400_000_000].map(saySpan)).toEqual(["4 s", "13 min", "14 h", "4.6 days"]);
  expect([0, 31_557_600, 50_000_000, 100_000, 31_557_600_000].map(sayAvailability)).toEqual([
    "100 %",
    "99.90 %",
    "99.8 %",
    "99.9997 %",
    "0 %",
  ]);
});
