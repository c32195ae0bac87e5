import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { close, monotonicNs, read, sleepUntilNs } from "../../host/linux/libc.ts";
import type { SshTrace } from "../../measure/trace.ts";
import type { FlowSpec } from "../../topology/lab-plan.ts";
import { inside } from "./namespaces.ts";
import { type Network, namespaceOf } from "./network.ts";
import { openPipe } from "./run-confined.ts";
import { runTool } from "./run-tool.ts";

/** A session of the real ssh from a machine of the LAN to the real sshd on the host. A program in it counts aloud, and what arrives
 *  at the client's end is noted: when, and whether a number was left out. */
export interface SshSession {
  readonly flow: string;
  readonly client: ChildProcess;
  readonly output: number;
  readonly heardAtNs: bigint[];
  /** Of a number whose line isn't complete yet. */
  rest: string;
  /** The last number heard. */
  last: number;
  isInOrder: boolean;
  brokeAtNs?: bigint;
  error?: string;
}

const folder = "/run/lab-ssh";
const MS = 1_000_000n;
/** A key exchange takes no virtual time, and where processor time is counted a few seconds. */
const OPEN_LIMIT_NS = 60_000n * MS;

/** The numbers' program: it forks nothing, and waits on a pipe that nobody writes to. */
const count = "exec 3<> <(:); i=0; while :; do echo $((i += 1)); read -t 0.02 -u 3; done";

const serverSettings = `HostKey ${folder}/host
AuthorizedKeysFile ${folder}/key.pub
PidFile ${folder}/pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PrintMotd no
PrintLastLog no
UseDNS no
`;

/** As they come: no keep-alives of ssh's own, so that what ends a session is TCP. */
const clientSettings = `StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
IdentityFile ${folder}/key
IdentitiesOnly yes
BatchMode yes
ConnectTimeout 60
`;

/** sshd's users are its own: the machine's root may be locked, its shell may read files, and its packages' users may be missing. */
const users = `root:x:0:0::${folder}:/bin/sh\nsshd:x:64999:64999::/run/sshd:/usr/sbin/nologin\n`;
const shadow = "root:*:19000:0:99999:7:::\nsshd:!:19000::::::\n";

/** Starts sshd on the host. Throws with what it said where it can't be started. */
export function startSshd(): void {
  mkdirSync("/run/sshd", { recursive: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ sshd: serverSettings, ssh: clientSettings, users, shadow })) {
    writeFileSync(`${folder}/${name}`, text);
  }
  for (const name of ["host", "key"]) {
    runTool("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", `${folder}/${name}`], "");
  }
  const mounts = `touch /etc/shadow; mount --bind ${folder}/users /etc/passwd && mount --bind ${folder}/shadow /etc/shadow`;
  const start = `exec /usr/sbin/sshd -f ${folder}/sshd -E ${folder}/sshd.log`;
  runTool("unshare", ["--mount", "sh", "-c", `${mounts} && ${start}`], "");
}

/** The flow whose peer a session can be opened from: one that knows the host's address. */
export function sshFlow(network: Network): FlowSpec | undefined {
  return network.plan.flows.find(({ hostAddress }) => hostAddress !== undefined);
}

/** Opens a session and waits until it counts. One that doesn't get there says why. */
export function openSsh(network: Network, spec: FlowSpec): SshSession {
  const { reader, writer } = openPipe();
  const errors = openSync(`${folder}/client.log`, "w");
  const words = ["-F", `${folder}/ssh`, "-T", `root@${spec.hostAddress ?? ""}`, `exec bash -c '${count}'`];
  const client = inside(namespaceOf(network, spec.peer), network.home, () =>
    spawn("ssh", words, { stdio: ["ignore", writer, errors], detached: true }),
  );
  client.on("error", () => undefined);
  close(writer);
  closeSync(errors);
  const session: SshSession = {
    flow: spec.id,
    client,
    output: reader,
    heardAtNs: [],
    rest: "",
    last: 0,
    isInOrder: true,
  };
  const deadlineNs = monotonicNs() + OPEN_LIMIT_NS;
  while (session.last < 3 && session.brokeAtNs === undefined && monotonicNs() < deadlineNs) {
    sleepUntilNs(monotonicNs() + 10n * MS);
    listenToSsh(session, monotonicNs());
  }
  return session;
}

const inbox = Buffer.allocUnsafeSlow(16_384);

/** Takes in the numbers that have arrived since. */
export function listenToSsh(session: SshSession, nowNs: bigint): void {
  if (session.brokeAtNs !== undefined) return;
  const size = read(session.output, inbox, inbox.length);
  if (size === 0) {
    session.brokeAtNs = nowNs;
    session.error = lastWords();
  }
  if (size <= 0) return;
  const lines = (session.rest + inbox.toString("latin1", 0, size)).split("\n");
  session.rest = lines.pop() ?? "";
  for (const line of lines) {
    session.isInOrder &&= Number(line) === session.last + 1;
    session.last = Number(line);
  }
  if (lines.length > 0) session.heardAtNs.push(nowNs);
}

/** Has it said something within `withinNs`? A broken one has nothing more to wait for. */
export function isSshAlive(session: SshSession, nowNs: bigint, withinNs: bigint): boolean {
  const last = session.heardAtNs.at(-1);
  return session.brokeAtNs !== undefined || last === undefined || nowNs - last <= withinNs;
}

/** Ends a session; what counted on the host ends with it. */
export function closeSsh(session: SshSession): void {
  if (session.client.pid !== undefined && session.brokeAtNs === undefined) session.client.kill("SIGTERM");
  close(session.output);
}

/** A session as recorded, times in ms after `zeroNs`. */
export function toSshTrace(session: SshSession, zeroNs: bigint): SshTrace {
  const ms = (at: bigint): number => Number(at - zeroNs) / 1e6;
  const broke = session.brokeAtNs === undefined ? {} : { brokeAtMs: ms(session.brokeAtNs) };
  return {
    flow: session.flow,
    heardAtMs: session.heardAtNs.map(ms),
    counted: session.last,
    isInOrder: session.isInOrder,
    ...broke,
    ...(session.error === undefined ? {} : { error: session.error }),
  };
}

function lastWords(): string {
  const read = (name: string): string => readFileSync(`${folder}/${name}.log`, "utf8").trim().split("\n").at(-1) ?? "";
  return read("client") || read("sshd") || "closed";
}
