import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["primry", ["primary", "ports"], "primary"],
  ["MIIMON", ["miimon"], "miimon"],
  ["mdoe", ["mode", "mtu"], "mode"],
  ["xyz", ["mode", "mtu"], undefined],
  ["a".repeat(41), ["a".repeat(41)], undefined],
])("%s of %j: %s", (written, candidates, meant) => {
  expect(nearest(written, candidates)).toBe(meant);
});
