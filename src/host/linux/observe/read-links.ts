import type { HostBond, HostLink } from "../../../model/host-state.ts";
import type { ManagerName } from "../../../model/managers.ts";
import { parseOption } from "../../../model/option-value.ts";
import { type BondOptions, optionNames, optionRow } from "../../../model/options.ts";
import { parseProcBond } from "../../../wire/proc-bonding.ts";
import { readIfupdownRecord } from "./read-ifupdown.ts";
import type { HostTree } from "./tree.ts";

/** What rtnetlink adds to sysfs, where there is rtnetlink. */
export interface LinkExtras {
  readonly kind: string;
  readonly permanentMac: string;
  readonly altNames: readonly string[];
  readonly vlanId?: number;
}

/** What is known of links from elsewhere, by name. */
export interface AroundLinks {
  readonly extras: ReadonlyMap<string, LinkExtras>;
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly leased: ReadonlyMap<string, readonly string[]>;
  readonly powerSave: ReadonlyMap<string, boolean>;
}

const CLASS = "/sys/class/net";
const IFF_UP = 1;

/** Every link of the host by its sysfs directory, in the kernel's order. */
export async function readLinks(tree: HostTree, around: AroundLinks): Promise<readonly HostLink[]> {
  const permanent = await permanentMacs(tree);
  const ifupdown = await readIfupdownRecord(tree);
  const links: HostLink[] = [];
  for (const name of await tree.names(CLASS)) {
    // /sys/class/net/bonding_masters is a file, not a link.
    if (!(await tree.isThere(`${CLASS}/${name}/address`))) continue;
    const link = await readLink(tree, name, around, permanent.get(name) ?? "");
    const isOfIfupdown = name !== "lo" && ifupdown?.has(name) === true;
    links.push(isOfIfupdown ? { ...link, owners: [...link.owners, "ifupdown"] } : link);
  }
  return links.toSorted((a, b) => a.index - b.index);
}

async function readLink(tree: HostTree, name: string, around: AroundLinks, permanentMac: string): Promise<HostLink> {
  const folder = `${CLASS}/${name}`;
  const attribute = (key: string) => tree.text(`${folder}/${key}`);
  const [carrier, uevent, flags, index] = [
    await attribute("carrier"),
    await attribute("uevent"),
    Number(await attribute("flags")),
    Number(await attribute("ifindex")),
  ];
  const devtype = /^DEVTYPE=(.*)$/m.exec(uevent)?.[1] ?? "";
  const isRadio = devtype === "wlan" || (await tree.isThere(`${folder}/phy80211`));
  const extras = around.extras.get(name);
  const powerSave = around.powerSave.get(name);
  const beside = await tree.names(folder);
  const leased = around.leased.get(name);
  const isAwaited = await isAwaitedByNetworkd(tree, index);
  return {
    name,
    index,
    kind: extras?.kind ?? (isRadio ? "" : devtype),
    driver: await tree.linkName(`${folder}/device/driver`),
    mac: await attribute("address"),
    permanentMac: extras === undefined || extras.permanentMac === "" ? permanentMac : extras.permanentMac,
    mtu: Number(await attribute("mtu")),
    isUp: (flags & IFF_UP) !== 0,
    ...(carrier === "" ? {} : { hasCarrier: carrier === "1" }),
    operState: await attribute("operstate"),
    master: await tree.linkName(`${folder}/master`),
    on: beside.filter((one) => one.startsWith("lower_")).map((one) => one.slice("lower_".length)),
    device: await tree.target(`${folder}/device`),
    ...(await plugOf(tree, folder)),
    isRadio,
    ...(powerSave === undefined ? {} : { powerSave }),
    ...(extras === undefined ? {} : { altNames: extras.altNames }),
    ...(extras?.vlanId === undefined ? {} : { vlanId: extras.vlanId }),
    ...(isAwaited === undefined ? {} : { isAwaited }),
    addresses: around.addresses.get(name) ?? [],
    ...(leased === undefined ? {} : { leased }),
    owners: await ownersOf(tree, index),
  };
}

/** How it is plugged in, and what was agreed on the line. A driver without the latter says -1, or refuses to be asked. */
async function plugOf(tree: HostTree, folder: string): Promise<Pick<HostLink, "bus" | "speedMbps">> {
  const bus = await tree.linkName(`${folder}/device/subsystem`);
  const speedMbps = Number(await tree.text(`${folder}/speed`));
  return { ...(bus === "" ? {} : { bus }), ...(speedMbps > 0 ? { speedMbps } : {}) };
}

/** Source: systemd, link_save(). */
async function isAwaitedByNetworkd(tree: HostTree, index: number): Promise<boolean | undefined> {
  const said = /^REQUIRED_FOR_ONLINE=(\w+)/m.exec(await tree.text(`/run/systemd/netif/links/${index}`))?.[1];
  return said === undefined ? undefined : said !== "no";
}

/** What the bonding driver remembers of its ports' own addresses: the way without rtnetlink. */
async function permanentMacs(tree: HostTree): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>();
  for (const bond of await tree.names("/proc/net/bonding"))
    for (const port of parseProcBond(await tree.text(`/proc/net/bonding/${bond}`)).ports)
      if (port.permanentMac !== "") known.set(port.name, port.permanentMac);
  return known;
}

/** Who of those that keep a record for each link under /run says it configures this one. */
async function ownersOf(tree: HostTree, index: number): Promise<readonly ManagerName[]> {
  const owners: ManagerName[] = [];
  const networkd = await tree.text(`/run/systemd/netif/links/${index}`);
  const isConfigured = /^ADMIN_STATE=(configured|configuring|degraded|pending)$/m.test(networkd);
  if (isConfigured && /^NETWORK_FILE=./m.test(networkd)) owners.push("networkd");
  if (/^managed=(true|1)$/m.test(await tree.text(`/run/NetworkManager/devices/${index}`)))
    owners.push("networkmanager");
  return owners;
}

/** Every bond with its options as the kernel shows them. */
export async function readHostBonds(tree: HostTree): Promise<readonly HostBond[]> {
  const bonds: HostBond[] = [];
  for (const name of await tree.names(CLASS)) {
    const folder = `${CLASS}/${name}/bonding`;
    const known = await tree.names(folder);
    if (known.includes("mode")) bonds.push(await readBond(tree, name, folder, known));
  }
  return bonds;
}

async function readBond(tree: HostTree, name: string, folder: string, known: readonly string[]): Promise<HostBond> {
  const options: Record<string, unknown> = {};
  for (const option of optionNames) {
    const { scope, sysfs } = optionRow(option);
    const text = scope === "port" || sysfs === null ? "" : await tree.text(`${folder}/${sysfs}`);
    const value = text === "" ? undefined : parseOption(option, text);
    if (value?.ok === true && option !== "active_slave") options[option] = value.value;
  }
  return {
    name,
    ports: (await tree.text(`${folder}/slaves`)).split(/\s+/).filter((port) => port !== ""),
    // Every value has just been read by the option's own row.
    options: options as BondOptions,
    known,
    activePort: await tree.text(`${folder}/active_slave`),
  };
}
