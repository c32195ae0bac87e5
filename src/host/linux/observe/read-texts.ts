import { packagesFile, readPackages } from "./read-packages.ts";
import type { HostTree } from "./tree.ts";

/** Files of programs that speak of interfaces and don't configure them: services, firewalls, udev's names. */
const files = [
  "/etc/dhcpcd.conf",
  "/etc/avahi/avahi-daemon.conf",
  "/etc/dnsmasq.conf",
  "/etc/samba/smb.conf",
  "/etc/nftables.conf",
  "/etc/iptables/rules.v4",
  "/etc/iptables/rules.v6",
  "/etc/ufw/user.rules",
  "/etc/sysctl.conf",
];

/** Directories of such files; every file in them is read. */
const folders = [
  "/etc/dnsmasq.d",
  "/etc/nftables.d",
  "/etc/sysctl.d",
  "/etc/udev/rules.d",
  "/etc/cloud/cloud.cfg.d",
  "/etc/NetworkManager/conf.d",
];

/** Their texts by path, and what dpkg says of packages that matter. */
export async function readNamingTexts(tree: HostTree): Promise<ReadonlyMap<string, string>> {
  const inside = await Promise.all(
    folders.map(async (folder) => (await tree.names(folder)).map((name) => `${folder}/${name}`)),
  );
  const texts = new Map<string, string>();
  for (const path of [...files, ...inside.flat()]) {
    // As it stands on the disk, blanks and all: places in it are shown.
    const text = await tree.whole(path);
    if (text !== "") texts.set(path, text);
  }
  const packages = await readPackages(tree);
  if (packages !== "") texts.set(packagesFile, packages);
  return texts;
}
