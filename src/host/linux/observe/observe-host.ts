import { execFile } from "node:child_process";
import { networkInterfaces } from "node:os";
import type { HostState } from "../../../model/host-state.ts";
import { linuxNet } from "../net.ts";
import { openRequests } from "../netlink-socket.ts";
import { decideManager } from "./decide-manager.ts";
import { type AroundLinks, type LinkExtras, readHostBonds, readLinks } from "./read-links.ts";
import { readManagers, readProcesses, readRadios, readUnits, supplicantsOf } from "./read-managers.ts";
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
  const around = isThis
    ? await aroundThis(
        radios.flatMap(({ links }) => links),
        unseen,
      )
    : nothingAround;
  const links = await readLinks(tree, around);
  const bonds = await readHostBonds(tree);
  const units = await readUnits(tree);
  const managers = await readManagers(tree, processes, units);
  const systemd = await systemdVersion(tree);
  return {
    kernel: await tree.text("/proc/sys/kernel/osrelease"),
    commandLine: await tree.text("/proc/cmdline"),
    ...(systemd === undefined ? {} : { systemd }),
    links,
    bonds,
    managers,
    ...decideManager(managers, bonds, links),
    radios,
    supplicants: supplicantsOf(processes),
    units,
    rootType: rootType(await tree.text("/proc/mounts")),
    namespaces: await tree.names("/run/netns"),
    texts: await readNamingTexts(tree),
    unseen,
  };
}

const nothingAround: AroundLinks = { extras: new Map(), addresses: new Map(), powerSave: new Map() };

/** What only this host's own kernel answers. */
async function aroundThis(radios: readonly string[], unseen: string[]): Promise<AroundLinks> {
  const addresses = Object.entries(networkInterfaces()).map(([name, entries = []]) => {
    const own = entries.flatMap(({ cidr, address }) => (cidr === null || address.startsWith("fe80:") ? [] : [cidr]));
    return [name, own] as const;
  });
  const powerSave = new Map<string, boolean>();
  for (const radio of radios) {
    const answer = await ask("iw", ["dev", radio, "get", "power_save"]);
    if (answer === undefined) unseen.push(`whether ${radio} sleeps: iw is not installed or doesn't answer`);
    else powerSave.set(radio, /power save: on/i.test(answer));
  }
  return { extras: extrasByNetlink(unseen), addresses: new Map(addresses), powerSave };
}

function extrasByNetlink(unseen: string[]): ReadonlyMap<string, LinkExtras> {
  const requests = openRequests();
  const links = requests.ok ? linuxNet(requests.value).links() : requests;
  if (requests.ok) requests.value.close();
  if (!links.ok) {
    unseen.push(`kinds and permanent addresses of links: ${links.error.message}`);
    return new Map();
  }
  return new Map(links.value.map(({ name, kind, permanentMac }) => [name, { kind, permanentMac }]));
}

/** What a program prints, undefined where it isn't there, fails or takes more than two seconds. */
function ask(program: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(program, words, { timeout: 2000 }, (problem, stdout) => done(problem === null ? stdout : undefined));
  });
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
