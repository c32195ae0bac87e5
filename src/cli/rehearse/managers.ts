import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { BringUp } from "../../lab/guest/job.ts";
import { guestPackages } from "../../lab/packages.ts";
import { placesOfLanguages } from "../../model/managers.ts";
import { radiosAsCables, withoutSupplicant } from "./radios-as-cables.ts";
import { startNetworkManager } from "./start-network-manager.ts";

/** A network manager that can bring up the host in the lab. */
export interface Manager {
  /** Also the name of the dialect it reads. */
  readonly name: ManagerName;
  /** Where its files are, as beginnings of paths; the first is where files go that were found elsewhere. */
  readonly places: readonly string[];
  /** Debian packages that have it, beyond what every lab has. */
  readonly packages: readonly string[];
  /** Debian packages of every lab that can't be installed beside it. */
  readonly without?: readonly string[];
  readonly bringUp: (files: FileSet) => BringUp;
  /** The files as the lab needs them where radios are plain wires, and they don't serve there as they are. */
  readonly forWires?: (files: FileSet) => FileSet;
  /** It passes over files that others than root may read. */
  readonly needsSecrecy?: true;
}

export const managerNames = ["ifupdown", "ifupdown2", "networkd", "networkmanager"] as const;
export type ManagerName = (typeof managerNames)[number];

/** The manager beside what every lab has, by Debian package. */
export function packagesWith({ packages, without = [] }: Pick<Manager, "packages" | "without">): readonly string[] {
  return [...guestPackages.filter((name) => !without.includes(name)), ...packages];
}

/** What systemd's networking.service and udev run at boot: everything `auto`, then what hotplug would have brought. */
function ifup(files: FileSet): BringUp {
  const hasHotplug = [...files.values()].some((text) => /^[ \t]*allow-hotplug\s/m.test(text));
  const commands = hasHotplug
    ? [["sh", "-c", "ifup -a; status=$?; ifup -a --allow=hotplug && exit $status"]]
    : [["ifup", "-a"]];
  return { manager: "ifupdown", commands };
}

/** Its package's script makes it a program, and is not run when packages are unpacked. */
function ifupdown2(): BringUp {
  const commands = [["sh", "-c", "chmod +x /usr/share/ifupdown2/__main__.py && ifup -a"]];
  return { manager: "ifupdown2", commands };
}

/** Starts networkd as its service would, without systemd around it, and waits as systemd-networkd-wait-online.service does at boot.
 *  It needs a machine-id for DHCP, and its own user for its files; what it logs goes to the report. Radios it leaves to the unit
 *  wpa_supplicant@NAME.service, whose command stands here for each that is one. */
const startNetworkd = `
state=/run/systemd/netif
mkdir -p $state/links $state/leases $state/lldp
chown -R systemd-network: $state
[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef >/etc/machine-id
export SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=info SYSTEMD_LOG_COLOR=0
/lib/systemd/systemd-networkd >/run/networkd.log 2>&1 &
for conf in /etc/wpa_supplicant/wpa_supplicant-*.conf; do
  dev=\${conf#*/wpa_supplicant-}; dev=\${dev%.conf}
  [ -e /sys/class/net/$dev/phy80211 ] || continue
  # With what its own files have it wait for: a radio that is up already can't join a bond.
  unit=$(systemd-escape --template=wpa_supplicant@.service "$dev")
  sed -n 's/^ExecStartPre=-\\{0,1\\}//p' "/etc/systemd/system/$unit.d"/*.conf 2>/dev/null |
    while read -r first; do sh -c "$first"; done
  /sbin/wpa_supplicant -c"$conf" -i"$dev" -B >/dev/null
done
/lib/systemd/systemd-networkd-wait-online --timeout=20
status=$?
cat /run/networkd.log
exit $status
`;

function networkd(): BringUp {
  // networkd waits for udev to have seen a link, unless /sys is read-only as in a container. The lab names links itself.
  return { manager: "networkd", commands: [["sh", "-c", startNetworkd]], sys: "read-only" };
}

function networkmanager(): BringUp {
  // As networkd: a link that udev hasn't spoken of stays unmanaged, unless /sys is read-only.
  const commands = [["sh", "-c", startNetworkManager]];
  return { manager: "networkmanager", commands, sys: "read-only", emptied: ["/var/lib/NetworkManager"] };
}

/** Every manager by its name. */
export const managers: Readonly<Record<ManagerName, Manager>> = {
  ifupdown: { name: "ifupdown", places: ["/etc/network/"], packages: [], bringUp: ifup },
  ifupdown2: {
    name: "ifupdown2",
    places: ["/etc/network/", "/etc/wpa_supplicant/"],
    packages: ["ifupdown2"],
    without: ["ifupdown", "ifenslave"],
    bringUp: ifupdown2,
    forWires: withoutSupplicant,
  },
  networkd: {
    name: "networkd",
    places: [
      "/etc/systemd/network/",
      "/run/systemd/network/",
      "/usr/local/lib/systemd/network/",
      "/etc/wpa_supplicant/",
      "/etc/systemd/system/",
    ],
    packages: ["systemd"],
    bringUp: networkd,
  },
  networkmanager: {
    name: "networkmanager",
    places: placesOfLanguages["networkmanager"] ?? [],
    packages: ["network-manager", "dbus-daemon"],
    bringUp: networkmanager,
    forWires: radiosAsCables,
    needsSecrecy: true,
  },
};

/** The manager of that name, or undefined. */
export function managerNamed(name: string): Manager | undefined {
  return managerNames.find((one) => one === name) === undefined ? undefined : managers[name as ManagerName];
}
