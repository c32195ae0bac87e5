import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { AuditDocument } from "../../api/types.ts";
import { commands } from "../commands/registry.ts";
import { runProgram } from "../program.ts";
import { memoryCli } from "../testing/memory-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-audit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (...words: readonly string[]) => {
  const cli = memoryCli({ env: { HOME: folder } });
  const exit = await runProgram(cli, commands, ["audit", "examples/powerline-wifi.yaml", ...words]);
  return { exit, ...cli.printed() };
};

test("a page and a picture are written beside the text, and an older page is written over", async () => {
  const [html, svg] = [join(folder, "audit.html"), join(folder, "audit.svg")];
  writeFileSync(html, "older");
  const { exit, stderr, stdout } = await run("--html", html, "--svg", svg);
  expect(exit).toBe("findings");
  expect(stderr).toBe(`html: ${html}\nsvg: ${svg}\n`);
  expect(stdout).toContain("See it happen: holdfast rehearse examples/powerline-wifi.yaml --scenario uplink-router");
  expect(readFileSync(html, "utf8")).toContain("<h1>2 single points of failure</h1>");
  expect(readFileSync(svg, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
});

test("what is no page by its name is never written over", async () => {
  const yaml = join(folder, "holdfast.yaml");
  writeFileSync(yaml, "mine");
  for (const flag of ["--html", "--svg"]) {
    const { exit, stderr } = await run(flag, yaml);
    expect(exit).toBe("usage");
    expect(stderr).toContain("is no name of a");
  }
  expect(readFileSync(yaml, "utf8")).toBe("mine");
  const nowhere = join(yaml, "audit.html");
  const refused = await run("--html", nowhere);
  expect(refused.exit).not.toBe("findings");
  expect(refused.stderr).toContain(nowhere);
  expect(existsSync(nowhere)).toBe(false);
});

test("listening is for this very host, and for minutes, not hours", async () => {
  for (const words of [
    ["--listen", "5"],
    ["--host", "--root", folder, "--listen", "5"],
    ["--host", "--listen", "601"],
  ]) {
    const { exit, stderr } = await run(...words);
    expect(exit).toBe("usage");
    expect(stderr).toContain("--listen");
  }
});

test("of a copy nothing is heard, and each single point of the document names its scenario", async () => {
  const { stdout } = await run("--host", "--root", folder, "--json");
  const document = JSON.parse(stdout) as AuditDocument;
  expect(document.sightings).toEqual([]);
  expect(document.notes.join("\n")).toContain("this host has no em1 and no wlan0");
  const single = document.parts.filter(({ cuts }) => cuts.length > 0);
  expect(single.map(({ scenario }) => scenario)).toEqual(["uplink-router", "off-router"]);
});
