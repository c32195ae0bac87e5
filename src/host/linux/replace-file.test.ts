import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replaceFile } from "./replace-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-replace-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the text is new, the mode is the old one, and nothing is left beside it", async () => {
  const path = join(folder, "interfaces");
  writeFileSync(path, "old", { mode: 0o640 });
  expect(await replaceFile(path, "old", "new")).toEqual({ ok: true, value: undefined });
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(["interfaces"]);
});

test("what changed since it was read is left alone", async () => {
  const path = join(folder, "interfaces");
  writeFileSync(path, "edited meanwhile");
  expect(await replaceFile(path, "old", "new")).toEqual({ ok: false, error: { code: "changed" } });
  expect(readFileSync(path, "utf8")).toBe("edited meanwhile");
  expect(readdirSync(folder)).toEqual(["interfaces"]);
});

test("bytes that are no UTF-8 are not written over with what stood in for them", async () => {
  const path = join(folder, "interfaces");
  writeFileSync(path, Buffer.from([0x61, 0xff]));
  const read = readFileSync(path, "utf8");
  expect((await replaceFile(path, read, "new")).ok).toBe(false);
  expect([...readFileSync(path)]).toEqual([0x61, 0xff]);
});

test("a symbolic link stays one", async () => {
  writeFileSync(join(folder, "real"), "old");
  symlinkSync("real", join(folder, "link"));
  expect((await replaceFile(join(folder, "link"), "old", "new")).ok).toBe(true);
  expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
});

test("a file that is gone says so", async () => {
  const gone = await replaceFile(join(folder, "gone"), "old", "new");
  expect(gone).toEqual({ ok: false, error: { code: "failed", errno: "ENOENT" } });
});
