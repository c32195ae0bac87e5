import { writeFileSync } from "node:fs";
import { begun } from "./begun.ts";
import { endOf, ssh, until } from "./machine.ts";
import { answers, hasOldFiles, isOver, lastEnd, type Scene, uptime, type World } from "./scene.ts";
import { hostName } from "./world.ts";

/** What befalls the way back itself, which nobody looks after: the change waits, and something it would need is taken away. */

const programs = "for name in ifup ifdown; do for at in /usr/sbin /sbin; do";

/** ifup and ifdown are gone when it goes back: the host is reached again, by ip alone. */
async function backWithoutBackend(world: World): Promise<object> {
  const { network, machine } = world;
  const { session, deadline } = await begun(world, "60-VERIFIED", "30s");
  machine.run("sh", "-c", `${programs} [ ! -e $at/$name ] || mv $at/$name $at/$name.gone; done; done`);
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  const [now, status] = [await answers(network), await endOf(session)];
  machine.run("sh", "-c", `${programs} [ ! -e $at/$name.gone ] || mv $at/$name.gone $at/$name; done; done`);
  return { overAfterDeadline, status, end: lastEnd(), hasOldFiles: hasOldFiles(), now };
}

/** Holdfast is removed while a change waits: the way back never needed it. */
async function removed(world: World): Promise<object> {
  const { session, deadline } = await begun(world, "60-VERIFIED", "30s");
  world.machine.run("mv", "/usr/lib/holdfast", "/usr/lib/holdfast.gone");
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  world.machine.run("mv", "/usr/lib/holdfast.gone", "/usr/lib/holdfast");
  const status = await endOf(session);
  return { overAfterDeadline, status, end: lastEnd(), hasOldFiles: hasOldFiles(), now: await answers(world.network) };
}

/** /etc is read-only when it goes back: the running network is made what it was, and the files are as soon as they can be. */
async function backOnReadOnly(world: World): Promise<object> {
  const { network, machine } = world;
  const { session } = await begun(world, "60-VERIFIED", "30s");
  machine.run("sh", "-c", "mount --bind /etc /etc && mount -o remount,bind,ro /etc");
  const isBack = () => /em1\S* +UP +192/.test(machine.run("ip", "-br", "address"));
  await until("it went back", isBack, 240);
  const meanwhile = await answers(network);
  const told = await answers(network, "sleep 5; holdfast history");
  machine.run("umount", "/etc");
  const back = ssh(network, hostName, "holdfast rollback");
  const backStatus = await endOf(back);
  const status = await endOf(session, 60).catch(String);
  session.process.kill();
  return {
    ...{ meanwhile, told, backStatus, back: back.text(), status, text: session.text() },
    ...{ end: lastEnd(), isOver: isOver(), hasOldFiles: hasOldFiles(), now: await answers(network) },
  };
}

const aside = "/var/tmp/aside";
/** ifup, which is ifdown by another name, and never ends when it is to bring the bond up. */
const hanging = `#!/bin/sh
case "$0 $*" in *ifup*bond0*) exec sleep 100000 ;; esac
exec ${aside}/"${"$"}{0##*/}" "$@"
`;

/** The manager's program never ends: it is stopped before the deadline, and the host is reached as before. */
async function hangs({ network, machine }: World): Promise<object> {
  const where = machine.run("sh", "-c", "command -v ifup");
  machine.run("sh", "-c", `mkdir -p ${aside} && mv ${where} ${aside}/ifup && ln -sf ifup ${aside}/ifdown`);
  writeFileSync(where, hanging, { mode: 0o755 });
  const session = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml --deadline 60s");
  const status = await endOf(session);
  await until("it is over", isOver, 120);
  machine.run("mv", `${aside}/ifup`, where);
  return { status, text: session.text(), end: lastEnd(), hasOldFiles: hasOldFiles(), now: await answers(network) };
}

export const wayBackScenes: Readonly<Record<string, Scene>> = { backWithoutBackend, removed, backOnReadOnly, hangs };
