import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assetPath } from "./assets.ts";
import { unpackKernel } from "./kernel-image.ts";

let folder: string;
const before = process.env["XDG_CACHE_HOME"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-test-"));
  process.env["XDG_CACHE_HOME"] = folder;
});

afterEach(() => {
  if (before === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = before;
  rmSync(folder, { recursive: true });
});

function shipped(name: string): void {
  copyFileSync(assetPath(`assets/lab-kernel/${name}`), join(folder, name));
}

describe("unpackKernel", () => {
  it("unpacks once, however many ask at once, and leaves nothing else behind", async () => {
    const found = await Promise.all([unpackKernel(), unpackKernel(), unpackKernel()]);
    expect(new Set(found.map((each) => (each.ok ? each.value : each.error.message))).size).toBe(1);
    expect(readdirSync(join(folder, "holdfast"))).toEqual([expect.stringMatching(/^linux-tt-[0-9a-f]{16}$/)]);
  });

  it.each([
    ["no digests", () => shipped("linux-tt.xz"), /SHA256SUMS is missing/],
    ["no kernel", () => shipped("SHA256SUMS"), /linux-tt.xz is missing/],
    [
      "a damaged kernel",
      () => {
        shipped("SHA256SUMS");
        writeFileSync(join(folder, "linux-tt.xz"), "half of it");
      },
      /linux-tt.xz is damaged/,
    ],
  ])("says what an installation with %s lacks, and how to put it back", async (_, make, message) => {
    make();
    const hint = expect.stringMatching(/git checkout.*make lab-kernel/);
    expect(await unpackKernel(folder)).toMatchObject({
      ok: false,
      error: { code: "no-kernel", message: expect.stringMatching(message), hint },
    });
  });

  it("says so where there is nowhere to unpack to", async () => {
    writeFileSync(join(folder, "holdfast"), "not a directory");
    const temporary = process.env["TMPDIR"];
    process.env["TMPDIR"] = join(folder, "holdfast");
    const found = await unpackKernel();
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
    expect(found).toMatchObject({
      ok: false,
      error: { code: "no-cache", hint: expect.stringContaining("XDG_CACHE_HOME") },
    });
  });
});
