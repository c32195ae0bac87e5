import type { LabNode } from "../../topology/lab-plan.ts";
import { inside } from "./namespaces.ts";
import { type Network, namespaceOf } from "./network.ts";
import { runTool } from "./run-tool.ts";

/** Starts what a node offers beyond forwarding: NAT, DHCP, DNS. These are the only processes a network costs. */
export function startServices(network: Network, node: LabNode): void {
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
          `--dhcp-range=${range.from},${range.to},${netmask(range.prefix)},12h`,
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

function netmask(prefix: number): string {
  return [0, 8, 16, 24].map((at) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - at)))).join(".");
}
