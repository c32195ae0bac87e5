import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishDirectory } from "./cache.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("publishDirectory", () => {
  it("shows all of a directory or none, with several makers at once", async () => {
    const path = join(folder, "layer");
    const makers = ["one", "two", "three"].map((maker) =>
      publishDirectory(path, async (part) => {
        writeFileSync(join(part, "first"), maker);
        await Promise.resolve();
        writeFileSync(join(part, "second"), maker);
      }),
    );
    await Promise.all(makers);
    expect(readdirSync(folder)).toEqual(["layer"]);
    expect(readFileSync(join(path, "second"), "utf8")).toBe(readFileSync(join(path, "first"), "utf8"));
  });

  it("leaves nothing of a directory that couldn't be made", async () => {
    const fill = async (part: string) => {
      writeFileSync(join(part, "first"), "");
      throw new Error("no space");
    };
    await expect(publishDirectory(join(folder, "layer"), fill)).rejects.toThrow("no space");
    expect(readdirSync(folder)).toEqual([]);
  });
});
