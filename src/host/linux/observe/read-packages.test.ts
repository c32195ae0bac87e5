import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packagesFile } from "./read-packages.ts";
import { readNamingTexts } from "./read-texts.ts";
import { hostTree } from "./tree.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-packages-"));
});
afterEach(() => rmSync(root, { recursive: true }));

test("of dpkg's list only what decides about networks is kept, however long it is", async () => {
  const others = Array.from(
    { length: 20_000 },
    (_, at) => `Package: p${at}\nStatus: install ok installed\nVersion: ${at}\n`,
  );
  const wanted = "Package: ifenslave\nStatus: install ok installed\nMaintainer: em1 <em1@example.org>\nVersion: 2.12\n";
  mkdirSync(join(root, "var/lib/dpkg"), { recursive: true });
  writeFileSync(join(root, packagesFile), [...others, wanted, ...others].join("\n"));
  const texts = await readNamingTexts(hostTree(root));
  expect([...texts]).toEqual([[packagesFile, "Package: ifenslave\nStatus: install ok installed\nVersion: 2.12\n"]]);
});

test("a host without any of them is told from one without dpkg", async () => {
  expect((await readNamingTexts(hostTree(root))).has(packagesFile)).toBe(false);
  mkdirSync(join(root, "var/lib/dpkg"), { recursive: true });
  writeFileSync(join(root, packagesFile), "Package: bash\nStatus: install ok installed\nVersion: 5.2\n");
  expect((await readNamingTexts(hostTree(root))).get(packagesFile)).toBe("\n");
});
