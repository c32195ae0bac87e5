import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import { killAllOfOurs } from "./kill-all.ts";
import { until } from "./machine.ts";
import { hasOldFiles, isOver, lastEnd, live, type Scene, uptime, type World } from "./scene.ts";
import { hostName } from "./world.ts";

/** A terminal of the operator's, with somebody at it: needs tmux on this machine. */
export interface Terminal {
  type(line: string): void;
  /** All that was shown, as it stands there. */
  screen(): string;
  shows(what: RegExp, seconds?: number): Promise<string>;
}

function tmux(network: Network, ...words: readonly string[]): string {
  const env = { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", SHELL: "/bin/bash" };
  const done = inside(namespaceOf(network, "operator"), network.home, () =>
    spawnSync("tmux", ["-u", "-L", "operator", ...words], { encoding: "utf8", env }),
  );
  return `${done.stdout}${done.stderr}`;
}

function terminal(network: Network, name: string): Terminal {
  tmux(
    network,
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-s",
    name,
    "-x",
    "100",
    "-y",
    "50",
    "PS1='laptop$ ' bash --norc",
  );
  const screen = (): string =>
    tmux(network, "capture-pane", "-p", "-J", "-S", "-500", "-t", name).replace(/\n+$/, "\n");
  return {
    type: (line) => void tmux(network, "send-keys", "-t", name, line, "Enter"),
    screen,
    async shows(what, seconds = 120) {
      await until(`${what} in ${name}`, () => what.test(screen()), seconds).catch((problem: Error) => {
        throw new Error(`${problem.message}\n${screen()}`);
      });
      return screen();
    },
  };
}

/** A terminal that is logged in at the host. */
export async function loggedIn(network: Network, name: string): Promise<Terminal> {
  const one = terminal(network, name);
  await one.shows(/laptop\$/);
  one.type(`ssh root@${hostName}`);
  await sleep(2_000);
  one.type("PS1='attic# '; clear");
  await one.shows(/^attic#/m);
  return one;
}

const file = "/etc/holdfast/holdfast.yaml";

/** What somebody sees who changes a remote host at night: a wrong router, everything killed, and then one that works. */
async function seen({ network }: World): Promise<object> {
  const a = await loggedIn(network, "first");
  a.type("holdfast plan /etc/holdfast/wrong.yaml");
  await sleep(8_000);
  a.type("holdfast apply /etc/holdfast/wrong.yaml");
  await until("it is refused by its probes", () => lastEnd() === "90-ROLLED_BACK" && isOver(), 180);
  await sleep(3_000);
  a.type("holdfast apply /etc/holdfast/wrong.yaml --deadline 30s --keep-failing");
  await until("it waits", () => live()?.names.includes("60-VERIFIED") === true, 180);
  await sleep(4_000);
  const cutOff = a.screen();
  await until("it is over", isOver, 180);
  const overAt = uptime();
  a.type("echo I am back");
  await a.shows(/^I am back/m);
  const backAfter = uptime() - overAt;
  const wrong = a.screen();
  return { cutOff, wrong, backAfter, hasOldFiles: hasOldFiles() };
}

/** Everything of Holdfast's is killed under the session; and then it is done again, and confirmed from a second one. */
async function seenKilled({ network }: World): Promise<object> {
  const a = await loggedIn(network, "killed");
  a.type(`holdfast apply ${file} --deadline 30s`);
  await until("it is swapped", () => live()?.names.includes("40-SWAPPED") === true, 180);
  const victims = killAllOfOurs();
  await sleep(5_000);
  a.type("holdfast history");
  const meanwhile = a.screen();
  await until("it is over", isOver, 180);
  a.type("holdfast history; ip -br address");
  await sleep(8_000);
  return { victims, meanwhile, after: a.screen(), hasOldFiles: hasOldFiles() };
}

async function seenGood({ network }: World): Promise<object> {
  const a = await loggedIn(network, "good");
  a.type(`holdfast apply ${file}`);
  const shown = await a.shows(/Confirm it within/, 180);
  const token = /holdfast confirm ([a-z2-7-]{20,})/.exec(shown)?.[1] ?? "";
  a.type("");
  const b = await loggedIn(network, "second");
  b.type("holdfast apply /etc/holdfast/wrong.yaml");
  await sleep(8_000);
  b.type(`holdfast confirm ${token}`);
  await until("it is over", isOver, 60);
  await sleep(2_000);
  b.type("cat /proc/net/bonding/bond0 | head -12; holdfast history");
  await sleep(8_000);
  return { first: a.screen(), second: b.screen(), end: lastEnd() };
}

/** The drill, watched; after seenGood. */
async function seenDrill({ network, machine }: World): Promise<object> {
  machine.run("sh", "-c", "echo '5000.00 9000.00' >/etc/uptime; mount --bind /etc/uptime /proc/uptime");
  const a = await loggedIn(network, "drill");
  a.type("holdfast drill --captures /var/tmp/captures; echo it ended with $?");
  await a.shows(/it ended with \d/, 180);
  a.type(
    "ls -l /var/tmp/captures; tshark -r /var/tmp/captures/drill.pcapng -Y frame.comment -T fields -e frame.time_relative -e frame.interface_name -e frame.comment",
  );
  await sleep(15_000);
  return { screen: a.screen() };
}

export const terminalScenes: Readonly<Record<string, Scene>> = { seen, seenKilled, seenGood, seenDrill };
