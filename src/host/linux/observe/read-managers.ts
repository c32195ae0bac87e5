import type { HostManager, HostRadio } from "../../../model/host-state.ts";
import { isLeftToNetworkManager, managerNames, managers, placesOfLanguages } from "../../../model/managers.ts";
import { readIfupdownRecord } from "./read-ifupdown.ts";
import type { HostTree } from "./tree.ts";

/** A process, by what it was called with. */
export interface HostProcess {
  /** At most 15 characters. */
  readonly comm: string;
  readonly words: readonly string[];
}

/** Every process this user may see. */
export async function readProcesses(tree: HostTree): Promise<readonly HostProcess[]> {
  const processes: HostProcess[] = [];
  for (const pid of (await tree.names("/proc")).filter((name) => /^\d+$/.test(name))) {
    const comm = await tree.text(`/proc/${pid}/comm`);
    if (!isOfInterest(comm)) continue;
    processes.push({ comm, words: await tree.words(`/proc/${pid}/cmdline`) });
  }
  return processes;
}

function isOfInterest(comm: string): boolean {
  return comm === "wpa_supplicant" || managerNames.some((name) => managers[name].process === comm && comm !== "");
}

/** Interfaces of every wpa_supplicant, one entry for each process that has it. */
export function supplicantsOf(processes: readonly HostProcess[]): readonly string[] {
  return processes
    .filter(({ comm }) => comm === "wpa_supplicant")
    .flatMap(({ words }) =>
      words.flatMap((word, at) => {
        const named = /^-i(.+)$/.exec(word)?.[1];
        return named !== undefined ? [named] : word === "-i" ? [words[at + 1] ?? ""] : [];
      }),
    );
}

/** Units that are wanted at boot: the links in the directories that targets pull in. */
export async function readUnits(tree: HostTree): Promise<readonly string[]> {
  const folder = "/etc/systemd/system";
  const targets = (await tree.names(folder)).filter((name) => name.endsWith(".wants") || name.endsWith(".requires"));
  const lists = await Promise.all(targets.map((target) => tree.names(`${folder}/${target}`)));
  return [...new Set(lists.flat())].toSorted();
}

/** Which managers are there, which of them run, and which would at the next boot. */
export async function readManagers(
  tree: HostTree,
  processes: readonly HostProcess[],
  units: readonly string[],
): Promise<readonly HostManager[]> {
  const found: HostManager[] = [];
  for (const name of managerNames) {
    const row = managers[name];
    const isEnabled = row.units.some((unit) => units.includes(unit)) || (await hasStartScript(tree, name));
    const isRunning =
      row.process === ""
        ? (await readIfupdownRecord(tree)) !== undefined
        : processes.some(({ comm }) => comm === row.process);
    const spoken = name === "ifupdown" ? [await ifupdownThere(tree)] : row.languages;
    const languages = await languagesThere(tree, spoken);
    const isKnown = isEnabled || isRunning || (await isInstalled(tree, name));
    if (isKnown) found.push({ name, isRunning, isEnabled, languages });
  }
  return await withRenderer(tree, found);
}

/** Without systemd it is a link in /etc/rcS.d. */
async function hasStartScript(tree: HostTree, name: string): Promise<boolean> {
  return name === "ifupdown" && (await tree.names("/etc/rcS.d")).some((one) => /^S\d+networking$/.test(one));
}

/** Which of the programs that read /etc/network/interfaces is installed. */
async function ifupdownThere(tree: HostTree): Promise<string> {
  const isAny = async (...paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => tree.isThere(path)))).includes(true);
  if (await isAny("/usr/share/ifupdown2", "/etc/network/ifupdown2")) return "ifupdown2";
  if (await isAny("/usr/libexec/ifupdown-ng", "/usr/lib/ifupdown-ng", "/etc/network/ifupdown-ng.conf"))
    return "ifupdown-ng";
  return "ifupdown";
}

async function isInstalled(tree: HostTree, name: string): Promise<boolean> {
  const programs: Readonly<Record<string, readonly string[]>> = {
    ifupdown: ["/sbin/ifup", "/usr/sbin/ifup"],
    networkmanager: ["/usr/sbin/NetworkManager"],
    networkd: ["/lib/systemd/systemd-networkd", "/usr/lib/systemd/systemd-networkd"],
    wicked: ["/usr/sbin/wicked"],
    dhcpcd: ["/sbin/dhcpcd", "/usr/sbin/dhcpcd"],
  };
  const there = await Promise.all((programs[name] ?? []).map((path) => tree.isThere(path)));
  return there.includes(true);
}

/** Languages whose directories hold a file that its consumer would read. */
async function languagesThere(tree: HostTree, languages: readonly string[]): Promise<readonly string[]> {
  const there: string[] = [];
  for (const language of languages) {
    const lists = await Promise.all((placesOfLanguages[language] ?? []).map((place) => tree.names(place)));
    if (lists.flat().some((name) => (isReadBy[language] ?? /./).test(name))) there.push(language);
  }
  return there;
}

const isReadBy: Readonly<Record<string, RegExp>> = {
  ifupdown: /^interfaces$/,
  ifupdown2: /^interfaces$/,
  "ifupdown-ng": /^interfaces$/,
  netplan: /\.yaml$/,
  networkd: /\.(netdev|network)$/,
  networkmanager: /\.nmconnection$/,
  "ifcfg-rh": /^ifcfg-(?!lo$)/,
  wicked: /^ifcfg-(?!lo$)/,
};

/** netplan's files are those of the one manager it renders for: the other one has none of them. */
async function withRenderer(tree: HostTree, found: readonly HostManager[]): Promise<readonly HostManager[]> {
  const names = (await tree.names("/etc/netplan")).filter((name) => name.endsWith(".yaml"));
  const texts = await Promise.all(names.map((name) => tree.text(`/etc/netplan/${name}`)));
  const isForNm = texts.some((text) => isLeftToNetworkManager(text));
  const other = isForNm ? "networkd" : "networkmanager";
  return found.map((one) =>
    one.name === other ? { ...one, languages: one.languages.filter((language) => language !== "netplan") } : one,
  );
}

/** Switches of the radios. */
export async function readRadios(tree: HostTree): Promise<readonly HostRadio[]> {
  const folder = "/sys/class/rfkill";
  const radios: HostRadio[] = [];
  for (const name of await tree.names(folder)) {
    if ((await tree.text(`${folder}/${name}/type`)) !== "wlan") continue;
    const [phy, soft, hard] = [
      await tree.text(`${folder}/${name}/name`),
      await tree.text(`${folder}/${name}/soft`),
      await tree.text(`${folder}/${name}/hard`),
    ];
    const links = await tree.names(`/sys/class/ieee80211/${phy}/device/net`);
    radios.push({ phy, links, blocked: hard === "1" ? "hard" : soft === "1" ? "soft" : "no" });
  }
  return radios;
}
