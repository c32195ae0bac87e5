import { expect, test } from "vitest";
import { libyamlManner, readAnyTree } from "./yaml-tree.ts";

test("of ten thousand slips a hundred are told and the rest are counted, in linear time", () => {
  const text = `list:\n${'- "192.0.2.1" '.repeat(10_000)}`;
  const start = process.cpuUsage();
  const { problems, broken } = readAnyTree("f.yaml", text, libyamlManner("a state"));
  const { user, system } = process.cpuUsage(start);
  expect(broken).toBe(true);
  expect(problems).toHaveLength(100);
  expect(problems.at(-1)?.message).toMatch(/; \d{4,} more slips of syntax follow$/);
  // A position looked for from the line's beginning for each of them took seconds.
  expect((user + system) / 1000).toBeLessThan(1000);
});
