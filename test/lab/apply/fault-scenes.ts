import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { operate } from "../../../src/lab/guest/operate.ts";
import { begun, hasReached, wanted } from "./begun.ts";
import { killAllOfOurs } from "./kill-all.ts";
import { endOf, onNode, ssh, until } from "./machine.ts";
import {
  answers,
  hasOldFiles,
  isOver,
  lastEnd,
  live,
  type Scene,
  state,
  tokenIn,
  uptime,
  type World,
} from "./scene.ts";
import { hostName } from "./world.ts";

/** Everything of Holdfast's is killed while the network is in pieces; process 1 puts it back. */
async function killed(world: World): Promise<object> {
  const { session, deadline } = await begun(world, "40-SWAPPED", "30s");
  const victims = killAllOfOurs();
  await until("it is rolled back", isOver, 120);
  const overAfterDeadline = uptime() - deadline;
  session.process.kill();
  return { victims, overAfterDeadline, end: lastEnd(), hasOldFiles: hasOldFiles(), now: await answers(world.network) };
}

/** The power goes while the change waits for its confirmation; the next boot comes up with the old files. */
const powerCut = (world: World): Promise<object> => bootedAgain(world, world.machine.powerOff);

/** The same where somebody reboots the host: what keeps the change under its deadline is stopped in order, and undoes nothing. */
const rebooted = (world: World): Promise<object> => bootedAgain(world, world.machine.shutDown);

async function bootedAgain(world: World, down: () => Promise<void>): Promise<object> {
  const { session } = await begun(world, "60-VERIFIED", "10m");
  await down();
  const atRest = { isOver: isOver(), hasOldFiles: hasOldFiles() };
  await world.machine.boot();
  session.process.kill();
  const journal = world.machine.run("journalctl", "--no-pager", "--output=cat", "-u", "holdfast-recover.service");
  const now = await answers(world.network);
  return { atRest, end: lastEnd(), hasOldFiles: hasOldFiles(), isOver: isOver(), now, journal };
}

/** A second operator is told who was first, and until when; the clock jumps a year meanwhile, and the deadline doesn't move. */
async function twoAndAJump(world: World): Promise<object> {
  const { network, machine } = world;
  const { session } = await begun(world, "60-VERIFIED", "60s");
  const { deadline = Number.NaN } = live() ?? {};
  const wall = machine.run("date", "+%s");
  machine.run("date", "-s", `@${Number(wall) + 31_536_000}`);
  const second = ssh(network, hostName, "holdfast apply /etc/holdfast/wrong.yaml; echo status $?");
  await endOf(second);
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  machine.run("date", "-s", `@${Number(wall) + 60}`);
  const status = await endOf(session);
  return { second: second.text(), overAfterDeadline, status, hasOldFiles: hasOldFiles(), now: await answers(network) };
}

/** A cable is pulled between plan and apply: the bond works with the other, and says what it lacks. */
async function unplugged({ network, operator }: World): Promise<object> {
  const planned = await answers(network, `holdfast plan ${wanted} && echo fine`);
  operate(operator, { op: "wire-down", wire: "em2-switch-b" });
  const session = ssh(network, hostName, `holdfast apply ${wanted} --deadline 120s`);
  await until("it waits", () => session.text().includes("Confirm it within") || session.process.exitCode !== null, 120);
  const rollback = ssh(network, hostName, "holdfast rollback");
  const status = await endOf(rollback);
  operate(operator, { op: "wire-up", wire: "em2-switch-b" });
  await endOf(session);
  return {
    ...{ planned, status, text: session.text(), rollback: rollback.text() },
    ...{ hasOldFiles: hasOldFiles(), now: await answers(network) },
  };
}

/** A port is another by name, or none at all, between plan and apply: nothing is begun. */
async function portGone({ network, machine }: World): Promise<object> {
  const planned = await answers(network, `holdfast plan ${wanted} && echo fine`);
  const rename = (from: string, to: string): void => {
    for (const words of [["down"], ["name", to]]) machine.run("ip", "link", "set", from, ...words);
  };
  rename("em2", "em9");
  const session = ssh(network, hostName, `holdfast apply ${wanted} --deadline 30s`);
  const status = await endOf(session);
  const now = await answers(network);
  rename("em9", "em2");
  return { planned, status, text: session.text(), isOver: isOver(), hasOldFiles: hasOldFiles(), now };
}

/** ifup and ifdown are gone: what can't be done isn't begun. */
async function noBackend({ network, machine }: World): Promise<object> {
  const hidden = "mv /usr/sbin/ifup /usr/sbin/ifup.gone 2>/dev/null || mv /sbin/ifup /sbin/ifup.gone";
  machine.run("sh", "-c", hidden);
  const session = ssh(network, hostName, `holdfast apply ${wanted} --deadline 30s`);
  const status = await endOf(session);
  const now = await answers(network);
  machine.run("sh", "-c", "mv /usr/sbin/ifup.gone /usr/sbin/ifup 2>/dev/null || mv /sbin/ifup.gone /sbin/ifup");
  return { status, text: session.text(), isOver: isOver(), hasOldFiles: hasOldFiles(), now };
}

/** The operator's machine loses its power in the middle, so that its connections end; the change goes on without anybody, and goes back
 *  as nobody confirms it. */
async function dropped(world: World): Promise<object> {
  const { session, deadline } = await begun(world, "40-SWAPPED", "45s");
  session.process.kill("SIGKILL");
  await until("it is proven all the same", () => hasReached("60-VERIFIED")() || isOver(), 120);
  const wentOn = hasReached("60-VERIFIED")();
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  return { wentOn, overAfterDeadline, end: lastEnd(), hasOldFiles: hasOldFiles(), now: await answers(world.network) };
}

/** The operator is cut off in the middle, with nothing to tell it by where nothing is being sent: nobody can confirm, and it goes back. */
async function cutOff(world: World): Promise<object> {
  const { session, deadline } = await begun(world, "40-SWAPPED", "45s");
  operate(world.operator, { op: "wire-down", wire: "router-operator" });
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  operate(world.operator, { op: "wire-up", wire: "router-operator" });
  const now = await answers(world.network);
  session.process.kill();
  return { overAfterDeadline, end: lastEnd(), hasOldFiles: hasOldFiles(), now };
}

const interfaces = "/etc/network/interfaces";

/** Somebody edits a file while the change waits to be confirmed: the old text comes back, and theirs is kept. */
async function handEdited(world: World): Promise<object> {
  const { session } = await begun(world, "60-VERIFIED", "30s");
  const { id = "" } = live() ?? {};
  appendFileSync(interfaces, "# by hand\n");
  await until("it is rolled back", isOver, 240);
  const folder = `${state}/history/${id}`;
  const kept = readdirSync(folder).filter((name) => name.startsWith("conflict."));
  const isKept = kept.some((name) => readFileSync(`${folder}/${name}`, "utf8").endsWith("# by hand\n"));
  const status = await endOf(session);
  return { status, isKept, end: lastEnd(), hasOldFiles: hasOldFiles(), now: await answers(world.network) };
}

/** Nothing can be written: nothing is touched. */
async function readOnly({ network, machine }: World): Promise<object> {
  machine.run("sh", "-c", "mount --bind /etc /etc && mount -o remount,bind,ro /etc");
  const session = ssh(network, hostName, `holdfast apply ${wanted} --deadline 30s`);
  const status = await endOf(session);
  machine.run("umount", "/etc");
  return { status, text: session.text(), isOver: isOver(), hasOldFiles: hasOldFiles(), now: await answers(network) };
}

const vandalism = `echo 'auto em9' >>/etc/network/interfaces; echo new >/etc/network/interfaces.d/new
ip link add bond7 type bond mode active-backup; ip link set em1 down; ip link set em1 master bond7; ip link set bond7 up
ip address add 192.168.1.106/24 dev bond7`;

/** A command that does everything wrong, under guard, and nobody confirms. */
async function guarded({ network, machine }: World): Promise<object> {
  const script = `holdfast guard --deadline 30s --keep-failing -- sh -c "${vandalism}"`;
  const session = ssh(network, hostName, script);
  await until("it is done", () => hasReached("50-APPLIED")() || session.process.exitCode !== null, 120);
  await until("it is rolled back", isOver, 240);
  const now = await answers(network, "ip -br address; ip route; ls /etc/network/interfaces.d");
  const bonds = machine.run("ls", "/sys/class/net");
  await session.ended;
  return { text: session.text(), hasOldFiles: hasOldFiles(), now, bonds };
}

/** From the operator's own machine: applied there, confirmed over a new connection; then the way back, by --previous. */
async function overSsh({ network }: World): Promise<object> {
  const began = uptime();
  const far = onNode(network, "operator", "/usr/bin/holdfast", "apply", wanted, "--host", `root@${hostName}`);
  const status = await far.ended;
  const took = uptime() - began;
  const end = lastEnd();
  const bond = await answers(network, "ip -br address show dev bond0");
  const back = ssh(network, hostName, "holdfast apply --previous --deadline 5m");
  await until("it waits", () => back.text().includes("Confirm it within") || back.process.exitCode !== null, 120);
  const confirming = ssh(network, hostName, `holdfast confirm ${tokenIn(back.text())}`);
  const confirmed = await confirming.ended;
  await back.ended;
  const now = await answers(network);
  return { status, took, end, bond, text: far.text(), back: back.text(), confirmed, hasOldFiles: hasOldFiles(), now };
}

export const faultScenes: Readonly<Record<string, Scene>> = {
  killed,
  powerCut,
  rebooted,
  dropped,
  cutOff,
  handEdited,
  twoAndAJump,
  unplugged,
  portGone,
  noBackend,
  readOnly,
  guarded,
  overSsh,
};
