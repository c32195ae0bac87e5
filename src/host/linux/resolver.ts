import { execFile } from "node:child_process";
import { lstat, readFile, rename, writeFile } from "node:fs/promises";
import { failed, ok, type Result } from "../../model/result.ts";
import type { HostError, Resolver } from "../ports.ts";
import { errnoOf } from "./read-problem.ts";

const PLAIN = "/etc/resolv.conf";

/** The machine's name servers: systemd-resolved's where it runs, else /etc/resolv.conf where that is a file of its own.
 *  A link to somebody else's file is left to its owner, and said. */
export const linuxResolver: Resolver = {
  async use(link, servers) {
    const about = await lstat("/run/systemd/resolve/stub-resolv.conf").catch(() => undefined);
    return about === undefined ? rewrite(servers) : askResolved(link, servers);
  },
};

function askResolved(link: string, servers: readonly string[]): Promise<Result<void, HostError>> {
  return new Promise((done) => {
    execFile("resolvectl", ["dns", link, ...servers], { timeout: 10_000 }, (problem) => {
      done(problem === null ? ok(undefined) : trouble(problem.message.split("\n")[0] ?? "", ""));
    });
  });
}

/** Name servers are replaced, everything else stays; a reader sees the old file or the new one, never half of it. */
async function rewrite(servers: readonly string[]): Promise<Result<void, HostError>> {
  try {
    const about = await lstat(PLAIN);
    if (about.isSymbolicLink()) return trouble(`${PLAIN} belongs to another program (it is a link)`, "");
    const kept = (await readFile(PLAIN, "utf8")).split("\n").filter((line) => !/^\s*nameserver\b/.test(line));
    const text = `${[...servers.map((server) => `nameserver ${server}`), ...kept].join("\n").trimEnd()}\n`;
    await writeFile(`${PLAIN}.holdfast`, text, { mode: about.mode & 0o777 });
    await rename(`${PLAIN}.holdfast`, PLAIN);
    return ok(undefined);
  } catch (problem) {
    const errno = errnoOf(problem);
    return trouble(`${PLAIN}: ${errno}`, errno);
  }
}

function trouble(message: string, errno: string): Result<never, HostError> {
  return failed({ op: "set name servers", target: PLAIN, errno, message });
}
