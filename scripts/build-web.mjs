// Bundles web/ into dist/web: the page, and beside it the script, the style and the icon it names, each called by what is in it, so that a
// browser may keep them for ever; compressed beside it, for the server to send as it is. Nothing in the page is inline: the server's policy forbids it.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Files of the dashboard as { path, contents }, with no file written. */
export async function buildWeb(root, outdir) {
  const web = join(root, "web");
  const result = await build({
    absWorkingDir: root,
    entryPoints: { page: "web/page.tsx", style: "web/style/style.css" },
    bundle: true,
    write: false,
    minify: true,
    outdir,
    platform: "browser",
    format: "esm",
    // What the browsers of 2022 and later know: those of a phone that still gets updates.
    target: ["chrome103", "firefox102", "safari15.4"],
    tsconfig: join(web, "tsconfig.json"),
    legalComments: "none",
    logLevel: "warning",
  });
  const made = new Map(result.outputFiles.map((file) => [parse(file.path).ext, file.contents]));
  const parts = [
    ["page.js", made.get(".js")],
    ["page.css", made.get(".css")],
    ["icon.svg", await readFile(join(web, "icon.svg"))],
  ].map(([name, contents]) => ({ name, contents: Buffer.from(contents), called: hashed(name, contents) }));
  const template = await readFile(join(web, "page.html"), "utf8");
  const page = parts.reduce((text, { name, called }) => text.replaceAll(`{{${name}}}`, called), template);
  return [...parts, { called: "index.html", contents: Buffer.from(page) }].flatMap(({ called, contents }) => {
    const path = join(outdir, called);
    return [
      { path: `${path}.br`, contents: brotliCompressSync(contents) },
      { path: `${path}.gz`, contents: gzipSync(contents, { level: 9 }) },
      { path, contents },
    ];
  });
}

function hashed(name, contents) {
  const { name: stem, ext } = parse(name);
  return `${stem}-${createHash("sha256").update(contents).digest("hex").slice(0, 8)}${ext}`;
}
