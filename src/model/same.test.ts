import { expect, test } from "vitest";
import { Secret } from "./bond.ts";
import { isSame, recordDifferences } from "./same.ts";

const secret = new Secret("x");

test.each<[unknown, unknown, boolean]>([
  [1, 1, true],
  [1, "1", false],
  [["a", "b"], ["b", "a"], false],
  [[], {}, false],
  [{ a: [1], b: { c: null } }, { b: { c: null }, a: [1] }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: undefined, b: 1 }, { c: 1, b: 1 }, false],
  [{ toString: undefined }, {}, true],
  [{}, { constructor: 1 }, false],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }, true],
  [secret, secret, true],
  [secret, new Secret("x"), false],
])("%j and %j: %s", (one, other, same) => {
  expect(isSame(one, other)).toBe(same);
  expect(isSame(other, one)).toBe(same);
});

test("every key that differs is told once", () => {
  const told: string[] = [];
  recordDifferences({ a: 1, b: [1], c: 1, toString: "x" }, { a: 1, b: [2], d: 1, e: undefined }, (key) =>
    told.push(key),
  );
  expect(told.toSorted()).toEqual(["b", "c", "d", "toString"]);
});
