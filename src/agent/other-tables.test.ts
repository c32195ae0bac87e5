import { expect, test } from "vitest";
import type { RoutingRule } from "../wire/rule.ts";
import { policyBesideMain } from "./other-tables.ts";

const any = { ip: "", prefix: 0 };
const rule = (priority: number, table: number, more: Partial<RoutingRule> = {}): RoutingRule => ({
  family: 2,
  priority,
  action: 1,
  table,
  from: any,
  to: any,
  inLink: "",
  outLink: "",
  mark: 0,
  mask: 0,
  ...more,
});

test("the kernel's own rules are no policy", () => {
  expect(policyBesideMain([rule(0, 255), rule(32766, 254), rule(32767, 253)])).toEqual([]);
});

test("a rule that leads past main is told with what it takes", () => {
  expect(policyBesideMain([rule(100, 200, { from: { ip: "10.8.0.0", prefix: 16 }, mark: 7 })])).toEqual([
    "routing rule 100 looks IPv4 from 10.8.0.0/16 with mark 7 up in table 200: routes of an uplink are set in main only",
  ]);
});
