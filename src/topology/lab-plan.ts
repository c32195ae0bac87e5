/** What the lab is to build: network namespaces, wires between them, and the flows that measure.
 *  Plain JSON: it is compiled from a Config by `topology/`, and executed by the runner inside the guest (`lab/guest/`). */
export interface LabPlan {
  /** The first node is always "host": the rehearsed machine, the guest's own root namespace. */
  readonly nodes: readonly LabNode[];
  readonly wires: readonly Wire[];
  readonly flows: readonly FlowSpec[];
  /** What was simplified or assumed, for people: one sentence each. */
  readonly notes?: readonly string[];
  /** How long the network needs before it forwards once it is built, ms (spanning tree). Absent: at once. */
  readonly settleMs?: number;
}

export interface LabNode {
  readonly name: string;
  /** A bridge over all wire ends that say `bridged`. STP runs where a forward delay (s) is given. */
  readonly bridge?: { readonly name: string; readonly mac?: string; readonly stpForwardDelay?: number };
  /** VLAN interfaces to make, on the bridge or an end. Absent: none. */
  readonly vlans?: readonly { readonly name: string; readonly parent: string; readonly id: number }[];
  readonly addresses: readonly { readonly dev: string; readonly cidr: string }[];
  readonly routes: readonly { readonly to: string; readonly via?: string; readonly dev?: string }[];
  /** Routes packets between its interfaces. */
  readonly forwards: boolean;
  /** Interfaces behind which everything is masqueraded (a router's WAN). */
  readonly masquerade: readonly string[];
  /** Answers DHCP and/or DNS on an interface (dnsmasq). */
  readonly dnsmasq?: {
    readonly dev: string;
    readonly range?: { readonly from: string; readonly to: string; readonly prefix: number; readonly router: string };
    readonly dns: boolean;
  };
}

/** A veth pair, or a radio link. Where one end is on "host", it is end `a`, named as the user names the port. */
export interface Wire {
  readonly id: string;
  readonly a: WireEnd;
  readonly b: WireEnd;
  /** Both ends are simulated radios: `b` is an access point, and `a` joins it. */
  readonly radio?: Radio;
}

/** A network by radio, without its key: that is handed to the guest apart and stands in no plan. */
export interface Radio {
  readonly ssid: string;
  /** "wpa2-wpa3": both are offered (transition mode). */
  readonly security: "wpa2-psk" | "wpa3-sae" | "wpa2-wpa3" | "open";
  /** 1–13 in 2.4 GHz, 36 and up in 5 GHz. */
  readonly channel: number;
  /** Regulatory domain, two capitals. Absent: the world's, which every country allows. */
  readonly country?: string;
  /** Its beacons don't name it. */
  readonly hidden?: true;
  /** Its stations can't reach each other through it. */
  readonly clientIsolation?: true;
  /** Only stations with these MAC addresses may join. Absent: everybody. */
  readonly macFilter?: readonly string[];
}

export interface WireEnd {
  readonly node: string;
  readonly dev: string;
  readonly mac: string;
  readonly bridged: boolean;
}

/** A numbered UDP flow both ways between the host and a peer, and a TCP session with a heartbeat beside it. */
export interface FlowSpec {
  /** "internet", "lan", … */
  readonly id: string;
  readonly peer: string;
  readonly peerAddress: string;
  /** The address the peer sends to. Absent: it answers to where it last heard the host from (what NAT leaves it). */
  readonly hostAddress?: string;
  readonly tcp: boolean;
}

/** What the lab does to a node or a wire. Every operation has its opposite, so that a fault can be mended. */
export type LabOperation =
  /** A cable pulled or plugged: both ends lose or regain carrier (the host's end is never set down itself). */
  | { readonly op: "wire-down" | "wire-up"; readonly wire: string }
  /** A device without power: all its wires lose carrier. */
  | { readonly op: "node-off" | "node-on"; readonly node: string }
  /** A device that hangs: carrier stays, nothing leaves it any more. */
  | { readonly op: "node-hang" | "node-resume"; readonly node: string }
  /** Packets vanish on a wire while both carriers stay. percent 0 ends it. */
  | {
      readonly op: "wire-loss";
      readonly wire: string;
      readonly direction: "a-to-b" | "b-to-a" | "both";
      readonly percent: number;
      /** What isn't lost comes late by so much, ms, give or take a half. Absent: at once. */
      readonly delayMs?: number;
    }
  /** A wire's end taken out of (put back into) its node's bridge: a silent break that a switch makes. */
  | { readonly op: "unbridge" | "rebridge"; readonly wire: string; readonly end: "a" | "b" }
  /** Another box with the same address: the MAC of a device's interface (and its bridge) changes, its own caches are empty. Where that MAC
   *  is there already, the box is replaced by the first one again. */
  | { readonly op: "change-mac"; readonly node: string; readonly dev: string; readonly mac: string }
  /** An access point throws out everybody who has joined it (deauthentication); nothing keeps them from joining again. */
  | { readonly op: "throw-out"; readonly node: string }
  /** An access point starts anew with another key, or with the one it had: whoever has the other can't join. */
  | { readonly op: "change-key" | "restore-key"; readonly node: string }
  /** An access point lets nobody in any more and throws out whoever is, or lets in again whom it did. */
  | { readonly op: "refuse" | "admit"; readonly node: string }
  /** An access point goes on sending beacons and carrying packets, and answers nobody who wants to join; or does again. */
  | { readonly op: "ignore-joins" | "answer-joins"; readonly node: string }
  /** An access point moves to another channel: announced beforehand (CSA, its stations move along), or without a word. */
  | {
      readonly op: "move-channel";
      readonly node: string;
      readonly channel: number;
      readonly how: "announced" | "silent";
    }
  /** It is back on its own, and says so: a station that had found it elsewhere would else notice only in the midst of what comes next. */
  | { readonly op: "restore-channel"; readonly node: string }
  /** How strong both ends of a radio link hear each other, dBm (-80 to 19); -30 is as it was. By itself it loses no packet. */
  | { readonly op: "set-signal"; readonly wire: string; readonly dbm: number };

/** A fault with its mending. Times are ms after the phase begins. */
export interface Scenario {
  /** Stable, kebab-case: "cable-em1", "off-plc-b", "hang-plc-b", "power-mains", "loss-30-em1", … (docs/guide/scenarios.md) */
  readonly id: string;
  /** For people: "the cable em1 – plc-a is pulled". */
  readonly fault: string;
  readonly kind: "healthy" | "carrier" | "silent" | "one-way" | "loss" | "flap" | "power" | "uplink" | "replaced";
  readonly inject: readonly TimedOperation[];
  readonly mend: readonly TimedOperation[];
  /** Per flow id: is there still a way from host to peer while the fault lasts? "no-path": none is promised. */
  readonly expected: Readonly<Record<string, "survives" | "no-path">>;
  /** Where TCP cannot live on by the nature of the change (another public address), the reason. */
  readonly tcpMayBreak?: string;
  /** Can the kernel's own monitor (carrier) see this fault on the port concerned? For the report's reasons. */
  readonly carrierTells: boolean;
  /** What the fault strikes, for the picture: device names and wire ids. */
  readonly strikes: readonly string[];
  /** How long the mending itself may take to have its effect, ms: a port under spanning tree forwards only after twice its delay. Absent: at once. */
  readonly settleMs?: number;
  /** How long the fault lasts at least, ms, where it takes its time to be noticed. Absent: a second. */
  readonly lastsMs?: number;
  /** Nothing but a radio can have it: left out where radio links are plain wires. */
  readonly needsRadio?: true;
  /** Ids of other scenarios with the same effect on the host, which this one stands for in the default list. */
  readonly standsFor?: readonly string[];
}

export interface TimedOperation {
  readonly atMs: number;
  readonly do: LabOperation;
}
