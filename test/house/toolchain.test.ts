import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, textOf } from "./source.ts";

function outputOf(program: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(join(root, "node_modules/.bin", program), args, { cwd: root, encoding: "utf8" });
  return `${stdout}${stderr}`;
}

describe("the tools of the house find nothing", () => {
  it("types", () => {
    expect(outputOf("tsc", ["-p", ".", "--pretty", "false"])).toBe("");
  }, 120_000);

  it("types of the page, which runs in a browser", () => {
    expect(outputOf("tsc", ["-p", "web", "--pretty", "false"])).toBe("");
  }, 120_000);

  it("format and lint", () => {
    const said = outputOf("biome", ["check", "--colors=off", "--max-diagnostics=20", "."]);
    expect(said).toMatch(/^Checked \d+ files in .*\. No fixes applied\.\n$/);
  }, 60_000);

  it("generated files are what their sources make of them", () => {
    const generate = "scripts/generate.mjs";
    const said = spawnSync(process.execPath, [generate, "--check"], { cwd: root, encoding: "utf8" });
    expect(said.stdout + said.stderr).toBe("");
  }, 60_000);

  it("the package has a launcher, a licence and no script that runs on installation", () => {
    const manifest = JSON.parse(textOf("package.json"));
    expect(existsSync(join(root, manifest.bin.holdfast))).toBe(true);
    expect(manifest.license).toBe("Apache-2.0");
    expect(textOf("LICENSE")).toContain("Apache License");
    expect(Object.keys(manifest.scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
  });

  it("the lock file knows every package of every platform, or npm ci would refuse a fresh clone", () => {
    const { packages } = JSON.parse(textOf("package-lock.json"));
    const missing = Object.entries<{ optionalDependencies?: Record<string, string> }>(packages).flatMap(([path, one]) =>
      Object.keys(one.optionalDependencies ?? {})
        .filter((name) => !(`node_modules/${name}` in packages))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("make knows every target that its help names", () => {
    const help = execFileSync("make", ["help"], { cwd: root, encoding: "utf8" });
    const named = [...help.matchAll(/^make ([a-z-]+)/gm)].map((match) => match[1] ?? "");
    const rules = new Set([...textOf("Makefile").matchAll(/^([a-z-]+):/gm)].map((match) => match[1] ?? ""));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !rules.has(name))).toEqual([]);
  });
});
