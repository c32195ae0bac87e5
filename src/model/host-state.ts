import type { ManagerName } from "./managers.ts";
import type { BondOptions } from "./options.ts";

/** What a running host shows to whoever looks without changing anything. What is absent could not be seen, or isn't there;
 *  `unseen` tells the difference. */
export interface HostState {
  /** As uname -r has it; "" unknown. */
  readonly kernel: string;
  /** What the boot loader gave the kernel. */
  readonly commandLine: string;
  /** systemd's version; absent: another init, or not seen. */
  readonly systemd?: number;
  readonly links: readonly HostLink[];
  readonly bonds: readonly HostBond[];
  readonly managers: readonly HostManager[];
  /** Who brings the bond up, and how that was found out. */
  readonly inCharge?: ManagerName;
  /** The language of the files that count; absent: none was found. */
  readonly language?: string;
  /** One line for each step of that decision. */
  readonly trace: readonly string[];
  readonly radios: readonly HostRadio[];
  /** Interfaces, one entry for each running wpa_supplicant that has it. */
  readonly supplicants: readonly string[];
  /** Units that are started at boot, by file name. */
  readonly units: readonly string[];
  /** File system type of "/": "nfs4"; "" unknown. */
  readonly rootType: string;
  /** Named network namespaces. */
  readonly namespaces: readonly string[];
  /** Routes of every table, both families; absent: not seen, and then no link's addresses either. */
  readonly routes?: readonly HostRoute[];
  /** Kernel settings that decide what bonds and their ports do with addresses, by name ("net.ipv6.conf.bond0.disable_ipv6"). */
  readonly sysctls?: ReadonlyMap<string, string>;
  /** The bonding driver; absent: not seen. */
  readonly bonding?: HostBonding;
  /** Services that hold the boot back until the network is there. */
  readonly waits?: readonly HostWait[];
  /** Programs that write network files anew, with the files. */
  readonly fileOwners?: readonly FileOwner[];
  /** Holdfast's agent runs: an uplink's addresses and routes move with the active port. */
  readonly hasAgent?: true;
  /** Texts of programs that speak of interfaces without configuring them, by path: dhcpcd.conf, dnsmasq, avahi. */
  readonly texts: ReadonlyMap<string, string>;
  /** What could not be looked at, with the reason, one sentence each. */
  readonly unseen: readonly string[];
}

export interface HostLink {
  readonly name: string;
  readonly index: number;
  /** "bond", "bridge", "vlan", "macvlan", …; "" for hardware. */
  readonly kind: string;
  /** Kernel module that drives it; "" none or unknown. */
  readonly driver: string;
  /** Lower case with colons; "" none. */
  readonly mac: string;
  /** The one it came with; "" unknown. */
  readonly permanentMac: string;
  readonly mtu: number;
  readonly isUp: boolean;
  /** Absent: it is down, and the kernel doesn't say. */
  readonly hasCarrier?: boolean;
  readonly operState: string;
  /** The bond or bridge it belongs to; "" none. */
  readonly master: string;
  /** Further names it answers to. */
  readonly altNames?: readonly string[];
  /** Of a VLAN. */
  readonly vlanId?: number;
  /** networkd's word on whether the boot waits for it; absent: networkd says nothing of it. */
  readonly isAwaited?: boolean;
  /** Links it stands on: of a VLAN, a macvlan or a bond. */
  readonly on: readonly string[];
  /** Where the device is in /sys/devices; "" for software. */
  readonly device: string;
  /** "pci", "usb", "platform", "sdio", …: how that device is plugged in. Absent: software, or not seen. */
  readonly bus?: string;
  /** Mbit/s, as agreed with the other end. Absent: no carrier, a radio, or the driver doesn't say. */
  readonly speedMbps?: number;
  readonly isRadio: boolean;
  /** Absent: not a radio, or not seen. */
  readonly powerSave?: boolean;
  /** CIDR, link-local ones left out. */
  readonly addresses: readonly string[];
  /** Those of its addresses that expire: a DHCP server or a router's advertisement gave them. Absent: none, or not seen. */
  readonly leased?: readonly string[];
  /** Managers that say they configure it. */
  readonly owners: readonly ManagerName[];
}

export interface HostBond {
  readonly name: string;
  /** In the order they joined. */
  readonly ports: readonly string[];
  /** Every option the kernel shows, as it is now. */
  readonly options: BondOptions;
  /** Names of the options this kernel's driver has. */
  readonly known: readonly string[];
  /** "" none. */
  readonly activePort: string;
}

export interface HostManager {
  readonly name: ManagerName;
  readonly isRunning: boolean;
  /** Started at boot. */
  readonly isEnabled: boolean;
  /** Languages of its files that are there. */
  readonly languages: readonly string[];
}

/** One route of the kernel. */
export interface HostRoute {
  /** "default" or CIDR. */
  readonly to: string;
  /** "" on the link itself, or by several routers. */
  readonly via: string;
  /** "" by several links. */
  readonly dev: string;
  readonly metric: number;
  /** 254 is the main one. */
  readonly table: number;
  readonly family: "ipv4" | "ipv6";
}

export interface HostBonding {
  /** "absent": neither loaded nor among this kernel's modules. */
  readonly driver: "loaded" | "loadable" | "absent";
  /** What it was loaded with, as far as the kernel shows it: max_bonds, mode, miimon. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A wait-online service that is started at boot. */
export interface HostWait {
  /** "systemd-networkd-wait-online.service" */
  readonly unit: string;
  /** Its command with arguments, drop-ins considered; empty: not seen. */
  readonly command: readonly string[];
}

export interface FileOwner {
  /** "Proxmox VE", "cloud-init" */
  readonly program: string;
  readonly file: string;
}

/** A switch that silences a transmitter. */
export interface HostRadio {
  /** "phy0" */
  readonly phy: string;
  /** Interfaces of it. */
  readonly links: readonly string[];
  readonly blocked: "no" | "soft" | "hard";
}

/** The link of that name, its own or a further one, or undefined. */
export function linkNamed(host: HostState, name: string): HostLink | undefined {
  return host.links.find((link) => link.name === name) ?? host.links.find((link) => link.altNames?.includes(name));
}
