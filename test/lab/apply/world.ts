import type { LabPlan, Wire } from "../../../src/topology/lab-plan.ts";
import { radioWire } from "./radio-world.ts";

/** What trials of `apply` are done in: a host with two ports behind two switches and one router, and beyond the router the operator,
 *  who reaches the host over nothing but that network. */
export function remoteHost(router: "declared" | "advertised" | "radio" = "declared"): LabPlan {
  const plain = { routes: [], forwards: false, masquerade: [] };
  const bridge = (last: string) => ({ name: "br0", mac: `02:00:00:00:${last}:00` });
  return {
    nodes: [
      { name: "host", addresses: [], ...plain },
      { name: "switch-a", bridge: bridge("0a"), addresses: [], ...plain },
      { name: "switch-b", bridge: bridge("0b"), addresses: [], ...plain },
      {
        ...plain,
        name: "router",
        bridge: bridge("0c"),
        forwards: true,
        addresses: [
          { dev: "br0", cidr: "192.168.1.254/24" },
          { dev: "br0", cidr: "2001:db8:1::fe/64" },
          // What a router that advertises itself is known by.
          ...(router === "advertised" ? [{ dev: "br0", cidr: "fe80::1/64" }] : []),
          { dev: "wan", cidr: "203.0.113.1/24" },
          { dev: "wan", cidr: "2001:db8:2::1/64" },
        ],
      },
      {
        ...plain,
        name: "operator",
        addresses: [
          { dev: "eth0", cidr: "203.0.113.50/24" },
          { dev: "eth0", cidr: "2001:db8:2::50/64" },
        ],
        routes: [
          { to: "default", via: "203.0.113.1" },
          { to: "default", via: "2001:db8:2::1" },
        ],
      },
    ],
    wires: [
      wire("em1-switch-a", ["host", "em1", 1], ["switch-a", "p1", 2]),
      wire("em2-switch-b", ["host", "em2", 3], ["switch-b", "p1", 4]),
      wire("switch-a-router", ["switch-a", "p2", 5], ["router", "lan1", 6]),
      wire("switch-b-router", ["switch-b", "p2", 7], ["router", "lan2", 8]),
      wire("router-operator", ["router", "wan", 9], ["operator", "eth0", 10]),
      ...(router === "radio" ? [radioWire] : []),
    ],
    flows: [],
  };
}

const unbridged = ["host", "operator"];

function wire(id: string, a: readonly [string, string, number], b: readonly [string, string, number]): Wire {
  const end = ([node, dev, last]: readonly [string, string, number]) => ({
    node,
    dev,
    mac: `02:00:00:00:01:${last.toString(16).padStart(2, "0")}`,
    bridged: !unbridged.includes(node) && dev !== "wan",
  });
  return { id, a: end(a), b: end(b) };
}

export const hostAddress = "192.168.1.105";
/** What the operator calls it. */
export const hostName = "lab-host";
export const operatorAddress = "203.0.113.50";

/** One port, as an installer leaves a host. */
export const onePort = `auto lo
iface lo inet loopback

auto em1
iface em1 inet static
    address 192.168.1.105/24
    gateway 192.168.1.254
`;

export const hostAddress6 = "2001:db8:1::105";

/** The same port with both families, and with IPv6 alone. */
export const onePort6 = `auto lo
iface lo inet loopback

auto em1
iface em1 inet6 static
    address ${hostAddress6}/64
    gateway 2001:db8:1::fe
`;

/** A host that has its address and its router from what the router says of itself, and the same with a bond. */
export const advertisedAddress6 = "2001:db8:1::ff:fe00:101";
export const onePortAdvertised = `auto lo
iface lo inet loopback

auto em1
iface em1 inet6 auto
`;
export const wantedAdvertised = `bond:
  primary: em1
  ports: [em1, em2]
  ipv6: auto
`;
export const wrongNetwork6 = wantedAdvertised.replace("ipv6: auto", 'address: "2001:db8:9::5/64"');
export const bothFamilies = `${onePort}
iface em1 inet6 static
    address ${hostAddress6}/64
    gateway 2001:db8:1::fe
`;

/** The bond that is wanted, and the same with a router that isn't there. */
export const wanted = `bond:
  primary: em1
  ports: [em1, em2]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
`;

export const wrongGateway = wanted.replace("gateway: 192.168.1.254", "gateway: 192.168.1.1");

/** Hosts whose bond is there already: with an address by hand, and with one that its router advertises. What is wrong for the first asks for
 *  what the kernel takes of no bond that has ports. */
export const runningBond = `auto lo
iface lo inet loopback

auto bond0
iface bond0 inet static
    address ${hostAddress}/24
    gateway 192.168.1.254
    bond-mode active-backup
    bond-miimon 100
    bond-primary em1
    bond-slaves em1 em2
`;
export const runningBondAdvertised = runningBond.replace(/inet static\n.*\n.*\n/, "inet6 auto\n");
export const wrongMade = wrongGateway.replace("bond:", "bond:\n  fail_over_mac: active");

/** The same with both families, with IPv6 alone, and each with an IPv6 router that isn't there. */
export const wantedBoth = wanted
  .replace("192.168.1.105/24", `[192.168.1.105/24, "${hostAddress6}/64"]`)
  .replace("192.168.1.254", '[192.168.1.254, "2001:db8:1::fe"]');
export const wanted6 = wanted
  .replace("192.168.1.105/24", `"${hostAddress6}/64"`)
  .replace("192.168.1.254", '"2001:db8:1::fe"');

/** That file with a router of IPv6 that isn't there. */
export function withoutRouter6(text: string): string {
  return text.replace("2001:db8:1::fe", "2001:db8:1::1");
}
