import { operate } from "../../../src/lab/guest/operate.ts";
import { killAllOfOurs } from "./kill-all.ts";
import { onNode, ssh, until } from "./machine.ts";
import { answers, hasOldFiles, isOver, lastEnd, live, type Scene, tokenIn, uptime, type World } from "./scene.ts";
import { hostName } from "./world.ts";

const hasReached = (marker: string) => (): boolean => live()?.names.includes(marker) === true;

/** Begins the change that is wanted, and returns when a state is reached. */
async function begun({ network }: World, marker: string, deadline: string) {
  const session = ssh(network, hostName, `holdfast apply /etc/holdfast/holdfast.yaml --deadline ${deadline}`);
  const isThere = hasReached(marker);
  await until(`${marker}: ${session.text()}`, () => isThere() || session.process.exitCode !== null, 120);
  const { deadline: at = Number.NaN } = live() ?? {};
  return { session, deadline: at };
}

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
async function rebooted(world: World): Promise<object> {
  const { session } = await begun(world, "60-VERIFIED", "10m");
  await world.machine.powerOff();
  await world.machine.boot();
  session.process.kill();
  const journal = world.machine.run("journalctl", "--no-pager", "--output=cat", "-u", "holdfast-recover.service");
  const now = await answers(world.network);
  return { end: lastEnd(), hasOldFiles: hasOldFiles(), isOver: isOver(), now, journal };
}

/** A second operator is told who was first, and until when; the clock jumps a year meanwhile, and the deadline doesn't move. */
async function twoAndAJump(world: World): Promise<object> {
  const { network, machine } = world;
  const { session } = await begun(world, "60-VERIFIED", "60s");
  const { deadline = Number.NaN } = live() ?? {};
  const wall = machine.run("date", "+%s");
  machine.run("date", "-s", `@${Number(wall) + 31_536_000}`);
  const second = ssh(network, hostName, "holdfast apply /etc/holdfast/wrong.yaml; echo status $?");
  await second.ended;
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  machine.run("date", "-s", `@${Number(wall) + 60}`);
  const status = await session.ended;
  return { second: second.text(), overAfterDeadline, status, hasOldFiles: hasOldFiles(), now: await answers(network) };
}

/** A cable is pulled between plan and apply: the bond works with the other, and says what it lacks. */
async function unplugged(world: World): Promise<object> {
  operate(world.operator, { op: "wire-down", wire: "em2-switch-b" });
  const { session } = await begun(world, "60-VERIFIED", "120s");
  await until("it says so", () => session.text().includes("Confirm it within") || session.process.exitCode !== null);
  const rollback = ssh(world.network, hostName, "holdfast rollback");
  const status = await rollback.ended;
  operate(world.operator, { op: "wire-up", wire: "em2-switch-b" });
  await session.ended;
  return {
    text: session.text(),
    status,
    rollback: rollback.text(),
    hasOldFiles: hasOldFiles(),
    now: await answers(world.network),
  };
}

/** ifup and ifdown are gone: what can't be done isn't begun, or is undone by ip alone. */
async function noBackend({ network, machine }: World): Promise<object> {
  const hidden = "mv /usr/sbin/ifup /usr/sbin/ifup.gone 2>/dev/null || mv /sbin/ifup /sbin/ifup.gone";
  machine.run("sh", "-c", hidden);
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml --deadline 30s");
  const status = await session.ended;
  const now = await answers(network);
  machine.run("sh", "-c", "mv /usr/sbin/ifup.gone /usr/sbin/ifup 2>/dev/null || mv /sbin/ifup.gone /sbin/ifup");
  return { status, text: session.text(), isOver: isOver(), hasOldFiles: hasOldFiles(), now };
}

/** Nothing can be written: nothing is touched. */
async function readOnly({ network, machine }: World): Promise<object> {
  machine.run("sh", "-c", "mount --bind /etc /etc && mount -o remount,bind,ro /etc");
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml --deadline 30s");
  const status = await session.ended;
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
  const far = onNode(
    network,
    "operator",
    "/usr/bin/holdfast",
    "apply",
    "/etc/holdfast/holdfast.yaml",
    "--host",
    `root@${hostName}`,
  );
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
  rebooted,
  twoAndAJump,
  unplugged,
  noBackend,
  readOnly,
  guarded,
  overSsh,
};
