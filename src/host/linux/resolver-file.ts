import { lstat, readFile, rename, writeFile } from "node:fs/promises";
import { failed, ok, type Result } from "../../model/result.ts";
import type { HostError } from "../ports.ts";
import { errnoOf } from "./read-problem.ts";

/** What programs read to find name servers. */
export const PLAIN = "/etc/resolv.conf";

/** What stood there before a server of ours took its place: it is put back from here, whatever happened meanwhile. */
const KEPT = "#holdfast-kept ";

/** Name servers are replaced, everything else stays; a reader sees the old file or the new one, never half of it. */
export async function rewriteFile(servers: readonly string[]): Promise<Result<void, HostError>> {
  try {
    const before = await readFile(PLAIN, "utf8");
    const text = withServers(before, servers);
    if (text === before) return ok(undefined);
    await writeFile(`${PLAIN}.holdfast`, text, { mode: (await lstat(PLAIN)).mode & 0o777 });
    await rename(`${PLAIN}.holdfast`, PLAIN);
    return ok(undefined);
  } catch (problem) {
    const errno = errnoOf(problem);
    // Without a file there is nothing to give back.
    if (errno === "ENOENT" && servers.length === 0) return ok(undefined);
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

/** Name servers couldn't be set, and why. */
export function trouble(message: string, errno: string): Result<never, HostError> {
  return failed({ op: "set name servers", target: PLAIN, errno, message });
}
