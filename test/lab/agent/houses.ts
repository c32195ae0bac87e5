import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import type { BringUp } from "../../../src/lab/guest/job.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { compilePlan } from "../../../src/topology/compile-plan.ts";
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
