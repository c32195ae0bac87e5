import type { FileOwner, HostBonding, HostWait } from "../../../model/host-state.ts";
import { leavesNetworkAlone } from "../../../model/managers.ts";
import type { HostTree } from "./tree.ts";

const waiting = ["systemd-networkd-wait-online.service", "NetworkManager-wait-online.service"];

/** The services that hold network-online.target back at boot, with what they are called with. */
export async function readWaits(tree: HostTree, units: readonly string[]): Promise<readonly HostWait[]> {
  const waits: HostWait[] = [];
  for (const unit of units) {
    const template = unit.replace(/^([^@]*)@[^.]*\./, "$1@.");
    if (!waiting.some((one) => one === unit || one.replace(".", "@.") === template)) continue;
    waits.push({ unit, command: await commandOf(tree, unit, template) });
  }
  return waits;
}

const unitFolders = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** The last ExecStart= counts; an empty one takes back what stood before. Source: systemd.service(5), systemd.unit(5). */
async function commandOf(tree: HostTree, unit: string, template: string): Promise<readonly string[]> {
  let command = "";
  for (const text of await unitTexts(tree, unit, template))
    for (const [, said = ""] of text.matchAll(/^ExecStart=(.*)$/gm)) command = said.trim();
  const instance = /^[^@]*@([^.]*)\./.exec(unit)?.[1] ?? "";
  return command === "" ? [] : command.replaceAll(/%[iI]/g, instance).split(/\s+/);
}

async function unitTexts(tree: HostTree, unit: string, template: string): Promise<readonly string[]> {
  const whole = await Promise.all(unitFolders.map((folder) => tree.text(`${folder}/${template}`)));
  const texts = [whole.find((text) => text !== "") ?? ""];
  for (const folder of unitFolders.toReversed())
    for (const name of await tree.names(`${folder}/${unit}.d`))
      if (name.endsWith(".conf")) texts.push(await tree.text(`${folder}/${unit}.d/${name}`));
  return texts;
}

/** Whether this kernel has the bonding driver, and what it was loaded with. */
export async function readBonding(tree: HostTree, kernel: string): Promise<HostBonding | undefined> {
  const folder = "/sys/module/bonding";
  if ((await tree.isThere(folder)) || (await tree.isThere("/sys/class/net/bonding_masters"))) {
    const names = await tree.names(`${folder}/parameters`);
    const values = await Promise.all(names.map((name) => tree.text(`${folder}/parameters/${name}`)));
    const said = names.flatMap((name, at) => (values[at] === "" ? [] : [[name, values[at] ?? ""] as const]));
    return { driver: "loaded", parameters: new Map(said) };
  }
  if (kernel === "") return undefined;
  const modules = (await tree.isThere(`/lib/modules/${kernel}`)) ? "/lib/modules" : "/usr/lib/modules";
  const lists = await Promise.all(
    ["modules.dep", "modules.builtin"].map((name) => tree.text(`${modules}/${kernel}/${name}`)),
  );
  // A kernel whose modules lie elsewhere, as in a container: nothing is known.
  if (lists.every((list) => list === "")) return undefined;
  const isThere = lists.some((list) => /\/bonding\.ko/.test(list));
  return { driver: isThere ? "loadable" : "absent", parameters: new Map() };
}

const forIpv4 = ["arp_ignore", "arp_announce", "rp_filter", "arp_notify", "drop_gratuitous_arp"];
const forIpv6 = ["disable_ipv6", "accept_ra", "autoconf", "forwarding", "ndisc_notify", "drop_unsolicited_na"];

/** Settings of all links together and of these, as far as they can be read. */
export async function readSysctls(tree: HostTree, links: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const link of ["all", ...links]) {
    const keys = [
      ...forIpv4.map((key) => `net/ipv4/conf/${link}/${key}`),
      ...forIpv6.map((key) => `net/ipv6/conf/${link}/${key}`),
    ];
    for (const key of keys) {
      const value = await tree.text(`/proc/sys/${key}`);
      if (value !== "") found.set(key.replaceAll("/", "."), value);
    }
  }
  return found;
}

/* What cloud-init writes, by its renderers. Source: cloudinit/net/, 23.4. */
const cloudInits: readonly (readonly [folder: string, name: RegExp])[] = [
  ["/etc/netplan", /^50-cloud-init\.yaml$/],
  ["/etc/network/interfaces.d", /^50-cloud-init(\.cfg)?$/],
  ["/etc/systemd/network", /^10-cloud-init-.*\.network$/],
  ["/etc/NetworkManager/system-connections", /^cloud-init-.*\.nmconnection$/],
];

/** Programs that write network files of this host anew, whatever somebody has edited in them. */
export async function readFileOwners(tree: HostTree): Promise<readonly FileOwner[]> {
  const owners: FileOwner[] = [];
  const interfaces = "/etc/network/interfaces";
  const signs = await Promise.all(["/etc/pve", "/usr/bin/pveversion"].map((path) => tree.isThere(path)));
  if (signs.includes(true) && (await tree.isThere(interfaces)))
    owners.push({ program: "Proxmox VE", file: interfaces });
  if (await isCloudInitDisabled(tree)) return owners;
  for (const [folder, pattern] of cloudInits)
    for (const name of await tree.names(folder))
      if (pattern.test(name)) owners.push({ program: "cloud-init", file: `${folder}/${name}` });
  return owners;
}

async function isCloudInitDisabled(tree: HostTree): Promise<boolean> {
  if (await tree.isThere("/etc/cloud/cloud-init.disabled")) return true;
  const names = await tree.names("/etc/cloud/cloud.cfg.d");
  const texts = await Promise.all(names.map((name) => tree.text(`/etc/cloud/cloud.cfg.d/${name}`)));
  return texts.some((text) => leavesNetworkAlone(text));
}
