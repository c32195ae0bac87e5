import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { knownTraps } from "../../scripts/known-traps.ts";
import { rules } from "../../src/rules/registry.ts";
import { corpusDirectory } from "./corpus.ts";

const root = join(import.meta.dirname, "../..");
const list = join(corpusDirectory, "../facts/pitfalls.json");
const missing = existsSync(list) ? "" : ": no list of pitfalls beside the repository";
const names = new Set(rules.map(({ name }) => name));

describe("the traps without a rule of their name", () => {
  test("each is told by something that is explained, or it is said why not", () => {
    const errors = readFileSync(join(root, "docs/errors.md"), "utf8");
    for (const [trap, { told, unseen }] of Object.entries(knownTraps)) {
      expect(names.has(trap), `${trap} has a rule by now`).toBe(false);
      expect((told === undefined) !== (unseen === undefined), trap).toBe(true);
      for (const code of told ?? []) expect(names.has(code) || errors.includes(`\n## ${code}\n`), code).toBe(true);
    }
  });
});

describe.skipIf(missing !== "")(`every pitfall that was gathered${missing}`, () => {
  test("is told by a rule or a reader, or can't be seen", () => {
    const ids: readonly string[] = JSON.parse(readFileSync(list, "utf8")).pitfalls.map(({ id }: { id: string }) => id);
    expect(ids.filter((id) => !names.has(id) && !(id in knownTraps))).toEqual([]);
    expect(Object.keys(knownTraps).filter((trap) => !ids.includes(trap))).toEqual([]);
    expect(ids.filter((id) => names.has(id) || knownTraps[id]?.told !== undefined).length).toBeGreaterThanOrEqual(95);
  });
});
