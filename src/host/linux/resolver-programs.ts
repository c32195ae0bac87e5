import { execFile } from "node:child_process";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { ok, type Result } from "../../model/result.ts";
import type { HostError } from "../ports.ts";
import { errnoOf } from "./read-problem.ts";
import { trouble } from "./resolver-file.ts";

/** Servers of a link of systemd-resolved's. None: those that it had before the first call are given back; where there was no such call,
 *  nothing is touched. `kept`: where they wait, as nobody else remembers them. */
export async function tellResolved(
  link: string,
  servers: readonly string[],
  kept: string,
): Promise<Result<void, HostError>> {
  const before = await recall(kept, link);
  if (servers.length > 0) {
    if (before === undefined) {
      const now = await run("resolvectl", ["dns", link]);
      if (!now.ok) return now;
      const problem = await keep(kept, link, serversIn(now.value));
      if (problem !== "") return trouble(`the name servers of ${link} can't be remembered: ${problem}`, problem);
    }
    return silently(await run("resolvectl", ["dns", link, ...servers]));
  }
  if (before === undefined) return ok(undefined);
  // networkd's link goes back to what networkd knows, which may be another lease by now. An empty word: no servers.
  const back = (await isManaged(link)) ? ["revert", link] : ["dns", link, ...(before.length === 0 ? [""] : before)];
  const done = silently(await run("resolvectl", back));
  if (done.ok) await rm(kept, { force: true }).catch(() => {});
  return done;
}

/** The servers in what `resolvectl dns LINK` prints: "Link 5 (bond0): 192.168.1.1 9.9.9.9". */
export function serversIn(text: string): readonly string[] {
  const words = text.slice(text.indexOf("):") + 2).trim();
  return words === "" ? [] : words.split(/\s+/);
}

/** A record of ours, before all others: both resolvconfs put those of lo first. What others have declared stays theirs, and comes after
 *  it; taking the record away gives everything back. Source: interface-order(5), resolvconf.conf(5). */
const RECORD = "lo.holdfast";

/** Servers in the keeping of resolvconf, Debian's or openresolv. None: ours are taken away. */
export async function tellResolvconf(servers: readonly string[]): Promise<Result<void, HostError>> {
  if (servers.length > 0) {
    const record = servers.map((server) => `nameserver ${server}\n`).join("");
    return silently(await run("resolvconf", ["-a", RECORD], record));
  }
  const done = silently(await run("resolvconf", ["-d", RECORD]));
  // openresolv calls it an error that there is none.
  if (!done.ok && done.error.message.includes("No resolv.conf for interface")) return ok(undefined);
  return done;
}

async function recall(file: string, link: string): Promise<readonly string[] | undefined> {
  try {
    const said: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof said !== "object" || said === null || !("link" in said) || !("servers" in said)) return undefined;
    if (said.link !== link || !Array.isArray(said.servers)) return undefined;
    return said.servers.filter((each) => typeof each === "string");
  } catch {
    return undefined;
  }
}

/** "" when it is kept, else why not. */
async function keep(file: string, link: string, servers: readonly string[]): Promise<string> {
  try {
    await writeFile(`${file}.new`, JSON.stringify({ link, servers }), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return "";
  } catch (problem) {
    return errnoOf(problem);
  }
}

/** Whether networkd looks after a link. Source: sd-network, the state that resolved itself goes by. */
async function isManaged(link: string): Promise<boolean> {
  try {
    const index = (await readFile(`/sys/class/net/${link}/ifindex`, "utf8")).trim();
    const state = await readFile(`/run/systemd/netif/links/${index}`, "utf8");
    return !/^ADMIN_STATE=(?:pending|initialized|unmanaged)$/m.test(state);
  } catch {
    return false;
  }
}

/** What it printed; else what it complained of. */
function run(program: string, args: readonly string[], input = ""): Promise<Result<string, HostError>> {
  return new Promise((done) => {
    const child = execFile(program, args, { timeout: 10_000 }, (problem, stdout, stderr) => {
      if (problem === null) done(ok(stdout));
      else done(trouble(`${program}: ${stderr.trim().split("\n").at(-1) || problem.message.split("\n")[0]}`, ""));
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function silently(done: Result<string, HostError>): Result<void, HostError> {
  return done.ok ? ok(undefined) : done;
}
