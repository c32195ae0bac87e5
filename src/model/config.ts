import type { Bond, Wifi } from "./bond.ts";
import type { DashboardSettings } from "./dashboard.ts";
import type { AgentSettings, NotifySettings } from "./notify.ts";

/** One host's network as declared, whatever the language. The canonical form: defaults are not filled in here
 *  (`model/defaults.ts` does that, in one place), arrays keep the order of the source, absent means "not said". */
export interface Config {
  readonly bonds: readonly Bond[];
  /** Every other interface the source speaks of, and the network settings of bonds and ports (by the same name). */
  readonly interfaces: readonly Interface[];
  /** Only where ports lead to different routers. */
  readonly uplinks: readonly Uplink[];
  /** What probes are sent to: "gateway" or an address. */
  readonly targets: readonly string[];
  readonly objectives?: Objectives;
  readonly topology?: Topology;
  /** Sections of holdfast.yaml that are not about the network itself. */
  readonly sections?: Sections;
}

export interface Sections {
  readonly notify?: NotifySettings;
  /** Kept as it stands. */
  readonly drill?: Json;
  readonly agent?: AgentSettings;
  readonly dashboard?: DashboardSettings;
}

export type SectionName = keyof Sections;

/** Plain data. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Settings of one interface. A bond's addresses stand here too, under the bond's name. */
export interface Interface {
  readonly name: string;
  /** How it is recognised when not by name: MAC address (lower case, colons), udev's ID_PATH, driver, or the name the kernel gave
   *  it (the interface is then renamed). `pattern` is a shell pattern of names. */
  readonly match?: {
    readonly mac?: string;
    readonly path?: string;
    readonly driver?: string;
    readonly pattern?: string;
  };
  /** Brought up at boot (`auto`), when the device appears (`hotplug`), or only by hand. */
  readonly start: "boot" | "hotplug" | "manual";
  /** True: the boot does not wait for it (wait-online). Absent: as the host's manager does by itself. */
  readonly optional?: boolean;
  readonly ipv4: IpSettings;
  readonly ipv6: IpSettings;
  readonly dns?: { readonly servers: readonly string[]; readonly search: readonly string[] };
  readonly mtu?: number;
  /** MAC address to set, lower case, colons. */
  readonly mac?: string;
  readonly wifi?: Wifi;
  readonly vlan?: { readonly parent: string; readonly id: number };
  /** Settings by the names of /sys/class/net/NAME/bridge: stp_state ("0", "1"), forward_delay, hello_time, max_age and ageing_time
   *  in seconds, priority, vlan_filtering ("0", "1"); others as the source spells them. */
  readonly bridge?: { readonly ports: readonly string[]; readonly settings: Readonly<Record<string, string>> };
  /** Shell commands of the source, in order, kept word for word. */
  readonly hooks: readonly Hook[];
  /** What the source says and the model has no word for: kept, rendered again by the same dialect, reported by the others. */
  readonly extra: readonly Extra[];
}

export interface Extra {
  readonly key: string;
  readonly value: string;
  readonly family?: "inet" | "inet6";
  /** The dialect that said it, by its name; absent: one of /etc/network/interfaces. */
  readonly from?: string;
}

export interface IpSettings {
  /** "none": nothing said for this family. "manual": brought up without an address. "auto": IPv6 from router advertisements.
   *  Addresses beside "dhcp" and "auto" are set too. */
  readonly method: "none" | "manual" | "static" | "dhcp" | "auto" | "loopback" | "other";
  /** CIDR, e.g. "192.168.1.105/24". */
  readonly addresses: readonly string[];
  readonly gateway?: string;
  /** Of the gateway's route, and of those that DHCP or router advertisements bring. */
  readonly metric?: number;
  readonly routes?: readonly Route[];
  /** IPv6: whether router advertisements are taken where the method doesn't settle it. Absent: as the host's manager does by itself. */
  readonly acceptRa?: boolean;
  /** What of a DHCP answer is left aside. Absent: all of it is used. */
  readonly dhcp?: { readonly useDns?: boolean; readonly useRoutes?: boolean };
}

export interface Route {
  /** "default" or CIDR. */
  readonly to: string;
  readonly via?: string;
  readonly metric?: number;
  /** The router is reached though no address of the interface is in its subnet. */
  readonly onLink?: boolean;
  /** Routing table, 1–4294967295; absent: main. */
  readonly table?: number;
  /** Preferred source address. */
  readonly source?: string;
}

export interface Hook {
  readonly when: "pre-up" | "up" | "post-up" | "down" | "pre-down" | "post-down";
  readonly command: string;
  readonly family?: "inet" | "inet6";
}

/** A way to the Internet, with the router that leads there, as seen from one port. */
export interface Uplink {
  readonly name: string;
  readonly port: string;
  readonly gateway: string;
  /** The host's own address on this uplink, CIDR, where it differs from the bond's. */
  readonly address?: string;
  readonly dns?: readonly string[];
  readonly metered?: boolean;
  /** Whose line it is, in any words; two lines of one provider fail together. Absent: not said. */
  readonly provider?: string;
}

/** What a rehearsal or drill must hold. */
export interface Objectives {
  /** Longest tolerated gap in a two-way flow, ms. */
  readonly outageMs: number;
  /** Whether an open TCP session must live through it. */
  readonly tcp: "survives" | "may-break";
}

export type DeviceKind =
  | "router"
  | "switch"
  | "powerline"
  | "access-point"
  | "usb-hub"
  | "media-converter"
  | "modem"
  | "client"
  | "server";
export type PowerSource = "mains" | "ups" | "host";

export interface Device {
  readonly name: string;
  readonly kind: DeviceKind;
  /** A power domain: "mains", "ups", or the name of one declared under `power`. Absent: not known, never fails with the mains. */
  readonly power?: string;
  /** SSID it radiates, for routers and access points; of a client: that it joins. */
  readonly wifi?: string;
  /** How it offers that network, as far as it was said. */
  readonly offers?: WifiOffer;
  /** Spanning tree runs on its ports; seconds of forward delay (2–30). Absent: ports forward at once. */
  readonly stpForwardDelay?: number;
  /** Routers: LAN address, CIDR; answers DHCP and DNS on it when said. */
  readonly address?: string;
  readonly dhcp?: boolean;
  readonly dns?: boolean;
}

/** What an access point says of its network. Absent: not said. */
export interface WifiOffer {
  readonly security?: WifiSecurity;
  /** Its beacons don't name it: whoever would join must ask for it by name. */
  readonly hidden?: boolean;
  readonly band?: WifiBand;
  readonly channel?: number;
  /** ISO 3166-1 code, upper case, whose rules say which channels are free. */
  readonly country?: string;
  /** Stations of this access point can't reach each other through it. */
  readonly clientIsolation?: boolean;
  /** Only stations with these MAC addresses may join: lower case, colons. */
  readonly macFilter?: readonly string[];
}

/** "wpa2-wpa3": both, as access points offer it for the time of change (transition mode). */
export type WifiSecurity = "wpa2" | "wpa3-sae" | "wpa2-wpa3" | "open";
export type WifiBand = "2.4GHz" | "5GHz";

/** A cable (`–`), a shared medium such as powerline (`~`) or a radio link (`)))`) between two ends. An end is an interface of the host or a device. */
export interface Cable {
  readonly from: string;
  readonly to: string;
  readonly medium: "cable" | "powerline" | "radio";
}

export interface Topology {
  readonly devices: readonly Device[];
  readonly cables: readonly Cable[];
  readonly power: readonly PowerDomain[];
  /** How often things fail, where the user knows better than the audit's table. Absent: nothing is said. */
  readonly failures?: readonly FailureRate[];
}

/** How often something fails, and for how long. */
export interface FailureRate {
  /** A device, a port of the host (then: its cable or radio link), an uplink or a power source. */
  readonly of: string;
  /** Mean time between failures, ms. */
  readonly everyMs: number;
  /** Mean time until it works again, ms. */
  readonly forMs: number;
}

export interface PowerDomain {
  readonly name: string;
  readonly kind: "mains" | "ups" | "other";
  /** How long a UPS carries its load without the mains, ms. */
  readonly runtimeMs?: number;
  /** Where a UPS can be asked how it is. */
  readonly nut?: NutAddress;
}

/** A UPS at a server of Network UPS Tools. */
export interface NutAddress {
  readonly ups: string;
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The configuration nobody has said anything in. */
export const emptyConfig: Config = { bonds: [], interfaces: [], uplinks: [], targets: [] };
