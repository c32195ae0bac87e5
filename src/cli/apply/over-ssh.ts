import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readText } from "../../host/linux/read-files.ts";
import { shellQuote } from "../../plan/shell-quote.ts";
import { explainConfig } from "../agent/explain-config.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { exitCodes } from "../exit-codes.ts";

export interface OverSshWish {
  /** "user@box", or a name of ~/.ssh/config. */
  readonly host: string;
  /** A holdfast.yaml on this machine. */
  readonly path: string;
  readonly seconds: number;
  readonly to: string | undefined;
  readonly accept: readonly string[];
}

/** Never over a connection that is shared or kept: that a new one can be made is what is to be proven. */
const fresh = ["-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "ConnectTimeout=10", "-o", "BatchMode=yes"];
/** Between two attempts to log in again, ms. */
const AGAIN_MS = 1_000;

/** Applies on another host over ssh; once it is proven there, logs in anew and confirms. Where that can't be done in time, the other host
 *  goes back by itself. */
export async function applyOverSsh(cli: Cli, wish: OverSshWish): Promise<Exit> {
  if (wish.host.startsWith("-")) return sayUsage(cli, `"${wish.host}" is no host`, "Write USER@HOST.");
  const text = await readText(resolve(cli.cwd, wish.path));
  if (typeof text === "string") return explainConfig(cli, wish.path);
  const far = ssh(wish.host, farCommand(wish), text.text);
  let token = "";
  let confirming: Promise<boolean> | undefined;
  let status: number | null = null;
  const followed = follow(far, cli, (line) => {
    if (line.what === "promised") token = String(line.token ?? "");
    if (line.what === "verified") confirming ??= confirmAnew(cli, wish, token, () => status !== null);
  });
  status = await followed;
  const confirmed = await confirming;
  if (confirmed === true) {
    cli.stdout.write(`Confirmed over a new connection: ${wish.host} keeps it.\n`);
    return "fine";
  }
  if (status === 255) {
    const lost = token === "" ? "no connection" : "the connection was lost, and no new one could be made";
    cli.stderr.write(`holdfast: ${wish.host}: ${lost}${token === "" ? "" : "; it goes back by itself"}\n`);
    return token === "" ? "usage" : "rolledBack";
  }
  const known = Object.entries(exitCodes).find(([, row]) => row.status === status)?.[0];
  return (known as Exit | undefined) ?? "usage";
}

/** The file goes along: what is applied is what is read here. Keys lie on the other host, below /etc/holdfast. */
function farCommand({ seconds, to, accept }: OverSshWish): string {
  const words = ["apply", `"$d/holdfast.yaml"`, "--lines", "--deadline", `${seconds}s`];
  if (to !== undefined) words.push("--to", shellQuote(to));
  if (accept.length > 0) words.push("--accept", ...accept.map(shellQuote));
  return `umask 077; d=$(mktemp -d) && cat >"$d/holdfast.yaml" && ${asRoot} holdfast ${words.join(" ")}; s=$?; rm -rf "$d"; exit $s`;
}

/** As root, or by sudo where no password is asked. */
const asRoot = `$([ "$(id -u)" = 0 ] || echo sudo -n)`;

function ssh(host: string, command: string, input: string): ChildProcess {
  const child = spawn("ssh", [...fresh, "--", host, command], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  return child;
}

interface Line {
  readonly what?: string;
  readonly token?: unknown;
  readonly argv?: readonly string[];
  readonly why?: unknown;
  readonly state?: unknown;
}

/** Reads its lines to the end; resolves with the exit status, 255 where ssh itself failed. */
function follow(child: ChildProcess, cli: Cli, onLine: (line: Line) => void): Promise<number> {
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString("utf8")}`.split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      const line = parsed(text);
      if (line === undefined) cli.stdout.write(`${text}\n`);
      else {
        say(cli, line);
        onLine(line);
      }
    }
  });
  return new Promise((done) => {
    child.once("error", () => done(255));
    child.once("close", (code) => done(code ?? 255));
  });
}

function parsed(text: string): Line | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

function say(cli: Cli, { what, argv, why, state }: Line): void {
  if (what === "step") cli.stdout.write(`  ${(argv ?? []).join(" ")}\n`);
  if (what === "going-back") cli.stdout.write(`Going back: ${String(why)}\n`);
  if (what === "verified") cli.stdout.write("In place and proven there; logging in again to confirm.\n");
  if (what === "ended" && state !== "confirmed")
    cli.stdout.write(`It ended as ${String(state)}${why === undefined ? "" : `: ${String(why)}`}\n`);
}

/** Logs in again and again until it is confirmed, or the other side has ended. */
async function confirmAnew(cli: Cli, wish: OverSshWish, token: string, isOver: () => boolean): Promise<boolean> {
  const until = performance.now() + wish.seconds * 1000;
  while (performance.now() < until && !isOver() && !cli.signal.aborted) {
    const child = ssh(wish.host, `read -r t; ${asRoot} holdfast confirm "$t"`, `${token}\n`);
    const status = await follow(child, cli, () => {});
    if (status === 0) return true;
    // 255: no connection yet. Everything else is an answer.
    if (status !== 255) return false;
    await sleep(AGAIN_MS);
  }
  return false;
}
