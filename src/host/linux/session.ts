import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { nameOf, parentOf, processMark, sessionOf } from "./this-process.ts";

/** Who calls, and over which connection. */
export interface Caller {
  /** "alice (uid 1000) from 10.0.0.2". */
  readonly who: string;
  /** Words that name the session, one for each way it can be told: the kernel's audit session, the sshd process that serves
   *  it, the TCP connection; on a console the terminal's session. Two callers who share a word share a session. "" only without /proc. */
  readonly session: string;
  /** The peer of the ssh connection; absent: there is none. */
  readonly from?: string;
}

/** Do two callers sit in one session? An unknown one shares nothing. */
export function isSameSession(one: string, other: string): boolean {
  const words = new Set(one.split(" ").filter((word) => word !== ""));
  return other.split(" ").some((word) => words.has(word));
}

/** The process that runs this. sudo strips the environment: what it hides is found in that of its parents. */
export function readCaller(env: Readonly<Record<string, string | undefined>>, pid = process.pid): Caller {
  const ancestors = ancestorsOf(pid);
  const connection = connectionOf(env, ancestors);
  const audit = auditOf(pid);
  const served = servingProcess(ancestors);
  const words = [
    ...(audit === undefined ? [] : [`audit:${audit}`]),
    ...(served === undefined ? [] : [`${served.name}:${served.pid}@${served.start}`]),
    ...(connection === undefined ? [] : [`connection:${connection.join("-")}`]),
  ];
  if (words.length === 0) words.push(terminalOf(pid, ancestors));
  const from = connection?.[0];
  return {
    who: `${whoIs(env, pid)}${from === undefined ? "" : ` from ${from}`}`,
    session: words.join(" "),
    ...(from === undefined ? {} : { from }),
  };
}

/** What stands for a session that no login or connection names: its leader. A container entered from outside hides the leader
 *  (its id reads 0), and a leader may have ended before its session did: then the outermost process that is seen. */
function terminalOf(pid: number, ancestors: readonly number[]): string {
  const leader = [sessionOf(pid), ...ancestors.toReversed(), pid].find((one) => processMark(one) !== undefined);
  return leader === undefined ? "" : `terminal:${leader}@${processMark(leader)?.start}`;
}

/** This process and its parents, nearest first. */
function ancestorsOf(pid: number): readonly number[] {
  const found: number[] = [];
  for (let at = pid; at > 1 && found.length < 64; at = parentOf(at)) found.push(at);
  return found;
}

/** "10.0.0.2 50312 10.0.0.1 22", which sshd gives every process of a connection. */
function connectionOf(
  env: Readonly<Record<string, string | undefined>>,
  ancestors: readonly number[],
): readonly string[] | undefined {
  const own = env["SSH_CONNECTION"];
  const texts = [
    own === undefined ? "" : `SSH_CONNECTION=${own}`,
    ...ancestors.map((pid) => read(`/proc/${pid}/environ`)),
  ];
  for (const text of texts) {
    const line = text.split("\0").find((one) => one.startsWith("SSH_CONNECTION="));
    const words = line?.slice("SSH_CONNECTION=".length).split(" ") ?? [];
    if (words.length === 4 && words.every((word) => /^[0-9a-fA-F.:%\w]+$/.test(word))) return words;
  }
  return undefined;
}

const servers = ["sshd", "sshd-session", "dropbear"];

/** The outermost process that serves this one connection: below the listening server, which serves them all. */
function servingProcess(ancestors: readonly number[]): { name: string; pid: number; start: string } | undefined {
  const serving = ancestors.filter((pid) => servers.includes(nameOf(pid)));
  // The last one is the listener, unless it has ended or started them through something else.
  const at = serving.length > 1 ? serving.at(-2) : serving[0];
  const mark = at === undefined ? undefined : processMark(at);
  return mark === undefined ? undefined : { name: "sshd", ...mark };
}

/** The kernel's login session, where something sets it (pam_loginuid); undefined where nothing does. */
function auditOf(pid: number): string | undefined {
  const id = read(`/proc/${pid}/sessionid`).trim();
  return id === "" || id === "4294967295" ? undefined : id;
}

function whoIs(env: Readonly<Record<string, string | undefined>>, pid: number): string {
  const sudo = env["SUDO_USER"];
  if (sudo !== undefined && /^[\w.@-]{1,64}$/.test(sudo)) return `${sudo} (uid ${env["SUDO_UID"] ?? "?"})`;
  const login = read(`/proc/${pid}/loginuid`).trim();
  const uid = process.getuid?.() ?? 0;
  const isKnown = login !== "" && login !== "4294967295" && Number(login) !== uid;
  return isKnown ? `uid ${login}` : `${nameOfUser()} (uid ${uid})`;
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
