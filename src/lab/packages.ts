import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { downloadPackages, type Lists, missingPackages, type PackageVersion, updateOwnLists } from "./apt.ts";
import { cacheDirectory, openCache, publishDirectory } from "./cache.ts";
import type { LabError } from "./lab.ts";
import { runCommand } from "./run-command.ts";

/** What the guest's runner and the network managers in it call, by Debian package. */
export const guestPackages: readonly string[] = [
  "dnsmasq-base",
  "ifenslave",
  "ifupdown",
  "iproute2",
  "isc-dhcp-client",
  "kmod",
  "nftables",
];

// Of how a layer is made; a change here makes all that are there useless.
const layerFormat = "1";

/** A directory with the files of those packages (and what they need) that this machine lacks; "" where it lacks none.
 *  Nothing is installed: packages are downloaded through apt, which checks them, and unpacked into the cache, once. */
export async function packageLayer(
  packages: readonly string[] = guestPackages,
  signal?: AbortSignal,
): Promise<Result<string, LabError>> {
  if (packages.length === 0) return ok("");
  const cache = openCache();
  if (!cache.ok) return cache;
  const known = recall(packages);
  if (known !== undefined && (known.length === 0 || existsSync(layerPath(known)))) {
    return ok(known.length === 0 ? "" : layerPath(known));
  }
  let trouble = "";
  for (const lists of ["machine", "own"] as const) {
    if (lists === "own") trouble = (await updateOwnLists(signal)).stderr || trouble;
    const { command, missing } = await missingPackages(lists, packages, signal);
    const made = command.status === 0 ? await makeLayer(lists, missing, signal) : command.stderr;
    if (made === undefined) {
      remember(packages, missing);
      return ok(missing.length === 0 ? "" : layerPath(missing));
    }
    trouble = made;
  }
  return failed(noPackages(packages, trouble));
}

/** Whether `packageLayer` would have nothing to fetch. */
export function isLayerThere(packages: readonly string[]): boolean {
  const known = openCache().ok ? recall(packages) : undefined;
  return known !== undefined && (known.length === 0 || existsSync(layerPath(known)));
}

function noPackages(packages: readonly string[], trouble: string): LabError {
  const last = trouble.trim().split("\n").at(-1) ?? "";
  const present = new Set(installed());
  const lacking = packages.filter((name) => !present.has(name));
  return {
    code: "no-packages",
    message: `the lab needs Debian packages that can't be fetched: ${lacking.join(" ")}${last ? ` (${last})` : ""}`,
    hint: "Run `apt-get update` as root, with a network, and try again; nothing needs to be installed.",
  };
}

/** Nothing on success, else why not. */
async function makeLayer(
  lists: Lists,
  missing: readonly PackageVersion[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (missing.length === 0 || existsSync(layerPath(missing))) return undefined;
  let trouble: string | undefined;
  await publishDirectory(layerPath(missing), async (part) => {
    const fetched = join(part, ".fetched");
    await mkdir(fetched);
    const download = await downloadPackages(lists, missing, fetched, signal);
    trouble = download.status === 0 ? await unpackAll(fetched, part) : download.stderr;
    if (trouble !== undefined) throw new LayerAbandoned();
    rmSync(fetched, { recursive: true });
  }).catch((error: unknown) => {
    if (!(error instanceof LayerAbandoned)) throw error;
  });
  return trouble;
}

class LayerAbandoned extends Error {}

const mergedFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

async function unpackAll(fetched: string, root: string): Promise<string | undefined> {
  // Old packages put files into /lib, which is /usr/lib: they must land there. The links themselves don't stay: they are the
  // host's to have, and where it has real directories instead, a link in a layer above would hide them.
  for (const folder of mergedFolders) {
    await mkdir(join(root, "usr", folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  for (const name of readdirSync(fetched)) {
    const script =
      'dpkg-deb --fsys-tarfile "$1" >"$1.tar" && tar -xf "$1.tar" -C "$2" --keep-directory-symlink && rm "$1.tar"';
    const done = await runCommand(["sh", "-c", script, "unpack", join(fetched, name), root]);
    if (done.status !== 0) return done.stderr || `cannot unpack ${name}`;
  }
  for (const folder of mergedFolders) unlinkSync(join(root, folder));
  return undefined;
}

function digest(...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 16);
}

function layerPath(missing: readonly PackageVersion[]): string {
  const names = missing.map(({ name, version, architecture }) => `${name}=${version}:${architecture}`).sort();
  return join(cacheDirectory(), `lab-root-${digest(layerFormat, ...names)}`);
}

const dpkgStatus = "/var/lib/dpkg/status";

/** What was missing is remembered for as long as the machine's own packages stay as they are. */
function answerPath(packages: readonly string[]): string {
  const status = existsSync(dpkgStatus) ? readFileSync(dpkgStatus, "utf8") : "";
  return join(cacheDirectory(), `${answersAbout(packages)}${digest(status)}.json`);
}

/** What the names of all answers about these packages begin with. */
function answersAbout(packages: readonly string[]): string {
  return `lab-missing-${digest(layerFormat, ...packages)}-`;
}

function recall(packages: readonly string[]): readonly PackageVersion[] | undefined {
  try {
    return JSON.parse(readFileSync(answerPath(packages), "utf8")) as readonly PackageVersion[];
  } catch {
    return undefined;
  }
}

function remember(packages: readonly string[], missing: readonly PackageVersion[]): void {
  const path = answerPath(packages);
  const part = `${path}.${randomUUID()}`;
  writeFileSync(part, JSON.stringify(missing));
  renameSync(part, path);
  // What it answered before other packages were put onto the machine, nobody asks again.
  const isOlder = (name: string): boolean =>
    name.startsWith(answersAbout(packages)) && name.endsWith(".json") && name !== basename(path);
  const folder = dirname(path);
  for (const name of readdirSync(folder).filter(isOlder)) rmSync(join(folder, name), { force: true });
}

function installed(): readonly string[] {
  if (!existsSync(dpkgStatus)) return [];
  const paragraphs = readFileSync(dpkgStatus, "utf8").split("\n\n");
  return paragraphs
    .filter((text) => /^Status: install ok installed$/m.test(text))
    .map((text) => /^Package: (\S+)$/m.exec(text)?.[1] ?? "");
}
