import { describe, expect, test } from "vitest";
import { fuzz } from "../../scripts/fuzz/fuzz.ts";
import { fuzzSubjects } from "../../scripts/fuzz/subjects.ts";

// A short run of `npm run fuzz`, always the same cases: the long ones are for people and nights.
const seed = 4;

describe("changed configurations", () => {
  test.each(fuzzSubjects(seed).map((subject) => [subject.name, subject] as const))(
    "%s: none throws, hangs, fills the memory, or is written differently the second time",
    (_, subject) => {
      const { cases, failure } = fuzz(subject, { seed, forMs: 30_000, most: 100 });
      expect(cases).toBeGreaterThan(0);
      expect(failure).toBeUndefined();
    },
    60_000,
  );
});
