import { spawn } from "node:child_process";
import type { Command } from "./cut.ts";

export interface Ended {
  /** 127: there is no such program. 124: it was killed for taking too long. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whatever a drill runs answers at once, or is in trouble; ms. */
const LIMIT_MS = 10_000;

/** Runs a program without a shell, in the C locale. Never rejects; what it prints beyond 4 MB is dropped. */
export function runProgram({ argv, stdin }: Command, limitMs = LIMIT_MS): Promise<Ended> {
  const [program, ...rest] = argv;
  return new Promise((resolve) => {
    const said = { stdout: "", stderr: "" };
    const child = spawn(program, rest, {
      stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      env: { PATH: searchPath(process.env["PATH"]), LC_ALL: "C" },
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, limitMs);
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        if (said[name].length < 4 << 20) said[name] += text;
      });
    }
    const end = (status: number, more = ""): void => {
      clearTimeout(timer);
      const late = isLate ? `it had not ended after ${limitMs / 1000} s` : "";
      resolve({ status: isLate ? 124 : status, stdout: said.stdout, stderr: said.stderr + more + late });
    };
    child.on("error", (error) => end(127, error.message));
    child.on("close", (status) => end(status ?? 1));
    // It may have ended without reading.
    child.stdin?.on("error", () => {}).end(stdin);
  });
}

/** cron and some shells leave out where ip, tc and tcpdump are. */
export function searchPath(path: string | undefined): string {
  return `${path ?? "/usr/bin:/bin"}:/usr/sbin:/sbin:/usr/local/sbin`;
}
