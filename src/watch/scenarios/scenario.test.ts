import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { played } from "./scenario.ts";

// `UPDATE_GOLDEN=1 npx vitest run src/watch/scenarios` writes the answers anew: read the difference.
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));

describe("scenarios", () => {
  it("are there", () => {
    expect(files.length).toBeGreaterThan(15);
  });

  it.each(files)("%s", (name) => {
    const path = `${import.meta.dirname}/${name}`;
    const text = readFileSync(path, "utf8");
    const now = played(text);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, now);
    else expect(now).toBe(text);
  });
});
