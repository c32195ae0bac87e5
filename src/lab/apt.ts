import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "./cache.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

/** A package in one version, as apt names it in a download. */
export interface PackageVersion {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Which of apt's package lists are asked: the machine's, or a set of our own that an ordinary user can bring up to date. */
export type Lists = "machine" | "own";

function apt(
  lists: Lists,
  command: readonly string[],
  settings: { readonly cwd?: string; readonly signal?: AbortSignal },
) {
  // Not apt's own locks: nothing of the machine's is changed. The sandbox user could not write into a private directory.
  const options = ["Debug::NoLocking=1", "APT::Sandbox::User=root", "Acquire::http::Timeout=20", "Acquire::Retries=1"];
  if (lists === "own") options.push(...ownState());
  const inTurn = lists === "own" ? waitForLists(command[0] === "update" ? "--exclusive" : "--shared") : [];
  const program = ["apt-get", "-q", ...options.flatMap((option) => ["-o", option]), ...command];
  return runCommand([...inTurn, ...program], settings);
}

/** What another lab is bringing up to date is neither read nor written meanwhile. */
function waitForLists(how: "--exclusive" | "--shared"): readonly string[] {
  return ["flock", how, "--no-fork", join(cacheDirectory(), "apt", "lock")];
}

function ownState(): readonly string[] {
  const lists = join(cacheDirectory(), "apt", "lists");
  const cache = join(cacheDirectory(), "apt", "cache");
  mkdirSync(join(lists, "partial"), { recursive: true });
  mkdirSync(join(cache, "archives", "partial"), { recursive: true });
  return [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`];
}

/** Fetches our own package lists. Needs no rights; fails without a network. */
export function updateOwnLists(signal?: AbortSignal): Promise<CommandResult> {
  return apt("own", ["update"], signal ? { signal } : {});
}

/** What an installation of `packages` would add to this machine, without doing it. */
export async function missingPackages(
  lists: Lists,
  packages: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly command: CommandResult; readonly missing: readonly PackageVersion[] }> {
  const simulation = ["install", "--simulate", "--no-install-recommends", "--no-upgrade", "--", ...packages];
  const command = await apt(lists, simulation, signal ? { signal } : {});
  return { command, missing: command.status === 0 ? parseSimulation(command.stdout) : [] };
}

/** Reads the `Inst` lines of a simulated installation: "Inst NAME [OLD] (VERSION ORIGIN [ARCHITECTURE])". */
export function parseSimulation(text: string): readonly PackageVersion[] {
  const found: PackageVersion[] = [];
  for (const line of text.split("\n")) {
    const match = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) .*\[([^\]\s[]+)\]\)/.exec(line);
    if (match) found.push({ name: match[1] ?? "", version: match[2] ?? "", architecture: match[3] ?? "" });
  }
  return found;
}

/** Downloads packages into `folder`; apt checks each against the signed lists. */
export function downloadPackages(
  lists: Lists,
  packages: readonly PackageVersion[],
  folder: string,
  signal?: AbortSignal,
): Promise<CommandResult> {
  const names = packages.map(({ name, version }) => `${name}=${version}`);
  return apt(lists, ["download", "--", ...names], { cwd: folder, ...(signal ? { signal } : {}) });
}
