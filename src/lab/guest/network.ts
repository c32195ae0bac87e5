import { errnoName, ifNameToIndex, must, recv, sendto } from "../../host/linux/libc.ts";
import type { LabNode, LabPlan } from "../../topology/lab-plan.ts";
import { decodeError, decodeMessages, NLMSG_ERROR } from "../../wire/netlink.ts";
import { inside, type Namespace } from "./namespaces.ts";

/** The plan as it stands in the kernel. */
export interface Network {
  readonly plan: LabPlan;
  readonly home: Namespace;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** Keys of radio networks, by SSID. */
  readonly keys: Readonly<Record<string, string>>;
}

export function namespaceOf(network: Network, node: string): Namespace {
  const found = network.namespaces.get(node);
  if (found === undefined) throw new Error(`the plan has no node "${node}"`);
  return found;
}

export function nodeOf(network: Network, name: string): LabNode {
  const found = network.plan.nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`the plan has no node "${name}"`);
  return found;
}

/** The kernel's index of an interface of a node. Throws when there is none of that name. */
export function indexOf(network: Network, node: string, dev: string): number {
  const index = inside(namespaceOf(network, node), network.home, () => ifNameToIndex(dev));
  if (index === 0) throw new Error(`${node} has no interface ${dev}`);
  return index;
}

const answer = Buffer.allocUnsafeSlow(16_384);

/** Sends one rtnetlink request and waits for the kernel's answer. Throws, naming `what`, unless it agreed. */
export function ask(namespace: Namespace, request: Uint8Array, what: string): void {
  const { errno, message } = tell(namespace, request, what);
  if (errno !== 0) throw new Error(`${namespace.node}: ${what}: ${message ?? errnoName(errno)}`);
}

/** As `ask`, whatever the kernel answers. */
export function tell(namespace: Namespace, request: Uint8Array, what: string): { errno: number; message?: string } {
  // A copy outside V8's heap: the pointer must hold still while the kernel reads.
  const bytes = Buffer.allocUnsafeSlow(request.length);
  bytes.set(request);
  must(sendto(namespace.netlink, bytes, bytes.length, 0, null, 0), what);
  const length = must(recv(namespace.netlink, answer, answer.length, 0), what);
  for (const reply of decodeMessages(answer.subarray(0, length)).messages) {
    if (reply.type === NLMSG_ERROR) return decodeError(reply);
  }
  throw new Error(`${namespace.node}: ${what}: the kernel gave no answer`);
}
