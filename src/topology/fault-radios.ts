import { portWires } from "./fault-wires.ts";
import { atOnce, type Fault, type Ground } from "./faults.ts";
import { nodeNamed } from "./graph.ts";
import type { TimedOperation } from "./lab-plan.ts";

/** The access point is back in sight before anybody would have given it up. */
const thrownOutForMs = 4000;

/** A station with the wrong key tries, fails, and waits ten seconds before it tries again: two rounds. */
const lockedOutForMs = 15_000;

/** How long Ethernet is gone before the radio that stands in for it is struck too. */
const secondBlowMs = 2000;

/** What only radios suffer: thrown out by the access point, alone and while nothing else is left, and a key that was changed.
 *  That a radio is out of reach, or its access point without power, is among the wires' and devices' faults. */
export function struckRadios({ graph }: Ground): readonly Fault[] {
  const wires = portWires(graph);
  return wires.flatMap((edge, index): readonly Fault[] => {
    if (edge.medium !== "radio") return [];
    const { port = edge.id, to: node } = edge;
    const point = nodeNamed(graph, node)?.label ?? node;
    const others = wires.filter((other) => other !== edge);
    const shared = { strikes: [edge.id], onlyInAll: true, needsRadio: true } as const;
    const thrownOut: Fault = {
      id: `deauth-${edge.id}`,
      text: `${point} throws ${port} out of its network (deauthentication)`,
      kind: "flap",
      inject: atOnce([{ op: "throw-out", node }]),
      lastsMs: thrownOutForMs,
      order: 225 + index,
      ...shared,
    };
    const lockedOut: Fault = {
      id: `key-${edge.id}`,
      text: `the key of ${point}'s network is changed, and ${port} goes by the old one`,
      kind: "cut",
      inject: atOnce([{ op: "change-key", node }]),
      lastsMs: lockedOutForMs,
      order: 227 + index,
      ...shared,
    };
    if (others.length === 0) return [thrownOut, lockedOut];
    const cut = others.map(({ id }): TimedOperation => ({ atMs: 0, do: { op: "wire-down", wire: id } }));
    const alone: Fault = {
      ...thrownOut,
      id: `deauth-alone-${edge.id}`,
      text: `${point} throws ${port} out of its network while it stands in for ${others.map((other) => other.port).join(" and ")}`,
      inject: [...cut, { atMs: secondBlowMs, do: { op: "throw-out", node } }],
      strikes: [...others.map(({ id }) => id), edge.id],
      order: 226 + index,
    };
    return [thrownOut, alone, lockedOut];
  });
}
