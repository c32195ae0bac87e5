import type { HostState } from "../../../model/host-state.ts";
import { askProgram } from "./ask-program.ts";
import { decideManager } from "./decide-manager.ts";
import { readBonding, readFileOwners, readSysctls, readWaits } from "./read-boot.ts";
import { readHostBonds, readLinks } from "./read-links.ts";
import { readManagers, readProcesses, readRadios, readUnits, supplicantsOf } from "./read-managers.ts";
import { networkUnseen, readNetwork } from "./read-network.ts";
import { readNamingTexts } from "./read-texts.ts";
import { type HostTree, hostTree } from "./tree.ts";

/** Looks at a running host: this one, or one whose /etc, /proc, /run and /sys were copied below `root`. Needs no rights,
 *  changes nothing, fails at nothing: what could not be seen is said. */
export async function observeHost(root = "/"): Promise<HostState> {
  const tree = hostTree(root);
  const isThis = root === "/";
  const unseen: string[] = [];
  const processes = await readProcesses(tree);
  if (!(await tree.isThere("/proc/1"))) unseen.push("which programs run: there is no /proc");
  if (!(await tree.isThere("/sys/class/net"))) unseen.push("the links: there is no /sys/class/net");
  const radios = await readRadios(tree);
  const network = isThis ? readNetwork(unseen) : networkUnseen;
  if (!isThis) unseen.push("addresses and routes: only the running kernel tells them, and this is a copy");
  const radioLinks = radios.flatMap((radio) => radio.links);
  const powerSave = isThis ? await askPowerSave(radioLinks, unseen) : new Map<string, boolean>();
  const links = await readLinks(tree, { ...network, powerSave });
  const bonds = await readHostBonds(tree);
  const units = await readUnits(tree);
  const managers = await readManagers(tree, processes, units);
  const systemd = await systemdVersion(tree);
  const kernel = await tree.text("/proc/sys/kernel/osrelease");
  const bonding = await readBonding(tree, kernel);
  const fileOwners = await readFileOwners(tree);
  const { trace, ...decided } = decideManager(managers, bonds, links);
  return {
    kernel,
    commandLine: await tree.text("/proc/cmdline"),
    ...(systemd === undefined ? {} : { systemd }),
    links,
    bonds,
    managers,
    ...decided,
    trace: [...trace, ...fileOwners.map(({ program, file }) => `${file} belongs to ${program}, which writes it anew`)],
    ...(network.routes === undefined ? {} : { routes: network.routes }),
    sysctls: await readSysctls(tree, [...new Set(bonds.flatMap(({ name, ports }) => [name, ...ports]))]),
    ...(bonding === undefined ? {} : { bonding }),
    waits: await readWaits(tree, units),
    fileOwners,
    ...((await tree.isThere("/run/holdfast/agent.sock")) ? { hasAgent: true as const } : {}),
    radios,
    supplicants: supplicantsOf(processes),
    units,
    rootType: rootType(await tree.text("/proc/mounts")),
    namespaces: await tree.names("/run/netns"),
    texts: await readNamingTexts(tree),
    unseen,
  };
}

/** Whether radios sleep between beacons: the kernel tells it by nl80211, which `iw` speaks. */
async function askPowerSave(radios: readonly string[], unseen: string[]): Promise<ReadonlyMap<string, boolean>> {
  const powerSave = new Map<string, boolean>();
  for (const radio of radios) {
    const answer = await askProgram("iw", ["dev", radio, "get", "power_save"]);
    if (answer === undefined) unseen.push(`whether ${radio} sleeps: iw is not installed or doesn't answer`);
    else powerSave.set(radio, /power save: on/i.test(answer));
  }
  return powerSave;
}

/** By the name of its private library, which carries the version. */
async function systemdVersion(tree: HostTree): Promise<number | undefined> {
  const names = [...(await tree.names("/usr/lib/systemd")), ...(await tree.names("/lib/systemd"))];
  const version = names.map((name) => /^libsystemd-shared-(\d+)/.exec(name)?.[1]).find((one) => one !== undefined);
  return version === undefined ? undefined : Number(version);
}

/** The last file system mounted on "/" is the one in use. */
function rootType(mounts: string): string {
  const rows = mounts.split("\n").map((line) => line.split(" "));
  return rows.findLast(([, where]) => where === "/")?.[2] ?? "";
}
