import type { Result } from "../model/result.ts";
import type { LinkAddress } from "../wire/address.ts";
import type { LinkState } from "../wire/link.ts";
import type { Neighbour } from "../wire/neighbour.ts";
import type { RadioInterface, RadioNews, RadioStation } from "../wire/nl80211.ts";
import type { Instruction } from "../wire/packet-filter.ts";
import type { NewRoute, Route } from "../wire/route.ts";
import type { NewRule, RoutingRule } from "../wire/rule.ts";

/** What the agent needs of a machine, in the field's words. Nothing here throws: what the world refuses is an error as data. */
export interface Host {
  readonly net: Net;
  readonly tables: Tables;
  readonly packets: Packets;
  readonly resolver: Resolver;
  readonly radios: Radios;
  readonly time: Time;
}

/** What the machine refused to do. */
export interface HostError {
  /** "set active port", "open packet socket", … */
  readonly op: string;
  /** The interface, address or file it was about. */
  readonly target: string;
  /** "EPERM", "ENODEV", …; "" when there is none. */
  readonly errno: string;
  /** In words, the kernel's own where it gave some. */
  readonly message: string;
}

/** Links and bonds. */
export interface Net {
  /** Every link there is now. */
  links(): Result<readonly LinkState[], HostError>;
  /** Tells of every change from now on, until it is stopped. Changes that were lost (the kernel's queue ran over) are
   *  followed by "missed": read `links` anew then. */
  watch(onChange: (change: LinkChange) => void): Result<Watching, HostError>;
  /** Has the bond send through that port. EINVAL when the port is none of its ports, or down. */
  setActivePort(bond: number, port: number): Result<void, HostError>;
  /** Sets the bond's primary; 0 clears it. */
  setPrimary(bond: number, port: number): Result<void, HostError>;
  /** Whether frames that arrive on the other ports are taken too (the kernel's all_slaves_active). */
  hearOtherPorts(bond: number, heard: "taken" | "dropped"): Result<void, HostError>;
}

/** A change of a link. */
export type LinkChange =
  | { readonly what: "link"; readonly link: LinkState }
  | { readonly what: "gone"; readonly index: number; readonly name: string }
  /** Some link gained or lost an IP address. */
  | { readonly what: "addresses" }
  /** Some route came or went. */
  | { readonly what: "routes" }
  | { readonly what: "missed" };

/** Something that goes on until it is stopped. */
export interface Watching {
  /** Takes in what has come already, without waiting. */
  drain(): void;
  stop(): void;
}

/** Addresses, neighbours and routes. Addresses are bytes in network order. */
export interface Tables {
  addresses(): Result<readonly LinkAddress[], HostError>;
  /** Retired: an IPv6 address that is still there for what comes in, and that nothing new begins with. */
  changeAddress(change: "add" | "retire" | "remove", entry: AddressEntry): Result<void, HostError>;
  neighbours(): Result<readonly Neighbour[], HostError>;
  /** Tells of every entry that was made or changed from now on; of some that come all at once perhaps not. */
  watchNeighbours(onChange: (entry: Neighbour) => void): Result<Watching, HostError>;
  /** Writes the entry as one to be used at once and confirmed soon; without a MAC the entry is removed. */
  putNeighbour(entry: NeighbourEntry): Result<void, HostError>;
  routes(): Result<readonly Route[], HostError>;
  changeRoute(change: "replace" | "remove", route: NewRoute): Result<void, HostError>;
  /** Which table a packet's route is looked up in. */
  rules(): Result<readonly RoutingRule[], HostError>;
  changeRule(change: "add" | "remove", rule: NewRule): Result<void, HostError>;
}

export interface AddressEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly prefix: number;
}

export interface NeighbourEntry {
  readonly index: number;
  readonly address: Uint8Array;
  readonly mac?: string;
}

/** Frames in and out of single ports, also of one that the bond doesn't use. */
export interface Packets {
  /** Frames that pass the filter, from when it is opened until it is closed. The bytes are valid only during the call. */
  open(
    index: number,
    filter: readonly Instruction[],
    onFrame: (frame: Uint8Array, atMs: number) => void,
  ): Result<Tap, HostError>;
  /** Counts instead of reading: tells whether anything passed the filter since it was last asked. Costs the same however much passes. */
  openGauge(index: number, filter: readonly Instruction[]): Result<Gauge, HostError>;
}

export interface Tap {
  send(frame: Uint8Array): Result<void, HostError>;
  /** Lets frames to this MAC pass the interface too, beside its own. */
  hear(mac: string): Result<void, HostError>;
  /** Another filter, for what comes from now on. */
  filter(filter: readonly Instruction[]): Result<void, HostError>;
  /** Takes in what has come already, without waiting. */
  drain(): void;
  close(): void;
}

export interface Gauge {
  hasPassed(): boolean;
  filter(filter: readonly Instruction[]): Result<void, HostError>;
  close(): void;
}

/** Radios that join a network. */
export interface Radios {
  /** How a radio is, without keeping the caller: a driver may have to ask its firmware. undefined: this link is no radio that joins
   *  networks, or the kernel has none. */
  read(index: number): Promise<RadioLink | undefined>;
  /** Tells what happens to radios from now on. Where the kernel learns of radios only later, from the first `read` after that. */
  watch(onNews: (news: RadioNews) => void, onMissed: () => void): Watching;
  close(): void;
}

/** A radio's interface and the access point it has joined; without one it has joined none, or its driver doesn't list it. */
export interface RadioLink {
  readonly interface: RadioInterface;
  readonly station: RadioStation | undefined;
}

/** The machine's name servers. */
export interface Resolver {
  /** Has names looked up at these servers while traffic goes through that link. None: as before the first call, also when that was an
   *  earlier process's; where there was none, nothing is touched. */
  use(link: string, servers: readonly string[]): Promise<Result<void, HostError>>;
  /** Resolves when nothing that was asked for is under way any more: within seconds. */
  settled(): Promise<void>;
}

/** Monotonic time, and one alarm. */
export interface Time {
  /** ms, fractions allowed; stands still while the machine is suspended. */
  now(): number;
  /** ms the machine has been suspended since it started. */
  asleep(): number;
  /** Calls once, at that time or shortly after. Takes the place of the previous one. */
  wakeAt(at: number, onWake: () => void): void;
  /** No more alarm. */
  rest(): void;
}
