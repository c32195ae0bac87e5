import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { deliver } from "./print-rendered.ts";
import { memoryCli } from "./testing/memory-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-deliver-"));
afterAll(() => rmSync(folder, { recursive: true }));

// A file of our own stands for /etc/network/interfaces: should the refusal ever break, the host this runs on stays whole.
it.each(["/", "/proc/self/root"])("refuses --out %s, the host as it runs, whatever --force says", async (out) => {
  const cli = memoryCli();
  const files = new Map([[join(folder, "interfaces"), "auto bond0\n"]]);
  const converted = { diagnostics: [], files: new Map(), isUnread: false, rendered: { files, losses: [] } };
  expect(await deliver(cli, converted, { out, existing: "replace", format: "text", secrets: "mask" })).toBe("refused");
  expect(cli.printed()).toMatchObject({ stdout: "", stderr: expect.stringContaining("look at what it gets first") });
  expect(readdirSync(folder)).toEqual([]);
});
