import { expect, test } from "vitest";
import { aboutRule, docsOfRule, ruleByCode, rulesLike } from "./explain.ts";

test("a code leads to its rule, its sentence and its page", () => {
  expect(ruleByCode("no-link-monitor")?.severity).toBe("error");
  expect(aboutRule("no-link-monitor")).toBe("Every bond has a link monitor");
  expect(docsOfRule("no-link-monitor")).toBe("docs/rules/no-link-monitor.md");
});

test("an unknown code has neither, and the rules it may have meant", () => {
  expect([ruleByCode("nonsense"), aboutRule("nonsense"), docsOfRule("nonsense")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(rulesLike("no-link-moniter")[0]).toBe("no-link-monitor");
  expect(rulesLike("hairpin")).toEqual(["wifi-same-mac-hairpin"]);
  expect(rulesLike("wifi")).toHaveLength(5);
  expect(rulesLike("zzz")).toEqual([]);
});
