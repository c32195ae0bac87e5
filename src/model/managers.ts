/** The programs that bring a host's network up, and the languages whose files each of them reads. */

export type ManagerName = "networkmanager" | "networkd" | "ifupdown" | "wicked" | "dhcpcd";

export interface ManagerRow {
  readonly title: string;
  /** Languages by name, the one that counts first where files of several are there. */
  readonly languages: readonly string[];
  /** What the kernel calls its process (/proc/PID/comm holds 15 characters); empty: nothing of it keeps running. */
  readonly process: string;
  /** Units that start it. */
  readonly units: readonly string[];
}

/** Every manager we know. */
export const managers: Readonly<Record<ManagerName, ManagerRow>> = {
  networkmanager: {
    title: "NetworkManager",
    languages: ["netplan", "networkmanager", "ifcfg-rh"],
    process: "NetworkManager",
    units: ["NetworkManager.service"],
  },
  networkd: {
    title: "systemd-networkd",
    languages: ["netplan", "networkd"],
    process: "systemd-network",
    units: ["systemd-networkd.service"],
  },
  ifupdown: {
    title: "ifupdown",
    // Of the three programs that read these files only one is installed.
    languages: ["ifupdown", "ifupdown2", "ifupdown-ng"],
    process: "",
    units: ["networking.service"],
  },
  wicked: { title: "wicked", languages: ["wicked"], process: "wickedd", units: ["wicked.service"] },
  dhcpcd: { title: "dhcpcd", languages: [], process: "dhcpcd", units: ["dhcpcd.service"] },
};

export const managerNames = Object.keys(managers) as readonly ManagerName[];

/** Where the files of each language lie on a host; a directory ends in a slash. */
export const placesOfLanguages: Readonly<Record<string, readonly string[]>> = {
  ifupdown: ["/etc/network/"],
  ifupdown2: ["/etc/network/"],
  "ifupdown-ng": ["/etc/network/"],
  netplan: ["/etc/netplan/", "/lib/netplan/", "/usr/lib/netplan/", "/run/netplan/"],
  networkd: ["/etc/systemd/network/", "/run/systemd/network/", "/usr/local/lib/systemd/network/"],
  networkmanager: [
    "/etc/NetworkManager/system-connections/",
    "/run/NetworkManager/system-connections/",
    "/usr/lib/NetworkManager/system-connections/",
  ],
  "ifcfg-rh": ["/etc/sysconfig/network-scripts/"],
  wicked: ["/etc/sysconfig/network/", "/etc/wicked/ifconfig/"],
};

/** Whether a file is one of a language's, by its path on the host. What netplan generates of its own files is not. */
export function isFileOf(language: string, path: string): boolean {
  if (language !== "netplan" && /^\/run\/.*netplan-[^/]*$/.test(path)) return false;
  return (placesOfLanguages[language] ?? []).some((place) => path.startsWith(place));
}

/** Whether two languages are read from the same files, so that a file of one is no second configuration. */
export function shareFiles(one: string, other: string): boolean {
  const [first] = placesOfLanguages[one] ?? [];
  return first !== undefined && first === placesOfLanguages[other]?.[0];
}

/** Whether one of netplan's files leaves links to NetworkManager. */
export function isLeftToNetworkManager(text: string): boolean {
  return /^[ \t]*renderer:\s*["']?NetworkManager\b/m.test(text);
}

/** Whether one of cloud-init's files tells it to leave the network alone. */
export function leavesNetworkAlone(text: string): boolean {
  return /^[ \t\ufeff]*network[ \t]*:(?:\s*\{\s*|[ \t\r]*\n(?:[ \t\r]*\n)*[ \t]+)["']?config["']?\s*:\s*["']?disabled/m.test(
    text,
  );
}
