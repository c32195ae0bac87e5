import { readFileSync } from "node:fs";
import { ssh, until } from "./machine.ts";
import { answers, isOver, lastEnd, live, type Scene, state, tokenIn, type World } from "./scene.ts";
import { hostName } from "./world.ts";

const hasJoined = (): boolean => readFileSync("/sys/class/net/wlan0/operstate", "utf8").trim() === "up";

/** What is known of the radio as a port before a change. */
function baselineOf(folder: string): unknown {
  const { probes } = JSON.parse(readFileSync(`${folder}/baseline.json`, "utf8")) as {
    readonly probes: readonly { readonly name: string }[];
  };
  return probes.find(({ name }) => name === "port wlan0");
}

/** Applies what is wanted, and confirms it from a second session. `before`: what was known of the radio as a port. */
async function confirmed(network: World["network"]): Promise<object> {
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml");
  const isOut = () => session.process.exitCode !== null;
  await until("it is proven", () => session.text().includes("Confirm it within") || isOut(), 120);
  const before = live() === undefined ? undefined : baselineOf(`${state}/active`);
  const confirming = ssh(network, hostName, `holdfast confirm ${tokenIn(session.text())}`);
  return { before, confirmed: await confirming.ended, status: await session.ended, text: session.text() };
}

/** A bond with a standby radio gets another option: the radio is looked at before, steered to after, and stays. */
async function radioStandby({ network }: World): Promise<object> {
  await until("the radio has joined", hasJoined);
  return { ...(await confirmed(network)), bond: await answers(network, "cat /proc/net/bonding/bond0") };
}

/** A host gets a bond with a radio that it had no use for: the radio joins without a boot, and carries what the cable carried. */
async function radioNew({ network, machine }: World): Promise<object> {
  const applied = await confirmed(network);
  await until("the radio has joined", hasJoined, 30).catch(() => undefined);
  const bond = await answers(network, "cat /proc/net/bonding/bond0");
  const again = await answers(network, "holdfast plan /etc/holdfast/holdfast.yaml");
  const sleeps = machine.run("iw", "dev", "wlan0", "get", "power_save");
  machine.run("ip", "link", "set", "em1", "down");
  const now = await answers(network, "cat /sys/class/net/bond0/bonding/active_slave");
  const units = machine.run("systemctl", "list-units", "--no-pager", "--no-legend", "*wpa*");
  return { ...applied, bond, again, sleeps, now, units };
}

/** A command after which traffic flows as before, and the standby radio has left its network: redundancy is gone, and it goes back. */
async function radioLost({ network }: World): Promise<object> {
  await until("the radio has joined", hasJoined);
  const session = ssh(network, hostName, "holdfast guard --deadline 120s -- ip link set wlan0 down");
  const status = await session.ended;
  await until("it is over", isOver, 240);
  await until("the radio has joined again", hasJoined);
  return { status, end: lastEnd(), text: session.text(), now: await answers(network) };
}

export const radioScenes: Readonly<Record<string, Scene>> = { radioNew, radioStandby, radioLost };
