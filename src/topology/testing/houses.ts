import type { Cable, Config, Device, Interface, IpSettings } from "../../model/config.ts";
import { emptyConfig } from "../../model/config.ts";

const unsaid: IpSettings = { method: "none", addresses: [] };

/** An interface nobody has said much of. */
export function anInterface(name: string, more: Partial<Interface> = {}): Interface {
  return { name, start: "boot", ipv4: unsaid, ipv6: unsaid, hooks: [], extra: [], ...more };
}

/** A static IPv4 address with its gateway. */
export function fixed(cidr: string, gateway: string): IpSettings {
  return { method: "static", addresses: [cidr], gateway };
}

function cables(text: string): readonly Cable[] {
  return text.split(",").map((part) => {
    const [from = "", sign = "", to = ""] = part.trim().split(/\s+/);
    return { from, to, medium: sign === "~" ? "powerline" : sign === ")))" ? "radio" : "cable" };
  });
}

function device(name: string, kind: Device["kind"], more: Partial<Device> = {}): Device {
  return { name, kind, ...more };
}

/** Ethernet over powerline with Wi-Fi beside it, server and router on a UPS. */
export const powerlineHouse: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["em1", "wlan0"], options: { mode: "active-backup", miimon: 100, primary: "em1" } }],
  interfaces: [
    anInterface("bond0", { ipv4: fixed("192.168.1.105/24", "192.168.1.254") }),
    anInterface("em1"),
    anInterface("wlan0", { wifi: { ssid: "Home" } }),
  ],
  targets: ["gateway", "9.9.9.9", "1.1.1.1"],
  topology: {
    devices: [
      device("plc-a", "powerline", { power: "mains" }),
      device("plc-b", "powerline", { power: "mains" }),
      device("router", "router", { power: "ups", wifi: "Home" }),
    ],
    cables: cables("em1 – plc-a, plc-a ~ plc-b, plc-b – router"),
    power: [
      { name: "mains", kind: "mains" },
      { name: "ups", kind: "ups", runtimeMs: 2_400_000 },
    ],
  },
};

/** Two ports, two routers with one address, VDSL and LTE. */
export const twoRouters: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", miimon: 100, primary: "eth0" } }],
  interfaces: [
    anInterface("bond0", { ipv4: fixed("192.168.1.10/24", "192.168.1.1") }),
    anInterface("eth0", { match: { mac: "B8:27:EB:00:00:01" } }),
    anInterface("eth1"),
  ],
  uplinks: [
    { name: "vdsl", port: "eth0", gateway: "192.168.1.1" },
    { name: "lte", port: "eth1", gateway: "192.168.1.1", metered: true },
  ],
  targets: ["gateway", "9.9.9.9"],
};

/** One bond on two switches before one router, as benches are built; the first switch runs spanning tree. */
export const benchHouse: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", miimon: 100, primary: "eth0" } }],
  interfaces: [
    anInterface("bond0", { ipv4: fixed("10.0.0.2/24", "10.0.0.254") }),
    anInterface("eth0"),
    anInterface("eth1"),
  ],
  topology: {
    devices: [
      device("sw-a", "switch", { stpForwardDelay: 2 }),
      device("sw-b", "switch"),
      device("router", "router", { address: "10.0.0.254/24" }),
    ],
    cables: cables("eth0 – sw-a, eth1 – sw-b, sw-a – router, sw-b – router"),
    power: [],
  },
};

/** Twelve devices: two uplinks with modems, an access point, a USB hub, a media converter, declared clients. */
export const bigHouse: Config = {
  ...emptyConfig,
  bonds: [
    {
      name: "bond0",
      ports: ["enp3s0", "enx001122334455", "wlp2s0", "eth3"],
      options: { mode: "active-backup", miimon: 100, primary: "enp3s0" },
    },
  ],
  interfaces: [
    anInterface("bond0", { ipv4: fixed("192.168.20.5/24", "192.168.20.1") }),
    anInterface("enp3s0"),
    anInterface("enx001122334455"),
    anInterface("wlp2s0", { wifi: { ssid: "Attic & <Cellar>" } }),
    anInterface("eth3"),
  ],
  uplinks: [
    { name: "fibre", port: "enp3s0", gateway: "192.168.20.1" },
    { name: "lte", port: "enx001122334455", gateway: "192.168.8.1", address: "192.168.8.5/24", metered: true },
  ],
  targets: ["gateway", "1.1.1.1"],
  topology: {
    devices: [
      device("switch-cellar", "switch", { power: "ups" }),
      device("switch-attic", "switch", { power: "mains" }),
      device("plc-cellar", "powerline", { power: "mains" }),
      device("plc-attic", "powerline", { power: "mains" }),
      device("ap-attic", "access-point", { power: "mains", wifi: "Attic & <Cellar>" }),
      device("fibre", "router", { power: "ups" }),
      device("lte", "router", { power: "mains" }),
      device("ont", "modem", { power: "ups" }),
      device("converter", "media-converter", { power: "ups" }),
      device("usb-hub", "usb-hub", { power: "host" }),
      device("desk-pc", "client", { power: "mains" }),
    ],
    cables: cables(
      "enp3s0 – switch-cellar, switch-cellar – fibre, enx001122334455 – usb-hub, enx001122334455 – lte, eth3 – plc-cellar, plc-cellar ~ plc-attic, plc-attic – switch-attic, switch-attic – switch-cellar, ap-attic – switch-attic, fibre – converter, converter – ont, desk-pc – switch-attic",
    ),
    power: [
      { name: "mains", kind: "mains" },
      { name: "ups", kind: "ups", runtimeMs: 1_200_000 },
    ],
  },
};
