import { readFileSync } from "node:fs";
import { drillScenes } from "./drill-scenes.ts";
import { faultScenes } from "./fault-scenes.ts";
import { ssh, until } from "./machine.ts";
import { managerScenes } from "./manager-scenes.ts";
import { radioScenes } from "./radio-scenes.ts";
import {
  answers,
  busySeconds,
  endOfLongestGap,
  hasOldFiles,
  heartbeat,
  live,
  longestGap,
  pings,
  type Scene,
  state,
  stateTimes,
  tokenIn,
  uptime,
  type World,
} from "./scene.ts";
import { terminalScenes } from "./terminal-scenes.ts";
import { waitingScenes } from "./waiting-scenes.ts";
import { walkScenes } from "./walk-scenes.ts";
import { wayBackScenes } from "./way-back-scenes.ts";
import { hostName } from "./world.ts";

/** The world stands: the host is reached over ssh, and is itself again after its power was cut. */
async function stands({ network, machine }: World): Promise<object> {
  const first = await answers(network, "ip -br address; cat /proc/sys/kernel/random/boot_id; holdfast --version");
  const failed = machine.run("systemctl", "list-units", "--failed", "--no-legend");
  await machine.powerOff();
  await machine.boot();
  return { first, failed, again: await answers(network, "ip -br address; cat /proc/sys/kernel/random/boot_id") };
}

/** A wrong router, and an operator who insists: the session is dead until the deadline, and alive a moment after. */
async function wrongGateway(world: World): Promise<object> {
  const { network } = world;
  const beat = heartbeat(network);
  const pinging = pings(world);
  await until("a heartbeat", () => beat.heard.length > 3);
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/wrong.yaml --deadline 30s --keep-failing");
  const isSwapped = () => live()?.names.includes("40-SWAPPED") === true;
  await until("it is promised", () => isSwapped() || session.process.exitCode !== null, 60);
  if (!isSwapped()) throw new Error(`it ended at once: ${session.text()}`);
  const { deadline = Number.NaN, id = "" } = live() ?? {};
  await until("it is over", () => live() === undefined);
  const backAt = uptime();
  await until("the session is back", () => (beat.heard.at(-1) ?? 0) > backAt, 30);
  const heardAgain = beat.heard.find((at, index) => index > 0 && at - (beat.heard[index - 1] ?? at) > 5) ?? Number.NaN;
  const status = await session.ended;
  beat.session.process.kill();
  const heard = pinging.stop();
  const reachedAt = endOfLongestGap(heard);
  return {
    id,
    // What counts: that somebody far away reaches it, and not when ifup has done its last.
    reachedAfterDeadline: reachedAt - deadline,
    // And while the manager takes over what was lent.
    longestGapAfter: longestGap(heard.filter((at) => at >= reachedAt)),
    times: stateTimes(id, deadline),
    log: readFileSync(`${state}/history/${id}/rollback.log`, "utf8"),
    rollbackAfterDeadline: backAt - deadline,
    heardAfterDeadline: heardAgain - deadline,
    gap: longestGap(beat.heard),
    status,
    hasOldFiles: hasOldFiles(),
    now: await answers(network),
    text: session.text(),
  };
}

/** One port becomes a bond of two, under the very session that asks for it, and is confirmed from a second one. */
async function good({ network }: World): Promise<object> {
  const beat = heartbeat(network);
  await until("a heartbeat", () => beat.heard.length > 3);
  const began = uptime();
  const busy = busySeconds();
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml");
  await until("it is promised", () => live() !== undefined || session.process.exitCode !== null, 90);
  const { id } = live() ?? {};
  if (id === undefined) throw new Error(`it ended at once: ${session.text()}`);
  await until(
    "it is proven",
    () => session.text().includes("Confirm it within") || session.process.exitCode !== null,
    90,
  );
  const proven = uptime() - began;
  const token = tokenIn(session.text());
  const wrongSince = uptime();
  const wrong = ssh(network, hostName, "holdfast confirm aaaa-bbbb");
  const wrongStatus = await wrong.ended;
  const wrongTook = uptime() - wrongSince;
  const confirming = ssh(
    network,
    hostName,
    `holdfast confirm ${token}; cat /proc/net/bonding/bond0 | grep -i 'slave int'`,
  );
  const confirmed = await confirming.ended;
  // Nobody who means it tries a wrong token first.
  const took = uptime() - began - wrongTook;
  const busyFor = busySeconds() - busy;
  const status = await session.ended;
  beat.session.process.kill();
  return {
    times: stateTimes(id, began),
    proven,
    took,
    busyFor,
    wrongStatus,
    wrongTook,
    confirmed,
    status,
    gap: longestGap(beat.heard),
    text: session.text(),
    said: confirming.text(),
    now: await answers(network),
    history: await answers(network, "holdfast history"),
  };
}

export const scenes: Readonly<Record<string, Scene>> = {
  stands,
  wrongGateway,
  good,
  ...faultScenes,
  ...managerScenes,
  ...waitingScenes,
  ...wayBackScenes,
  ...radioScenes,
  ...drillScenes,
  ...terminalScenes,
  ...walkScenes,
};
