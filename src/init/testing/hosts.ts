import { emptyConfig } from "../../model/config.ts";
import type { HostLink, HostState } from "../../model/host-state.ts";
import { type HostSurroundings, nothingAround } from "../../model/host-surroundings.ts";
import type { Seen } from "../seen.ts";

/** A link as it is on a healthy host: hardware, up, with carrier, without an address. */
export function linkOf(name: string, more: Partial<HostLink> = {}): HostLink {
  return {
    name,
    index: Number(/\d+$/.exec(name)?.[0] ?? 0) + (more.isRadio === true ? 20 : 2),
    kind: "",
    driver: "",
    mac: "",
    permanentMac: "",
    mtu: 1500,
    isUp: true,
    hasCarrier: true,
    operState: "up",
    master: "",
    on: [],
    device: `/sys/devices/${name}`,
    isRadio: false,
    addresses: [],
    owners: [],
    ...more,
  };
}

/** What is seen of a host with these links. The first link that has an address has the default route, over .1 of its subnet. */
export function seenOf(
  links: readonly HostLink[],
  around: Partial<HostSurroundings> = {},
  more: Partial<Seen> = {},
): Seen {
  const first = links.find(({ addresses }) => addresses.length > 0);
  const via = first?.addresses[0]?.replace(/\d+\/\d+$/, "1") ?? "";
  const route = { to: "default", via, dev: first?.name ?? "", metric: 100, table: 254, family: "ipv4" } as const;
  const host: HostState = {
    kernel: "6.1.0",
    commandLine: "",
    links,
    bonds: [],
    managers: [],
    trace: [],
    radios: [],
    supplicants: [],
    units: [],
    rootType: "",
    namespaces: [],
    routes: first === undefined ? [] : [route],
    texts: new Map(),
    unseen: [],
  };
  const surroundings = { ...nothingAround, nameServers: first === undefined ? [] : [via], ...around };
  return { host, around: surroundings, configured: emptyConfig, language: "ifupdown", networks: [], ...more };
}

/** A Raspberry Pi as it comes: an address by DHCP over the cable, Wi-Fi that nobody has set up. */
export const barePi = seenOf([
  linkOf("eth0", {
    bus: "platform",
    driver: "bcmgenet",
    speedMbps: 1000,
    addresses: ["192.168.1.105/24"],
    leased: ["192.168.1.105/24"],
  }),
  linkOf("wlan0", { bus: "sdio", driver: "brcmfmac", isRadio: true, hasCarrier: false }),
]);

/** The same, joined to a network, and on a UPS. */
export const joinedPi = seenOf(barePi.host.links, {
  radios: [{ link: "wlan0", ssid: "Home", bands: ["2.4 GHz", "5 GHz"] }],
  routers: [{ address: "192.168.1.1", mac: "2c:91:ab:00:00:01", link: "eth0" }],
  supplies: [{ name: "ups", model: "Back-UPS 700", runtimeMs: 2_430_000 }],
});

/** A server with two ports alike, one of them in use under a fixed address. */
export const twoCables = seenOf([
  linkOf("eno1", { bus: "pci", driver: "igb", speedMbps: 1000, addresses: ["10.0.0.5/24"] }),
  linkOf("eno2", { bus: "pci", driver: "igb", speedMbps: 1000 }),
]);

/** A host that nobody has set up at all. */
export const unplugged = seenOf([linkOf("eth0", { hasCarrier: false }), linkOf("eth1", { hasCarrier: false })]);
