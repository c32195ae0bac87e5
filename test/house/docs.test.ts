import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, root, textOf } from "./source.ts";

const pages = filesBelow(".").filter((path) => path.endsWith(".md"));

describe("documentation", () => {
  it("links only to what is there", () => {
    const broken = pages.flatMap((page) =>
      linksOf(textOf(page))
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it("names every dependency in a decision", () => {
    const manifest = JSON.parse(textOf("package.json"));
    const decisions = filesBelow("docs/decisions").map(textOf).join("\n");
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    // What carries another package's types or a second copy of one is decided with it.
    const unnamed = names.filter((name) => !name.startsWith("@types/") && !decisions.includes(nameInProse(name)));
    expect(unnamed).toEqual([]);
  });

  it("numbers its decisions without gaps or doubles, each with a heading of that number", () => {
    const files = filesBelow("docs/decisions").map((path) => path.slice("docs/decisions/".length));
    expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(files.map((_name, index) => index + 1));
    const unlike = files.filter((name) => !textOf(`docs/decisions/${name}`).startsWith(`# ${name.slice(0, 4)}: `));
    expect(unlike).toEqual([]);
  });

  it("pins every dependency to one version", () => {
    const manifest = JSON.parse(textOf("package.json"));
    const versions = Object.values<string>({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^(npm:[a-z@/-]+@)?\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version))).toEqual([]);
  });

  it("README shows what the program prints today", () => {
    execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
    const run = () =>
      execFileSync(process.execPath, ["scripts/readme.mjs", "--check"], { cwd: root, encoding: "utf8" });
    expect(run).not.toThrow();
  });
});

function linksOf(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
}

function leadsSomewhere(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(textOf(target)).includes(anchor);
}

/** As the usual forges make them from headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The decision about TypeScript speaks of its two packages as `typescript` 6 and 7. */
function nameInProse(name: string): string {
  return name === "@typescript/native" ? "`typescript` 7" : (name.split("/").at(-1) ?? name);
}
