import type { StatusRadio } from "../../../src/report/status-input.ts";
import type { LabOperation } from "../../../src/topology/lab-plan.ts";
import type { Kept } from "../../../src/watch/chronicle.ts";

/** What a test lets happen to a host on which the real command runs, told beforehand: in virtual time nothing can be said later. */
export interface Course {
  /** Between the packets of each flow, ms. */
  readonly everyMs: number;
  readonly lastsMs: number;
  readonly steps: readonly Step[];
  /** How long the agent is given before the course begins, ms. Default 8,000. */
  readonly warmUpMs?: number;
}

/** One thing done, so many ms after the beginning. */
export type Step = { readonly atMs: number } & (
  | LabOperation
  /** What `holdfast move`, `drain` and the like ask of the agent's socket. */
  | { readonly op: "order"; readonly path: string }
  | { readonly op: "signal"; readonly signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM" }
  | { readonly op: "start" }
  /** Writes down how the host is, under a name. */
  | { readonly op: "look"; readonly as: string }
  /** A foreign machine behind that interface asks everybody for everybody, as often as said. */
  | { readonly op: "chatter"; readonly node: string; readonly dev: string; readonly perSecond: number }
  /** Forged frames out of that interface, until the next look; how many is in its `forged`. */
  | { readonly op: "forge"; readonly node: string; readonly dev: string; readonly perSecond: number }
  /** A router asks everybody on its LAN who has the address, as it does when it has forgotten. */
  | { readonly op: "who-has"; readonly node: string; readonly dev: string; readonly address: string }
  /** A router that advertises itself from that interface when it is solicited, and else hardly ever. */
  | { readonly op: "advertise"; readonly node: string; readonly dev: string }
  /** Counts what the host sends there from now on: of each kind, by its moment. */
  | { readonly op: "overhear"; readonly node: string; readonly dev: string }
  /** Notes every so many ms how much memory the agent holds. */
  | { readonly op: "weigh"; readonly everyMs: number }
  /** Sets the wall clock forward or back. */
  | { readonly op: "jump"; readonly byMs: number }
  /** A command on the host, as somebody would type it. */
  | { readonly op: "run"; readonly command: readonly string[] }
);

/** The host at one moment. */
export interface Look {
  readonly active: string;
  readonly addresses: readonly string[];
  /** "192.168.1.1", or "fe80::1 metric 1024"; in the order of the tables. */
  readonly defaults: readonly string[];
  readonly nameServers: readonly string[];
  /** Domains that bare names are looked up in. */
  readonly searched: readonly string[];
  readonly rssKb: number;
  /** Frames forged until now. */
  readonly forged: number;
  /** Frames that the bond's ports took in since they were made. */
  readonly received: number;
  /** Of the ports that are radios, as the agent's status has them. */
  readonly radios: Readonly<Record<string, StatusRadio>>;
  /** The agent's words on its ports. */
  readonly notes: Readonly<Record<string, string>>;
  /** Lines of the agent's metrics about radios. */
  readonly radioMetrics: readonly string[];
}

/** One direction of a flow, as it went. Times are ms after the beginning. */
export interface Metered {
  readonly flow: string;
  readonly direction: "toHost" | "fromHost";
  readonly sent: number;
  readonly lostAtMs: readonly number[];
}

/** Something the host said that was overheard. */
export interface Overheard {
  readonly atMs: number;
  readonly kind: "gratuitous-arp" | "unsolicited-advertisement" | "router-solicitation" | "mld-report" | "igmp-report";
}

/** What came of a course. */
export interface Ran {
  readonly overheard: readonly Overheard[];
  readonly flows: readonly Metered[];
  readonly looks: Readonly<Record<string, Look>>;
  readonly events: readonly { readonly id: number; readonly atMs: number; readonly event: Kept }[];
  /** Changes of the active port as the kernel told them. */
  readonly moves: readonly { readonly atMs: number; readonly to: string }[];
  readonly orders: readonly number[];
  /** Resident memory of the agent, as often as it was to be weighed. */
  readonly weights: readonly Weight[];
}

export interface Weight {
  readonly atMs: number;
  readonly rssKb: number;
}

/** Packets of a flow lost between two moments, in the direction that lost most. */
export function lostBetween(ran: Ran, flow: string, fromMs: number, toMs: number): number {
  const lost = ran.flows.flatMap((one) =>
    one.flow === flow ? [one.lostAtMs.filter((at) => at >= fromMs && at < toMs).length] : [],
  );
  return Math.max(...lost);
}

/** Moves the agent or the kernel made from a moment on. */
export function movesFrom(ran: Ran, fromMs: number): readonly string[] {
  return ran.moves.filter(({ atMs }) => atMs >= fromMs).map(({ to }) => to);
}
