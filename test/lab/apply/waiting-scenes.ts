import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Network } from "../../../src/lab/guest/network.ts";
import { ssh, until } from "./machine.ts";
import { answers, hasOldFiles, isOver, lastEnd, live, type Scene, tokenIn, type World } from "./scene.ts";
import { hostName } from "./world.ts";

const heardByAll = "/var/tmp/wall.log";
const wall = "/usr/local/bin/wall";

/** What wall(1) is given: nobody is logged in at a terminal here. */
function listen(): void {
  writeFileSync(wall, `#!/bin/sh\necho "$*" >>${heardByAll}\n`, { mode: 0o755 });
  rmSync(heardByAll, { force: true });
}

/** Everybody is told before the deadline; more time moves it; and it is taken back by hand. */
async function extended({ network }: World): Promise<object> {
  listen();
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml --deadline 60s");
  const isOut = () => session.process.exitCode !== null;
  await until("it is proven", () => live()?.names.includes("60-VERIFIED") === true || isOut(), 120);
  const first = live()?.deadline ?? Number.NaN;
  await until("everybody is told", () => existsSync(heardByAll) || isOut(), 120);
  const told = existsSync(heardByAll) ? readFileSync(heardByAll, "utf8") : session.text();
  const extending = ssh(network, hostName, "holdfast extend 5m");
  const status = await extending.ended;
  const later = (live()?.deadline ?? Number.NaN) - first;
  const rollback = ssh(network, hostName, "holdfast rollback");
  const rolledBack = await rollback.ended;
  const applied = await session.ended;
  rmSync(wall);
  return {
    ...{ told, status, later, said: extending.text(), rolledBack, back: rollback.text(), applied },
    ...{ end: lastEnd(), hasOldFiles: hasOldFiles(), now: await answers(network) },
  };
}

/** A script applies, and the probes confirm; then the same goes back to what was before. */
async function unattended({ network }: World): Promise<object> {
  const forth = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml --unattended --deadline 5m");
  const status = await forth.ended;
  await until("it is over", isOver, 60);
  const [end, bond] = [lastEnd(), await answers(network, "ip -br address show dev bond0")];
  const back = ssh(network, hostName, "holdfast apply --previous --unattended --deadline 5m");
  const backStatus = await back.ended;
  await until("it is over", isOver, 60);
  const now = await answers(network);
  return {
    ...{ status, end, bond, text: forth.text(), backStatus, back: back.text() },
    ...{ hasOldFiles: hasOldFiles(), now, history: await answers(network, "holdfast history") },
  };
}

/** Applies a file and confirms it from a second session: the statuses of both. */
async function confirmed(network: Network, file: string): Promise<readonly (number | null)[]> {
  const session = ssh(network, hostName, `holdfast apply ${file}`);
  const isOut = () => session.process.exitCode !== null;
  await until("it is proven", () => session.text().includes("Confirm it within") || isOut(), 120);
  const confirming = ssh(network, hostName, `holdfast confirm ${tokenIn(session.text())}`);
  return [await confirming.ended, await session.ended];
}

const agent =
  "systemd-run --quiet --unit=agent -p RuntimeDirectory=holdfast -p RuntimeDirectoryPreserve=yes holdfast agent";

/** An agent runs while the network is changed under it: its history shows the change, and who made it. */
async function chronicled({ network, machine }: World): Promise<object> {
  const file = "/etc/holdfast/holdfast.yaml";
  const first = await confirmed(network, file);
  const started = machine.tried("sh", "-c", agent);
  await until("the agent", () => machine.tried("test", "-S", "/run/holdfast/agent.sock").status === 0, 60);
  machine.run("sed", "-i", "s/^  primary: em1/&\\n  miimon: 50ms/", file);
  const second = await confirmed(network, file);
  return {
    ...{ first, started, second },
    events: await answers(network, "holdfast events"),
    status: await answers(network, "holdfast status"),
    log: machine.run("journalctl", "--no-pager", "--output=cat", "-u", "agent"),
    now: await answers(network, `cat ${file} /sys/class/net/bond0/bonding/miimon`),
  };
}

export const waitingScenes: Readonly<Record<string, Scene>> = { extended, unattended, chronicled };
