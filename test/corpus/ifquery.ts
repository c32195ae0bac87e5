import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The real ifquery, from HOLDFAST_IFQUERY, the PATH, or the packages the lab has unpacked. undefined: none is to be had. */
export function findIfquery(): string | undefined {
  const named = process.env["HOLDFAST_IFQUERY"];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/sbin", "/usr/sbin", ...unpackedByLab()];
  return folders.map((folder) => join(folder, "ifquery")).find((path) => existsSync(path));
}

function unpackedByLab(): readonly string[] {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "holdfast");
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => name.startsWith("lab-root-"))
    .flatMap((name) => [join(cache, name, "usr/sbin"), join(cache, name, "sbin")]);
}

/** What ifquery says of a file: its words by interface, or that it refuses the file. */
export interface IfqueryAnswer {
  readonly auto: readonly string[];
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/** Asks ifquery about a file: the interfaces `ifup -a` would bring up, and every variable of the named ones. "refused" when it won't read it. */
export function askIfquery(ifquery: string, text: string, names: readonly string[]): IfqueryAnswer | "refused" {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-ifquery-"));
  try {
    const file = join(folder, "interfaces");
    writeFileSync(file, text);
    const ask = (...args: string[]) => run(ifquery, ["--interfaces", file, "--state-dir", folder, ...args]);
    const list = ask("--list");
    if (list.error.includes("couldn't read interfaces file")) return "refused";
    const lines = new Map(
      names.map((name) => [
        name,
        ask(name)
          .output.split("\n")
          .filter((line) => line !== ""),
      ]),
    );
    return { auto: list.output.split("\n").filter((line) => line !== ""), lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[]): { output: string; error: string } {
  try {
    return { output: execFileSync(program, args, { encoding: "utf8", stdio: "pipe", timeout: 10_000 }), error: "" };
  } catch (failure) {
    const { stdout = "", stderr = "" } = failure as { stdout?: string; stderr?: string };
    return { output: stdout, error: stderr };
  }
}
