import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearest } from "./nearest.ts";

test.each([
  ["primry", ["primary", "ports"], "primary"],
  ["MIIMON", ["miimon"], "miimon"],
  ["mdoe", ["mode", "mtu"], "mode"],
  ["xyz", ["mode", "mtu"], undefined],
  ["a".repeat(41), ["a".repeat(41)], undefined],
])("%s of %j: %s", (written, candidates, meant) => {
  expect(nearest(written, candidates)).toBe(meant);
});

test("what is near enough is found among words that are passed over by their letters", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "-", "A", "7"), minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 5 }), (written, candidates) => {
      const far = Math.max(1, Math.floor(written.length / 3)) + 1;
      const distances = candidates.map((one) => editDistance(written.toLowerCase(), one.toLowerCase()));
      const least = Math.min(far, ...distances);
      expect(nearest(written, candidates)).toBe(least === far ? undefined : candidates[distances.indexOf(least)]);
    }),
  );
});

test.each([
  ["", "abc", 3],
  ["abc", "abc", 0],
  ["xaby", "xbay", 1],
  ["bond-xmit-hashier", "bond-xmit-hash-policy", 6],
  ["aab", "ab", 1],
])("%j to %j: %d letters", (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
});

test("a distance is counted up to its limit", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
  fc.assert(
    fc.property(word, word, fc.nat({ max: 9 }), (one, other, limit) => {
      const distance = editDistance(one, other);
      const counted = editDistance(one, other, limit);
      expect([counted === distance, counted >= limit]).toContain(true);
      expect(counted).toBeLessThanOrEqual(distance);
    }),
  );
});
