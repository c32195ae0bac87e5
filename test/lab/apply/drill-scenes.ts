import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { killAllOfOurs } from "./kill-all.ts";
import { ssh, until } from "./machine.ts";
import { answers, heartbeat, longestGap, type Scene, tokenIn, type World } from "./scene.ts";
import { hostName } from "./world.ts";

const captures = "/var/tmp/captures";

/** A bond that was applied and confirmed unless it is there, on a host that was booted long ago: others aren't drilled. */
async function bonded({ network, machine }: World): Promise<void> {
  if (existsSync("/sys/class/net/bond0")) return bootedLongAgo(machine);
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml");
  const isOut = () => session.process.exitCode !== null;
  await until("it is proven", () => session.text().includes("Confirm it within") || isOut(), 120);
  const confirming = ssh(network, hostName, `holdfast confirm ${tokenIn(session.text())}`);
  if ((await confirming.ended) !== 0) throw new Error(session.text() + confirming.text());
  await session.ended;
  bootedLongAgo(machine);
}

function bootedLongAgo(machine: World["machine"]): void {
  writeFileSync("/etc/uptime", "5000.00 9000.00\n");
  machine.run("mount", "--bind", "/etc/uptime", "/proc/uptime");
}

/** Every port of the host is cut under the session that asks for it, and what its captures show to Wireshark. */
async function drilled(world: World): Promise<object> {
  const { network } = world;
  await bonded(world);
  const beat = heartbeat(network);
  await until("a heartbeat", () => beat.heard.length > 3);
  const began = performance.now();
  const session = ssh(network, hostName, `holdfast drill --captures ${captures}`);
  const status = await session.ended;
  const tookSeconds = (performance.now() - began) / 1000;
  beat.session.process.kill();
  const fields = ["-e", "frame.interface_name", "-e", "frame.comment"];
  const read = (name: string, ...words: readonly string[]) =>
    spawnSync("tshark", ["-r", `${captures}/${name}`, ...words], { encoding: "utf8" });
  const files = existsSync(captures) ? readdirSync(captures) : [];
  const opened = files.map((name) => [name, read(name).status, read(name).stdout.trim().split("\n").length]);
  const marks = read("drill.pcapng", "-Y", "frame.comment", "-T", "fields", ...fields);
  return {
    ...{ status, tookSeconds, gap: longestGap(beat.heard), text: session.text() },
    ...{ opened, marks: marks.stdout + marks.stderr, now: await answers(network, "cat /proc/net/bonding/bond0") },
  };
}

const isDown = (): boolean => (Number(readFileSync("/sys/class/net/em1/flags", "utf8")) & 1) === 0;

/** A drill of the port that is in use is killed with everything of Holdfast's, in the middle of a cut; by the machine's own clock. */
async function drillKilled(world: World): Promise<object> {
  const { network } = world;
  await bonded(world);
  const restoredAfterMs: number[] = [];
  for (let time = 0; time < 3; time++) {
    const session = ssh(network, hostName, "holdfast drill --port em1 --kind carrier");
    const end = performance.now() + 60_000;
    while (!isDown() && session.process.exitCode === null && performance.now() < end) await sleep(2);
    if (!isDown()) throw new Error(`nothing was cut: ${session.text()}`);
    killAllOfOurs();
    const killedAt = performance.now();
    while (isDown() && performance.now() - killedAt < 30_000) await sleep(2);
    restoredAfterMs.push(Math.round(performance.now() - killedAt));
    await session.ended;
    await sleep(3_000);
  }
  return { restoredAfterMs, now: await answers(network, "cat /proc/net/bonding/bond0") };
}

export const drillScenes: Readonly<Record<string, Scene>> = { drilled, drillKilled };
