import { type OptionName, optionNames, optionRow } from "../model/options.ts";
import type { ChoiceShape, FlagShape, ListShape, OptionShape, RecordShape, TextShape, WholeShape } from "./shape.ts";
import { hostCidr, interfaceName, ipAddress, macAddress, routeTarget, ssid } from "./text-checks.ts";

const ipPattern = "^[0-9A-Fa-f.:]+$";
const cidrPattern = "^[0-9A-Fa-f.:]+/[0-9]{1,3}$";
const macPattern = "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$";
/** Letters count as one here and as up to four bytes in the kernel; the decoder is the stricter one. */
const namePattern = "^[^\\s/:%]{1,15}$";

/** An interface of this host, by name. */
export function interfaceText(about: string, example: string) {
  return {
    kind: "text",
    about,
    example,
    expected: "an interface name",
    pattern: namePattern,
    check: interfaceName,
  } as const satisfies TextShape;
}

/** An IP address without prefix length. */
export function addressText(about: string, example: string) {
  return {
    kind: "text",
    about,
    example,
    expected: "an IP address",
    pattern: ipPattern,
    check: ipAddress,
  } as const satisfies TextShape;
}

/** A host's address with the length of its subnet's prefix. */
export function cidrText(about: string, example: string) {
  const expected = "an address with its prefix length";
  return { kind: "text", about, example, expected, pattern: cidrPattern, check: hostCidr } as const satisfies TextShape;
}

/** A MAC address. */
export function macText(about: string, example: string) {
  return {
    kind: "text",
    about,
    example,
    expected: "a MAC address",
    pattern: macPattern,
    check: macAddress,
  } as const satisfies TextShape;
}

/** One or more of a thing; one may stand without brackets. */
export function oneOrMore<const I extends TextShape>(about: string, example: string, item: I) {
  return { kind: "list", about, example, item, alone: "one-may-stand-alone" } as const satisfies ListShape;
}

type Scope = "bond" | "port";
type OptionFields<N extends string> = { readonly [K in N]: OptionShape };

function optionFields(scope: Scope): OptionFields<OptionName | "num_grat_arp" | "num_unsol_na"> {
  const fields: Record<string, OptionShape> = {};
  for (const option of optionNames) {
    const row = optionRow(option);
    // Writing active_slave is a command: it has no place in what shall hold from now on.
    if (row.scope !== scope || option === "active_slave") continue;
    const shape: OptionShape = { kind: "option", option, about: row.about, example: optionExample(option) };
    fields[option] = shape;
    if (row.kind === "int")
      for (const alias of row.aliases ?? []) fields[alias] = { ...shape, about: `Another name of ${option}.` };
  }
  return fields as OptionFields<OptionName | "num_grat_arp" | "num_unsol_na">;
}

function optionExample(option: OptionName): string {
  const row = optionRow(option);
  const telling: Partial<Record<OptionName, string>> = {
    mode: "active-backup",
    miimon: "100ms",
    updelay: "5s",
    downdelay: "200ms",
    arp_interval: "250ms",
    primary: "eth0",
    arp_ip_target: "[192.168.1.1]",
    ns_ip6_target: '["2001:db8::1"]',
    arp_validate: "all",
    fail_over_mac: "active",
    primary_reselect: "failure",
    num_peer_notif: "3",
    peer_notif_delay: "200ms",
    ad_actor_system: '"02:00:00:00:00:01"',
    prio: "10",
  };
  return telling[option] ?? String(row.default);
}

const bondOptionFields = optionFields("bond");
const portOptionFields = optionFields("port");

const wifi = {
  kind: "record",
  about: "The network this port joins by radio.",
  example: "{ssid: Home, psk: {file: secrets/wlan0.psk}}",
  required: ["ssid"],
  foreign: { password: "Write psk: {file: PATH}.", key: "Write psk: {file: PATH}.", name: "Write ssid: NAME." },
  fields: {
    ssid: {
      kind: "text",
      about: "Name of the network.",
      example: "Home",
      expected: "a network name of at most 32 bytes",
      check: ssid,
    },
    psk: {
      kind: "secret",
      about: "The file that holds the pass phrase; relative to /etc/holdfast.",
      example: "{file: secrets/wlan0.psk}",
    },
    settings: {
      kind: "named",
      names: "setting",
      about: "Further settings of the supplicant, keys as it spells them.",
      example: '{scan_ssid: "1"}',
      value: { kind: "text", about: "The setting's value.", example: '"1"', expected: "text in quotes" },
    },
  },
} as const satisfies RecordShape;

const start = {
  kind: "choice",
  about: "When it is brought up: at boot, when the device appears, or by hand.",
  example: "hotplug",
  words: ["boot", "hotplug", "manual"],
  fallback: "boot",
} as const satisfies ChoiceShape;
const mtu = {
  kind: "whole",
  about: "Largest packet.",
  example: "1492",
  min: 68,
  max: 65_535,
  unit: "bytes",
} as const satisfies WholeShape;

const port = {
  kind: "record",
  about: "An interface that belongs to the bond.",
  example: "{name: eth0}",
  required: ["name"],
  foreign: {
    interface: "Write name: INTERFACE.",
    ssid: "Write wifi: {ssid: NAME, psk: {file: PATH}}.",
    mac: "Write match: {mac: MAC}.",
  },
  fields: {
    name: interfaceText("Name of the interface.", "eth0"),
    match: {
      kind: "record",
      about: "How the interface is recognised when its name may change.",
      required: [],
      example: '{mac: "02:00:00:00:00:01"}',
      fields: {
        mac: macText("Its permanent MAC address.", '"02:00:00:00:00:01"'),
        path: {
          kind: "text",
          about: "Its place in the machine, as udev's ID_PATH says it.",
          example: "platform-fd580000.ethernet",
          expected: "a device path",
        },
      },
    },
    wifi,
    mtu,
    start,
    options: {
      kind: "record",
      about: "Bonding options of this port alone.",
      example: "{prio: 10}",
      required: [],
      fields: portOptionFields,
    },
  },
} as const satisfies RecordShape;

const routes = {
  kind: "list",
  about: "Further routes.",
  example: "[{to: 10.8.0.0/16, via: 192.168.1.2}]",
  alone: "always-a-list",
  item: {
    kind: "record",
    about: "One route.",
    example: "{to: 10.8.0.0/16, via: 192.168.1.2}",
    required: ["to"],
    fields: {
      to: {
        kind: "text",
        about: "Subnet it leads to, or default.",
        example: "10.8.0.0/16",
        expected: "a subnet with its prefix length, or default",
        check: routeTarget,
      },
      via: addressText("Router it leads through.", "192.168.1.2"),
      metric: { kind: "whole", about: "Lower is preferred.", example: "100", min: 0, max: 4_294_967_295 },
    },
  },
} as const satisfies ListShape;

const dhcp = {
  kind: "flag",
  about: "IPv4 address by DHCP.",
  example: "true",
  fallback: "false",
} as const satisfies FlagShape;

/** A bond: its ports, its address, its options. */
export const bondShape = {
  kind: "record",
  about: "The bond: several ports under one address.",
  example: "{ports: [eth0, wlan0], dhcp: true}",
  required: ["ports"],
  foreign: {
    slaves: "Write ports: [eth0, wlan0].",
    interfaces: "Write ports: [eth0, wlan0].",
    members: "Write ports: [eth0, wlan0].",
    addresses: "Write address: [192.168.1.105/24].",
    ip: "Write address: [192.168.1.105/24].",
    netmask: "Write the prefix length with the address: 192.168.1.105/24.",
    gateway4: "Write gateway: ADDRESS.",
    gateway6: "Write gateway: ADDRESS.",
    nameservers: "Write dns: [ADDRESS].",
    dhcp4: "Write dhcp: true.",
    dhcp6: "Write ipv6: dhcp.",
    parameters: "Write options: {…}, keys as the kernel spells them.",
    active_slave: "It is a command, not configuration: set primary instead.",
    macaddress: "Write mac: MAC.",
  },
  fields: {
    name: { ...interfaceText("Name of the bond.", "bond0"), fallback: "bond0" },
    ports: {
      kind: "list",
      about: "The interfaces under the bond, by name or with more to say.",
      example: "[eth0, wlan0]",
      alone: "always-a-list",
      item: {
        kind: "either",
        about: "An interface that belongs to the bond.",
        example: "eth0",
        of: [interfaceText("Name of the interface.", "eth0"), port],
      },
    },
    address: oneOrMore(
      "The host's addresses, IPv4 and IPv6.",
      "[192.168.1.105/24]",
      cidrText("An address of the host.", "192.168.1.105/24"),
    ),
    gateway: oneOrMore(
      "The router, one of each family at most.",
      "192.168.1.254",
      addressText("A router.", "192.168.1.254"),
    ),
    dns: oneOrMore("Name servers.", "[192.168.1.254]", addressText("A name server.", "192.168.1.254")),
    search: oneOrMore("Domains to look names up in.", "[lan]", {
      kind: "text",
      about: "A domain.",
      example: "lan",
      expected: "a domain",
      pattern: "^\\S+$",
    }),
    dhcp,
    ipv6: {
      kind: "choice",
      about: "How IPv6 addresses come: from router advertisements, or by DHCPv6.",
      example: "auto",
      words: ["auto", "dhcp"],
    },
    metric: {
      kind: "whole",
      about: "Metric of the default route; lower is preferred.",
      example: "100",
      min: 0,
      max: 4_294_967_295,
    },
    routes,
    mtu,
    mac: macText("MAC address of the bond, instead of the first port's.", '"02:00:00:00:00:01"'),
    start,
    options: {
      kind: "record",
      about: "Bonding options by the kernel's names; they may stand beside ports as well.",
      example: "{fail_over_mac: active}",
      required: [],
      fields: bondOptionFields,
    },
    ...bondOptionFields,
  },
} as const satisfies RecordShape;
