import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { takes } from "./encodings.ts";

/** A file of the page, with the forms it is sent in. */
export interface StaticFile {
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
  readonly plain: Buffer;
  /** The same, compressed when it was built. */
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

/** What browsers may be told a file is; others aren't served. */
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};

/** The page as it was built, by the path it is asked for ("/index.html"); all in memory, some hundred kilobytes. Empty where there is none. */
export function readStaticFiles(directory: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const path of filesBelow(directory)) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const plain = readFileSync(join(directory, path));
    const [br, gzip] = [sibling(join(directory, `${path}.br`)), sibling(join(directory, `${path}.gz`))];
    files.set(`/${path}`, {
      type,
      etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
      isImmutable: /-[A-Za-z0-9]{8}\.[a-z]+$/.test(path),
      plain,
      ...(br === undefined ? {} : { br }),
      ...(gzip === undefined ? {} : { gzip }),
    });
  }
  return files;
}

function filesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  } catch {
    return [];
  }
}

function sibling(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** The file asked for: "/" and every path of one plain word are the page itself. undefined: there is none. */
export function fileFor(files: ReadonlyMap<string, StaticFile>, path: string): StaticFile | undefined {
  return files.get(path) ?? (/^\/[a-z-]{0,40}$/.test(path) ? files.get("/index.html") : undefined);
}

/** What is sent of a file to who takes these encodings and has this of it already: 304 without a body where nothing changed. */
export function responseOf(
  file: StaticFile,
  { encodings, known }: { readonly encodings: string; readonly known: string },
): { readonly status: 200 | 304; readonly headers: Readonly<Record<string, string | number>>; readonly body: Buffer } {
  const [encoding, body] =
    file.br !== undefined && takes(encodings, "br")
      ? (["br", file.br] as const)
      : file.gzip !== undefined && takes(encodings, "gzip")
        ? (["gzip", file.gzip] as const)
        : (["", file.plain] as const);
  const headers = {
    "Content-Type": file.type,
    "Cache-Control": file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: file.etag,
    Vary: "Accept-Encoding",
  };
  const isKnown = known.split(",").some((one) => one.trim().replace(/^W\//, "") === file.etag);
  if (isKnown) return { status: 304, headers, body: Buffer.alloc(0) };
  const coded = encoding === "" ? {} : { "Content-Encoding": encoding };
  return { status: 200, headers: { ...headers, ...coded, "Content-Length": body.length }, body };
}
