import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { LabNode, LabPlan, Wire, WireEnd } from "../../topology/lab-plan.ts";
import { inside, type Namespace, newNamespace, ownNamespace } from "./namespaces.ts";
import { ask, ensure, indexOf, type Network, namespaceOf } from "./network.ts";
import { encodeAddress, encodeBridge, encodeMaster, encodeRoute, encodeUp, encodeWire } from "./requests.ts";

/** Builds the plan in the kernel: namespaces, wires, bridges, addresses, routes, NAT, DHCP and DNS. Everything but NAT and
 *  dnsmasq goes through rtnetlink, because a process costs 20–50 ms in here. Throws naming what the kernel refused. */
export function buildNetwork(plan: LabPlan): Network {
  const home = ownNamespace("host");
  const namespaces = new Map<string, Namespace>([["host", home]]);
  for (const node of plan.nodes) {
    if (node.name === "host") continue;
    const namespace = newNamespace(node.name, home);
    namespaces.set(node.name, namespace);
    inside(namespace, home, () => setSwitches(node));
  }
  const network: Network = { plan, home, namespaces };
  for (const node of plan.nodes) ask(namespaceOf(network, node.name), encodeUp(1, "up"), "lo up");
  for (const wire of plan.wires) layWire(network, wire);
  for (const node of plan.nodes) buildNode(network, node);
  for (const node of plan.nodes) startServices(network, node);
  return network;
}

/** The routes of a node as planned; those that stand already stay. Setting an interface down loses them, so mending calls this. */
export function layRoutes(network: Network, node: LabNode): void {
  const namespace = namespaceOf(network, node.name);
  for (const route of node.routes) {
    const index = route.dev === undefined ? undefined : indexOf(network, node.name, route.dev);
    const via = route.via === undefined ? {} : { via: route.via };
    ensure(
      namespace,
      encodeRoute({ to: route.to, ...via, ...(index === undefined ? {} : { index }) }),
      `route to ${route.to}`,
    );
  }
}

/** The addresses of a node as planned; IPv6 ones vanish when their interface goes down. */
export function layAddresses(network: Network, node: LabNode): void {
  const namespace = namespaceOf(network, node.name);
  for (const { dev, cidr } of node.addresses) {
    ensure(namespace, encodeAddress(indexOf(network, node.name, dev), cidr), `address ${cidr} on ${dev}`);
  }
}

/** Behaviour that must be set before the first interface appears. */
function setSwitches(node: LabNode): void {
  const hasIpv6 = node.addresses.some(({ cidr }) => cidr.includes(":"));
  setSwitch("ipv6/conf/all/disable_ipv6", hasIpv6 ? "0" : "1");
  setSwitch("ipv6/conf/default/disable_ipv6", hasIpv6 ? "0" : "1");
  setSwitch("ipv6/conf/default/accept_dad", "0");
  setSwitch("ipv6/conf/all/forwarding", node.forwards ? "1" : "0");
  setSwitch("ipv4/ip_forward", node.forwards ? "1" : "0");
  // A node answers ARP only for addresses of the interface asked: a router must not offer its WAN side on its LAN.
  setSwitch("ipv4/conf/all/arp_ignore", "1");
  setSwitch("ipv4/conf/default/arp_ignore", "1");
}

function setSwitch(name: string, value: string): void {
  writeFileSync(`/proc/sys/net/${name}`, value);
}

function layWire(network: Network, wire: Wire): void {
  const end = ({ node, dev, mac }: WireEnd) => ({ dev, mac, namespaceFd: namespaceOf(network, node).fd });
  ask(network.home, encodeWire(end(wire.a), end(wire.b)), `wire ${wire.id}`);
}

function buildNode(network: Network, node: LabNode): void {
  const namespace = namespaceOf(network, node.name);
  if (node.bridge !== undefined) {
    ask(namespace, encodeBridge(node.bridge), `bridge ${node.bridge.name}`);
    const bridge = indexOf(network, node.name, node.bridge.name);
    for (const { dev, bridged } of endsOf(network.plan, node.name)) {
      if (bridged) ask(namespace, encodeMaster(indexOf(network, node.name, dev), bridge), `${dev} into the bridge`);
    }
    ask(namespace, encodeUp(bridge, "up"), `${node.bridge.name} up`);
  }
  // The host's own ports stay down until its network manager brings them up.
  const ends = node.name === "host" ? [] : endsOf(network.plan, node.name);
  for (const { dev } of ends) ask(namespace, encodeUp(indexOf(network, node.name, dev), "up"), `${dev} up`);
  layAddresses(network, node);
  layRoutes(network, node);
}

function startServices(network: Network, node: LabNode): void {
  const run = (command: string, args: readonly string[], input: string): void =>
    inside(namespaceOf(network, node.name), network.home, () => runTool(command, args, input));
  if (node.masquerade.length > 0) run("nft", ["-f", "-"], masqueradeRules(node.masquerade));
  if (node.dnsmasq !== undefined) run("dnsmasq", dnsmasqArguments(node), "");
}

/** nft rules that hide everything behind the given interfaces. */
export function masqueradeRules(devs: readonly string[]): string {
  const names = devs.map((dev) => JSON.stringify(dev)).join(", ");
  return `table ip lab {\n  chain out {\n    type nat hook postrouting priority 100;\n    oifname { ${names} } masquerade\n  }\n}\n`;
}

/** How dnsmasq is told to serve one interface and to leave the rest of the guest alone. */
export function dnsmasqArguments(node: LabNode): readonly string[] {
  const { dnsmasq } = node;
  if (dnsmasq === undefined) return [];
  const own = node.addresses.find(({ dev }) => dev === dnsmasq.dev)?.cidr.split("/")[0];
  const files = [`--pid-file=/run/dnsmasq-${node.name}.pid`, `--dhcp-leasefile=/run/dnsmasq-${node.name}.leases`];
  // Every name resolves to the server itself: that something answers is what a host's checks look at.
  const dns = dnsmasq.dns ? ["--no-resolv", "--no-hosts", `--address=/#/${own ?? "0.0.0.0"}`] : ["--port=0"];
  const range = dnsmasq.range;
  // no-ping: dnsmasq would wait three seconds for an answer from each address before it offers it.
  const dhcp =
    range === undefined
      ? []
      : [
          `--dhcp-range=${range.from},${range.to},12h`,
          `--dhcp-option=option:router,${range.router}`,
          "--no-ping",
          "--dhcp-authoritative",
        ];
  return [
    "--conf-file=/dev/null",
    "--user=root",
    `--interface=${dnsmasq.dev}`,
    "--bind-interfaces",
    ...files,
    ...dns,
    ...dhcp,
  ];
}

function runTool(command: string, args: readonly string[], input: string): void {
  const done = spawnSync(command, args, { input, encoding: "utf8", timeout: 30_000 });
  if (done.error !== undefined) throw new Error(`${command} can't be run in the lab: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status ?? done.signal}: ${done.stderr.trim()}`);
}

/** The wire ends that belong to a node. */
export function endsOf(plan: LabPlan, node: string): readonly WireEnd[] {
  return plan.wires.flatMap(({ a, b }) => [a, b]).filter((end) => end.node === node);
}
