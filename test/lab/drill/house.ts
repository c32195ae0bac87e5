import type { LabPlan, Wire } from "../../../src/topology/lab-plan.ts";
import { twoSwitches } from "../two-switches.ts";

/** A host behind two switches, one router behind both, and a machine beyond it that may be the peer. */
export function behindRouter(): LabPlan {
  const plan = twoSwitches();
  const plain = { forwards: false, masquerade: [] };
  const nodes = plan.nodes.map((node) =>
    node.name === "router"
      ? { ...node, forwards: true, addresses: [...node.addresses, { dev: "wan0", cidr: "203.0.113.1/24" }] }
      : node,
  );
  const peer = {
    name: "peer",
    addresses: [{ dev: "eth0", cidr: "203.0.113.9/24" }],
    routes: [{ to: "default", via: "203.0.113.1" }],
    ...plain,
  };
  const wire: Wire = {
    id: "router-peer",
    a: { node: "router", dev: "wan0", mac: "02:00:00:00:03:01", bridged: false },
    b: { node: "peer", dev: "eth0", mac: "02:00:00:00:03:02", bridged: false },
  };
  return { ...plan, nodes: [...nodes, peer], wires: [...plan.wires, wire], flows: [] };
}

export const houseYaml = `bond:
  primary: em1
  ports: [em1, em2]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
targets: [gateway, 203.0.113.9]
`;
