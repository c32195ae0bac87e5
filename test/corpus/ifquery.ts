import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realProgram } from "../dialects/real-program.ts";

/** The real ifquery. undefined: none is to be had. */
export async function findIfquery(): Promise<string | undefined> {
  const paths = ["sbin/ifquery", "usr/sbin/ifquery"];
  return (await realProgram({ variable: "HOLDFAST_IFQUERY", paths, packages: ["ifupdown"] }))?.path;
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
