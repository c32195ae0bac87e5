import { ssh, until } from "./machine.ts";
import { answers, endOfLongestGap, hasOldFiles, isOver, lastEnd, live, pings, type Scene, uptime } from "./scene.ts";
import { hostName } from "./world.ts";

const look =
  "ip -br address show dev em1; ip route; ls /sys/class/net; nmcli -t -f DEVICE,STATE,CONNECTION device 2>/dev/null; true";

/** What would be done, and by whose files. */
const planned: Scene = async ({ network }) => ({
  plan: await answers(network, "holdfast plan /etc/holdfast/holdfast.yaml 2>&1 || echo status $?"),
  runtime: await answers(network, "cat /run/NetworkManager/system-connections/* 2>/dev/null; true"),
});

/** A command that takes the default route, under guard: the proof finds it out, and it comes back at once. */
const routeGone: Scene = async ({ network }) => {
  const before = await answers(network, look);
  const session = ssh(network, hostName, "holdfast guard --deadline 60s -- ip route del default");
  const status = await session.ended;
  const after = await answers(network, look);
  return {
    status,
    end: lastEnd(),
    isSame: before === after,
    hasOldFiles: hasOldFiles(),
    before,
    after,
    text: session.text(),
  };
};

/** What an operator might do to a host of that kind, and ought not to. */
const mistakes: Readonly<Record<string, string>> = {
  ifupdown: "ifdown em1; sed -i s/192.168.1.105/192.168.7.7/ /etc/network/interfaces; ifup em1",
  networkmanager:
    "nmcli connection modify em1 ipv4.addresses 192.168.7.7/24 ipv4.gateway 192.168.7.1; nmcli connection up em1",
  netplan: "sed -i s/192.168.1.105/192.168.7.7/ /etc/netplan/*.yaml; netplan apply",
  networkd:
    "sed -i s/192.168.1.105/192.168.7.7/ /etc/systemd/network/*.network; networkctl reload; networkctl reconfigure em1",
};

const whichMistake = `if [ -n "$(ls /etc/netplan/*.yaml 2>/dev/null)" ]; then echo netplan
elif [ -n "$(ls /etc/systemd/network/*.network 2>/dev/null)" ]; then echo networkd
elif [ -n "$(ls /etc/NetworkManager/system-connections/* 2>/dev/null)" ]; then echo networkmanager
else echo ifupdown; fi`;

/** The manager itself is told to take the address away, and nobody can confirm. */
const ownMistake: Scene = async ({ network, machine }) => {
  const kind = machine.run("sh", "-c", whichMistake);
  const before = await answers(network, look);
  const command = `holdfast guard --deadline 60s --keep-failing -- sh -c '${mistakes[kind] ?? "false"}'`;
  const session = ssh(network, hostName, command);
  await until("it is promised", () => live() !== undefined || session.process.exitCode !== null, 120);
  const isDone = (): boolean => live()?.names.includes("50-APPLIED") === true || session.process.exitCode !== null;
  await until("it is done", isDone, 120);
  const meanwhile = machine.run("sh", "-c", look);
  const { deadline = Number.NaN } = live() ?? {};
  await until("it is rolled back", isOver, 240);
  const overAfterDeadline = uptime() - deadline;
  const after = await answers(network, look);
  session.process.kill();
  return {
    kind,
    overAfterDeadline,
    end: lastEnd(),
    wasWrong: meanwhile.includes("192.168.7.7") && !meanwhile.includes("192.168.1.105"),
    isSame: before === after,
    hasOldFiles: hasOldFiles(),
    before,
    meanwhile,
    after,
    text: session.text(),
  };
};

/** The same of a manager that is made to forget all it knew. */
const forgettings: Readonly<Record<string, string>> = {
  networkmanager: "nmcli connection delete em1",
  netplan: "sh -c 'rm /etc/netplan/*.yaml; netplan apply; ip address flush dev em1'",
  networkd: "sh -c 'rm /etc/systemd/network/*.network; networkctl reload; ip address flush dev em1'",
  ifupdown: "sh -c 'ifdown em1; rm /etc/network/interfaces'",
};

/** The manager forgets the host's only connection: the session is cut, and comes back with the profile in force. */
const forgotten: Scene = async ({ network, machine }) => {
  const before = await answers(network, look);
  const command = forgettings[machine.run("sh", "-c", whichMistake)] ?? "false";
  const session = ssh(network, hostName, `holdfast guard --deadline 60s -- ${command}`);
  await until("it is promised", () => live() !== undefined || session.process.exitCode !== null, 120);
  await until("it is rolled back", isOver, 240);
  const after = await answers(network, look);
  session.process.kill();
  return { end: lastEnd(), isSame: before === after, hasOldFiles: hasOldFiles(), before, after, text: session.text() };
};

/** A host of ifupdown's whose files and notes are gone: nobody manages it, and ip alone changes it, comes back and keeps what is confirmed. */
const unmanaged: Scene = async (world) => {
  const { network, machine } = world;
  machine.run("sh", "-c", "rm -r /etc/network/interfaces* /run/network/ifstate*");
  const before = await answers(network, look);
  const pinging = pings(world);
  const wrong = ssh(
    network,
    hostName,
    "holdfast apply /etc/holdfast/wrong.yaml --to netlink --deadline 30s --keep-failing",
  );
  const isOut = () => wrong.process.exitCode !== null;
  await until("it is done", () => live()?.names.includes("50-APPLIED") === true || isOut(), 120);
  const { deadline = Number.NaN } = live() ?? {};
  await until("it is rolled back", isOver, 240);
  const status = await wrong.ended;
  const reachedAfterDeadline = endOfLongestGap(pinging.stop()) - deadline;
  const after = await answers(network, look);
  const good = ssh(network, hostName, "holdfast apply /etc/holdfast/holdfast.yaml --to netlink --unattended");
  const confirmed = await good.ended;
  return {
    ...{ reachedAfterDeadline, status, isSame: before === after, before, after, text: wrong.text() },
    ...{ confirmed, end: lastEnd(), now: await answers(network, look), said: good.text() },
  };
};

export const managerScenes: Readonly<Record<string, Scene>> = { planned, routeGone, ownMistake, forgotten, unmanaged };
