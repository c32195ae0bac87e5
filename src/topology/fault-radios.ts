import { channelOf, otherChannel } from "../model/wifi-channels.ts";
import { portWires } from "./fault-wires.ts";
import { atOnce, type Fault, type Ground, listed } from "./faults.ts";
import { type GraphEdge, nodeNamed } from "./graph.ts";
import type { LabOperation, TimedOperation } from "./lab-plan.ts";

/** The access point is back in sight before anybody would have given it up. */
const thrownOutForMs = 4000;

/** A station with the wrong key, or one that isn't let in, tries, fails, and waits ten seconds before it tries again: two rounds. */
const lockedOutForMs = 15_000;

/** How long Ethernet is gone before the radio that stands in for it is struck too. */
const secondBlowMs = 2000;

/** How long an overloaded access point leaves everybody waiting who wants to join. Stations give an attempt up after less than a second. */
const busyForMs = 8000;

/** At the edge of what a radio can do: the slowest rates, many retries, and in spite of them a loss. */
const weak = { dbm: -80, percent: 10, delayMs: 20 } as const;

/** How long moving to another channel is watched: a station that wasn't told notices after more than a second, and then has to look. */
const movedForMs = 8000;

/** What only radios suffer: thrown out by the access point, and refused or kept waiting by it; a key that was changed; a weak signal; another
 *  channel. That a radio is out of reach, or its access point without power, is among the wires' and devices' faults. */
export function struckRadios({ graph }: Ground): readonly Fault[] {
  const wires = portWires(graph);
  return wires.flatMap((edge, index): readonly Fault[] => {
    if (edge.medium !== "radio") return [];
    const node = nodeNamed(graph, edge.to);
    const struck: Struck = {
      edge,
      port: edge.port ?? edge.id,
      point: node?.label ?? edge.to,
      channel: channelOf(node?.device?.offers ?? {}),
      others: wires.filter((other) => other !== edge),
    };
    return faultsOf(struck).flatMap(({ name, standby, ...fault }, place): readonly Fault[] => {
      const shared = { strikes: [edge.id], onlyInAll: true, needsRadio: true } as const;
      const alone = { ...fault, ...shared, id: `${name}-${edge.id}`, order: 225 + index + place / 100 };
      if (standby === undefined || struck.others.length === 0) return [alone];
      return [alone, whileStandingIn(alone, struck, `${name}-alone-${edge.id}`)];
    });
  });
}

/** A port that is a radio, and where it leads. */
interface Struck {
  readonly edge: GraphEdge;
  readonly port: string;
  /** The access point, for people. */
  readonly point: string;
  readonly channel: number;
  /** The bond's other ways. */
  readonly others: readonly GraphEdge[];
}

interface RadioFault extends Pick<Fault, "text" | "kind" | "inject" | "lastsMs"> {
  readonly name: string;
  /** It is made once more while nothing is left but the radio. */
  readonly standby?: "struck-too";
}

function faultsOf(struck: Struck): readonly RadioFault[] {
  return [...whileJoining(struck), ...whileJoined(struck)];
}

/** What keeps a station out. */
function whileJoining({ edge, port, point }: Struck): readonly RadioFault[] {
  const node = edge.to;
  return [
    {
      name: "deauth",
      text: `${point} throws ${port} out of its network (deauthentication)`,
      kind: "flap",
      inject: atOnce([{ op: "throw-out", node }]),
      lastsMs: thrownOutForMs,
      standby: "struck-too",
    },
    {
      name: "refused",
      text: `${point} throws ${port} out of its network and doesn't let it in again`,
      kind: "cut",
      inject: atOnce([{ op: "refuse", node }]),
      lastsMs: lockedOutForMs,
    },
    {
      name: "key",
      text: `the key of ${point}'s network is changed, and ${port} goes by the old one`,
      kind: "cut",
      inject: atOnce([{ op: "change-key", node }]),
      lastsMs: lockedOutForMs,
    },
    {
      name: "slow-join",
      text: `${point} throws ${port} out of its network and answers nobody who wants to join for ${busyForMs / 1000} s`,
      kind: "flap",
      inject: [
        ...atOnce([
          { op: "throw-out", node },
          { op: "ignore-joins", node },
        ]),
        { atMs: busyForMs, do: { op: "answer-joins", node } },
      ],
      lastsMs: busyForMs,
    },
  ];
}

/** What befalls a station that is in. */
function whileJoined({ edge, port, point, channel }: Struck): readonly RadioFault[] {
  const node = edge.to;
  const to = otherChannel(channel);
  return [
    {
      name: "csa",
      text: `${point} moves from channel ${channel} to ${to} and announces it (channel switch announcement)`,
      kind: "flap",
      inject: atOnce([{ op: "move-channel", node, channel: to, how: "announced" }]),
      lastsMs: movedForMs,
      standby: "struck-too",
    },
    {
      name: "channel",
      text: `${point} is on channel ${to} instead of ${channel} from one moment to the next`,
      kind: "flap",
      inject: atOnce([{ op: "move-channel", node, channel: to, how: "silent" }]),
      lastsMs: movedForMs,
      standby: "struck-too",
    },
    {
      name: "weak",
      text: `${port} hears ${point} at ${weak.dbm} dBm: ${weak.percent} % of all packets vanish, the others are late by some ${weak.delayMs} ms`,
      kind: "loss",
      inject: atOnce(weakSignal(edge)),
      standby: "struck-too",
    },
  ];
}

function weakSignal({ id }: GraphEdge): readonly LabOperation[] {
  const { dbm, percent, delayMs } = weak;
  return [
    { op: "set-signal", wire: id, dbm },
    { op: "wire-loss", wire: id, direction: "both", percent, delayMs },
  ];
}

/** The same, a while after every other way was cut. */
function whileStandingIn(fault: Fault, { others, edge, port }: Struck, id: string): Fault {
  const cut = others.map((other): TimedOperation => ({ atMs: 0, do: { op: "wire-down", wire: other.id } }));
  return {
    ...fault,
    id,
    text: `${fault.text} while ${port} stands in for ${listed(others.map((other) => other.port ?? other.id))}`,
    inject: [...cut, ...fault.inject.map(({ atMs, do: what }) => ({ atMs: atMs + secondBlowMs, do: what }))],
    strikes: [...others.map((other) => other.id), edge.id],
    order: fault.order + 0.005,
  };
}
