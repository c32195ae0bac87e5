import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import type { BringUp } from "../../../src/lab/guest/job.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { guestPackages } from "../../../src/lab/packages.ts";
import { compilePlan } from "../../../src/topology/compile-plan.ts";
import type { LabPlan, Wire } from "../../../src/topology/lab-plan.ts";
import { bondByHand, twoSwitches } from "../two-switches.ts";
import type { InLab } from "./in-lab.ts";

/** Networks the agent is put to the test in. */

const oneRouterYaml = `bond:
  primary: em1
  ports: [em1, em2]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
`;

/** A host behind two switches, one router behind both. */
export function oneRouter(engine: Engine, options: Readonly<Record<string, string | number>> = {}): InLab {
  const bringUp = bondByHand({ miimon: 100, ...options });
  return { engine, yaml: oneRouterYaml, plan: twoSwitches(), bringUp, packages: [] };
}

/** The same house where the router has nothing but IPv6. */
export function oneRouter6(engine: Engine): InLab {
  const lab = oneRouter(engine);
  const yaml = oneRouterYaml.replace("192.168.1.254", "fd00::1").replace("192.168.1.105/24", "fd00::5/64");
  const nodes = lab.plan.nodes.map((node) =>
    node.name === "router" ? { ...node, addresses: [...node.addresses, { dev: "br0", cidr: "fd00::1/64" }] } : node,
  );
  const commands = [...lab.bringUp.commands, ["ip", "addr", "add", "fd00::5/64", "dev", "bond0", "nodad"]];
  return { ...lab, yaml, plan: { ...lab.plan, nodes }, bringUp: { ...lab.bringUp, commands } };
}

const subnetsYaml = `bond:
  name: bond0
  primary: eth0
  ports: [eth0, eth1]
  address: 192.168.1.105/24
  gateway: 192.168.1.1
  dns: 192.168.1.1
uplinks:
  vdsl: {port: eth0, gateway: 192.168.1.1}
  lte: {port: eth1, gateway: 192.168.8.1, address: 192.168.8.105/24, dns: [192.168.8.1, 9.9.9.9], metered: true}
targets: [gateway, 9.9.9.9, 1.1.1.1]
topology:
  devices:
    vdsl-router: {kind: router, address: 192.168.1.1/24}
    lte-router: {kind: router, address: 192.168.8.1/24}
  cables:
    - eth0 – vdsl-router
    - eth1 – lte-router
`;

/** Two routers in different subnets: VDSL, and LTE with an address of its own for the host. */
export function twoSubnets(engine: Engine): InLab {
  return {
    engine,
    yaml: subnetsYaml,
    plan: compilePlan(parseHoldfast("holdfast.yaml", subnetsYaml).config),
    bringUp: twoPorts("192.168.1.105/24", "192.168.1.1"),
    files: { "/etc/resolv.conf": "search home.arpa\nnameserver 192.168.1.1\noptions timeout:1\n" },
  };
}

/** Two routers with one address: the host must never take one for the other. */
export function oneAddress(engine: Engine): InLab {
  const yaml = subnetsYaml
    .replaceAll("192.168.8.1", "192.168.1.1")
    .replace(/lte: .*/, "lte: {port: eth1, gateway: 192.168.1.1}");
  const { manager, commands } = twoPorts("192.168.1.105/24", "192.168.1.1");
  const [bond = [], ...rest] = commands;
  return {
    engine,
    yaml,
    plan: compilePlan(parseHoldfast("holdfast.yaml", yaml).config),
    bringUp: { manager, commands: [[...bond, "fail_over_mac", "active"], ...rest] },
  };
}

const behindOneYaml = `bond:
  name: bond0
  primary: eth0
  ports: [eth0, eth1]
  address: 192.168.1.105/24
  gateway: 192.168.1.1
targets: [gateway, 9.9.9.9, 1.1.1.1]
topology:
  devices:
    router: {kind: router, address: 192.168.1.1/24}
  cables:
    - eth0 – router
    - eth1 – router
`;

/** One router behind both ports, and the Internet behind that: its line is the wire router-internet. */
export function behindOne(engine: Engine): InLab {
  return {
    engine,
    yaml: behindOneYaml,
    plan: compilePlan(parseHoldfast("holdfast.yaml", behindOneYaml).config),
    bringUp: twoPorts("192.168.1.105/24", "192.168.1.1"),
  };
}

const radioKey = "a key of the lab's";

/** The first article's house: Ethernet over the mains wiring, and Wi-Fi of the same router, under one of the bond's policies. */
export function powerlineAndRadio(engine: Engine, policy: "none" | "active" | "follow"): InLab {
  const yaml = `bond:
  primary: em1
  fail_over_mac: ${policy}
  ports: [em1, {name: wlan0, wifi: {ssid: Home, psk: {file: home.psk}}}]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
topology:
  devices:
    plc-a: {kind: powerline}
    plc-b: {kind: powerline}
    router: {kind: router, address: 192.168.1.254/24, wifi: Home}
  cables:
    - em1 – plc-a
    - plc-a ~ plc-b
    - plc-b – router
`;
  const [bond = [], ...rest] = twoPorts("192.168.1.105/24", "192.168.1.254").commands;
  const named = rest.map((command) =>
    command.map((word) => (word === "eth0" ? "em1" : word === "eth1" ? "wlan0" : word)),
  );
  const join =
    "wpa_supplicant -B -i wlan0 -c /etc/wpa.conf; until grep -q up /sys/class/net/wlan0/operstate; do sleep 0.2; done";
  return {
    engine,
    yaml,
    plan: compilePlan(parseHoldfast("holdfast.yaml", yaml).config, "radios"),
    bringUp: {
      manager: "ip",
      commands: [[...bond, "fail_over_mac", policy], ...named, ["sh", "-c", join]],
    },
    files: { "/etc/wpa.conf": `network={\n  ssid="Home"\n  psk="${radioKey}"\n}\n` },
    packages: [...guestPackages, "hostapd", "wpasupplicant"],
    radioKeys: { Home: radioKey },
    // A minute of virtual time with radios takes some ten seconds on a quiet machine, and a dozen times that on a crowded one.
    timeoutMs: 400_000,
  };
}

function twoPorts(address: string, gateway: string): BringUp {
  return {
    manager: "ip",
    commands: [
      ["ip", "link", "add", "bond0", "type", "bond", "mode", "active-backup", "miimon", "100"],
      ["ip", "link", "set", "eth0", "master", "bond0"],
      ["ip", "link", "set", "eth1", "master", "bond0"],
      ["ip", "link", "set", "bond0", "type", "bond", "primary", "eth0"],
      ["ip", "addr", "add", address, "dev", "bond0"],
      ["ip", "link", "set", "bond0", "up"],
      ["ip", "route", "add", "default", "via", gateway],
    ],
  };
}

/** Two routers that have nothing but IPv6, each with a prefix of its own, and one machine beyond both. `gateways`: by their
 *  addresses in the prefix, or by those of their links, as advertisements name them. */
export function twoSix(engine: Engine, gateways: "global" | "link"): InLab {
  const [one, two] = gateways === "global" ? ["fd01::1", "fd02::1"] : ["fe80::1", "fe80::2"];
  const yaml = `bond:
  name: bond0
  primary: eth0
  ports: [eth0, eth1]
  address: fd01::5/64
  gateway: ${one}
uplinks:
  vdsl: {port: eth0, gateway: "${one}"}
  lte: {port: eth1, gateway: "${two}", address: "fd02::5/64", metered: true}
targets: [gateway, "fd99::1"]
`;
  const { commands } = twoPorts("fd01::5/64", one);
  const nodad = commands.map((command) => (command.includes("addr") ? [...command, "nodad"] : command));
  const bringUp = {
    manager: "ip",
    commands: nodad.map((command) => (command.at(-1) === "fe80::1" ? [...command, "dev", "bond0"] : command)),
  };
  return { engine, yaml, plan: twoSixPlan(), bringUp, packages: [] };
}

function twoSixPlan(): LabPlan {
  const router = (name: string, digit: number) => ({
    name,
    bridge: { name: "br0", mac: `02:00:00:00:0c:0${digit}` },
    addresses: [
      { dev: "br0", cidr: `fd0${digit}::1/64` },
      { dev: "br0", cidr: `fe80::${digit}/64` },
      { dev: "wan0", cidr: `fd0a:${digit}::2/64` },
    ],
    routes: [{ to: "fd99::/64", via: `fd0a:${digit}::1` }],
    forwards: true,
    masquerade: [],
  });
  const plain = { forwards: false, masquerade: [] };
  return {
    nodes: [
      { name: "host", addresses: [], routes: [], ...plain },
      router("r1", 1),
      router("r2", 2),
      {
        name: "far",
        bridge: { name: "br0" },
        addresses: [
          { dev: "br0", cidr: "fd99::1/64" },
          { dev: "w1", cidr: "fd0a:1::1/64" },
          { dev: "w2", cidr: "fd0a:2::1/64" },
        ],
        routes: [
          { to: "fd01::/64", via: "fd0a:1::2" },
          { to: "fd02::/64", via: "fd0a:2::2" },
        ],
        ...plain,
      },
    ],
    wires: [
      wire("eth0", ["host", "eth0"], ["r1", "lan1"], 1),
      wire("eth1", ["host", "eth1"], ["r2", "lan1"], 3),
      wire("r1-far", ["r1", "wan0"], ["far", "w1"], 5),
      wire("r2-far", ["r2", "wan0"], ["far", "w2"], 7),
    ],
    flows: [{ id: "internet", peer: "far", peerAddress: "fd99::1", tcp: false }],
  };
}

function wire(id: string, a: readonly [string, string], b: readonly [string, string], last: number): Wire {
  const end = ([node, dev]: readonly [string, string], digit: number) => ({
    node,
    dev,
    mac: `02:00:00:00:02:0${digit}`,
    bridged: dev.startsWith("lan"),
  });
  return { id, a: end(a, last), b: end(b, last + 1) };
}
