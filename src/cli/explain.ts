import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The page about a code, as Markdown: its own under docs/rules, else its section of docs/errors.md; undefined when unknown. */
export async function explanationOf(code: string, home: string): Promise<string | undefined> {
  // A code is a file's name: nothing but one may get as far as the file system.
  if (!/^[a-z][a-z0-9-]{1,80}$/.test(code)) return undefined;
  const page = await readFile(join(home, "docs/rules", `${code}.md`), "utf8").catch(() => undefined);
  return page ?? sectionOf(await errorsPage(home), code);
}

/** Every code that has a page or a section, sorted. */
export async function explainedCodes(home: string): Promise<readonly string[]> {
  const pages = await readdir(join(home, "docs/rules")).catch(() => []);
  const rules = pages.flatMap((name) => (/^[a-z]/.test(name) && name.endsWith(".md") ? [name.slice(0, -3)] : []));
  const sections = [...(await errorsPage(home)).matchAll(/^## ([a-z0-9-]+)$/gm)].map((match) => match[1] ?? "");
  return [...rules, ...sections].toSorted();
}

function errorsPage(home: string): Promise<string> {
  return readFile(join(home, "docs/errors.md"), "utf8").catch(() => "");
}

function sectionOf(page: string, code: string): string | undefined {
  const lines = page.split("\n");
  const start = lines.indexOf(`## ${code}`);
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const end = length === -1 ? lines.length : start + 1 + length;
  return `${lines.slice(start, end).join("\n").slice(1).trimEnd()}\n`;
}
