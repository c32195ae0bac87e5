import { execFile } from "node:child_process";
import { lstat, readFile, readlink, rename, writeFile } from "node:fs/promises";
import { failed, ok, type Result } from "../../model/result.ts";
import type { HostError, Resolver } from "../ports.ts";
import { errnoOf } from "./read-problem.ts";

const PLAIN = "/etc/resolv.conf";

/** What stood there before a server of ours took its place: it is put back from here, whatever happened meanwhile. */
const KEPT = "#holdfast-kept ";

/** The machine's name servers: systemd-resolved's where it runs, resolvconf's where that owns /etc/resolv.conf, else that file
 *  where it is one of its own. A link to somebody else's file is left to its owner, and said. One change after the other. */
export function linuxResolver(): Resolver {
  let last: Promise<unknown> = Promise.resolve();
  return {
    use(link, servers, usual) {
      const turn = last.then(() => change(link, servers, usual));
      last = turn;
      return turn;
    },
  };
}

async function change(
  link: string,
  servers: readonly string[],
  usual: readonly string[],
): Promise<Result<void, HostError>> {
  const wanted = servers.length > 0 ? servers : usual;
  if (await isThere("/run/systemd/resolve/stub-resolv.conf")) {
    return run("resolvectl", wanted.length === 0 ? ["revert", link] : ["dns", link, ...wanted]);
  }
  const target = await readlink(PLAIN).catch(() => "");
  if (!target.includes("resolvconf")) return rewrite(servers);
  // The record that ifupdown made of the interface: another one beside it would only come second.
  if (wanted.length === 0) return trouble(`${PLAIN} is resolvconf's, and no servers are declared for ${link}`, "");
  return run("resolvconf", ["-a", `${link}.inet`], wanted.map((server) => `nameserver ${server}\n`).join(""));
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function run(program: string, args: readonly string[], input = ""): Promise<Result<void, HostError>> {
  return new Promise((done) => {
    const child = execFile(program, args, { timeout: 10_000 }, (problem) => {
      done(problem === null ? ok(undefined) : trouble(problem.message.split("\n")[0] ?? "", ""));
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Name servers are replaced, everything else stays; a reader sees the old file or the new one, never half of it. */
async function rewrite(servers: readonly string[]): Promise<Result<void, HostError>> {
  try {
    const about = await lstat(PLAIN);
    if (about.isSymbolicLink()) return trouble(`${PLAIN} belongs to another program (it is a link)`, "");
    const before = await readFile(PLAIN, "utf8");
    const text = withServers(before, servers);
    if (text === before) return ok(undefined);
    await writeFile(`${PLAIN}.holdfast`, text, { mode: about.mode & 0o777 });
    await rename(`${PLAIN}.holdfast`, PLAIN);
    return ok(undefined);
  } catch (problem) {
    const errno = errnoOf(problem);
    return trouble(`${PLAIN}: ${errno}`, errno);
  }
}

/** The text of resolv.conf with other name servers, everything else as it stands. The servers that were there first are kept as
 *  comments; without servers of ours they are put back. */
export function withServers(text: string, servers: readonly string[]): string {
  const lines = text.trimEnd().split("\n");
  const isServer = (line: string): boolean => /^\s*nameserver\b/.test(line);
  const kept = lines.filter((line) => line.startsWith(KEPT)).map((line) => line.slice(KEPT.length));
  const first = kept.length > 0 ? kept : lines.filter(isServer);
  const rest = lines.filter((line) => !isServer(line) && !line.startsWith(KEPT));
  const ours = servers.map((server) => `nameserver ${server}`);
  const isAsBefore = ours.length === 0 || ours.join() === first.map((line) => line.trim()).join();
  const now = isAsBefore ? first : [...ours, ...first.map((line) => `${KEPT}${line}`)];
  return `${[...now, ...rest].join("\n").trimEnd()}\n`;
}

function trouble(message: string, errno: string): Result<never, HostError> {
  return failed({ op: "set name servers", target: PLAIN, errno, message });
}
