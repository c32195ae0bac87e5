import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { openEchoFlow } from "../../../src/drill/echo-flow.ts";
import { monotonicMs } from "../../../src/host/linux/libc.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import type { Operator } from "../../../src/lab/guest/operate.ts";
import { type Machine, type Session, ssh } from "./machine.ts";
import { hostName } from "./world.ts";

/** What a scene plays in. */
export interface World {
  readonly network: Network;
  readonly machine: Machine;
  readonly operator: Operator;
  /** Where the operator reaches the host. */
  readonly address: string;
  /** The checkout that is tried. */
  readonly program: string;
  say(words: string): void;
}

const PING_EVERY_MS = 20;

export type Scene = (world: World) => Promise<object>;

/** Where transactions lie. */
export const state = "/var/lib/holdfast/tx";

export const uptime = (): number => Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);

/** The live transaction's deadline and markers. */
export function live():
  | { readonly id: string; readonly names: readonly string[]; readonly deadline: number }
  | undefined {
  const folder = `${state}/active`;
  if (!existsSync(`${folder}/manifest.json`)) return undefined;
  const { id } = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")) as { readonly id: string };
  const names = readdirSync(folder);
  const armed = names
    .filter((name) => /^armed-\d+$/.test(name))
    .toSorted()
    .at(-1);
  const deadline =
    armed === undefined ? Number.NaN : Number(JSON.parse(readFileSync(`${folder}/${armed}`, "utf8")).deadline);
  return { id, names, deadline };
}

/** How the last transaction ended, by the markers it left. */
export function lastEnd(): string {
  const history = `${state}/history`;
  const last = existsSync(history) ? readdirSync(history).toSorted().at(-1) : undefined;
  const names = last === undefined ? [] : readdirSync(`${history}/${last}`);
  return (
    names
      .filter((name) => /^\d\d-/.test(name))
      .toSorted()
      .at(-1) ?? ""
  );
}

/** Nothing is live, and what was is put away: the one comes a moment before the other. */
export const isOver = (): boolean =>
  live() === undefined && !(existsSync(state) ? readdirSync(state) : []).some((name) => /^\d{6}-/.test(name));
const networkFiles = ["/etc/network", "/etc/netplan", "/etc/systemd/network", "/etc/NetworkManager/system-connections"];
let old = "";

/** Every file of the network's, by name and content; what Holdfast left there would be one, too. */
function filesNow(): string {
  const rows: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) rows.push(`${path} ${statSync(path).mode.toString(8)} ${readFileSync(path, "utf8")}`);
    }
  };
  for (const folder of networkFiles) walk(folder);
  return rows.toSorted().join("\n");
}

/** Before anything is applied: what hasOldFiles compares with. */
export function keepOldFiles(): void {
  old = filesNow();
}

/** The files are what they were before anything was applied. */
export function hasOldFiles(): boolean {
  return filesNow() === old;
}

/** A new connection works, and says what it is asked. */
export async function answers(network: Network, command = "ip -br address"): Promise<string> {
  const session = ssh(network, hostName, command);
  return (await session.ended) === 0 ? session.text().trim() : "";
}

/** Something that speaks twice a second over a connection of its own, and when it was heard, s since the boot. */
export function heartbeat(network: Network): { readonly session: Session; readonly heard: number[] } {
  // bash's own waiting: a program started five times a second took more than half of this machine's processor.
  const session = ssh(network, hostName, "exec 3<> <(:); while echo beat; do read -rt 0.2 -u 3; done");
  const heard: number[] = [];
  session.process.stdout?.on("data", () => heard.push(uptime()));
  return { session, heard };
}

/** Fifty questions a second from outside, and when an answer came by the kernel's own stamp, s since the boot: TCP would wait longer and
 *  longer before it tries again, and ping spins for the last milliseconds before its next question, for ever where the clock is virtual. */
export function pings({ network, address }: World): { stop(): readonly number[] } {
  const opened = inside(namespaceOf(network, "operator"), network.home, () =>
    openEchoFlow({ name: "from outside", address }, PING_EVERY_MS, monotonicMs()),
  );
  if (!opened.ok) throw new Error(`no echo flow: ${opened.error}`);
  const { send, drain, stream, close } = opened.value;
  let sent = 0;
  const timer = setInterval(() => {
    drain();
    send(sent++);
  }, PING_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      drain();
      close();
      return stream.receivedAtMs.flatMap((at) => (at === null ? [] : [at / 1000])).toSorted((a, b) => a - b);
    },
  };
}

/** When it was heard again after the longest silence. */
export function endOfLongestGap(heard: readonly number[]): number {
  const gap = longestGap(heard);
  return heard.find((at, index) => index > 0 && at - (heard[index - 1] ?? at) === gap) ?? Number.NaN;
}

/** Seconds that the processor had something to do since the boot. */
export function busySeconds(): number {
  const [user = 0, nice = 0, system = 0] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "")
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system) / 100;
}

/** When each state of a transaction that is over was reached, s since `began` (since the boot): a rename leaves its time. Nothing is asked
 *  while it goes on: this machine has one processor for all of it. */
export function stateTimes(id: string, began: number): Record<string, number> {
  const folder = `${state}/history/${id}`;
  const booted = Date.now() / 1000 - uptime();
  const names = readdirSync(folder).filter((name) => /^\d\d-[A-Z_]+$/.test(name));
  return Object.fromEntries(
    names.map((name) => [
      name,
      Math.round((statSync(`${folder}/${name}`).ctimeMs / 1000 - booted - began) * 100) / 100,
    ]),
  );
}

export function longestGap(heard: readonly number[]): number {
  return Math.max(0, ...heard.map((at, index) => at - (heard[index - 1] ?? at)));
}

export function tokenIn(text: string): string {
  return /holdfast confirm ([a-z2-7-]{20,})/.exec(text)?.[1] ?? "";
}
