import type { WifiBand } from "../model/config.ts";
import type { Radio } from "../topology/lab-plan.ts";
import type { Sight } from "./sight.ts";

/** The result of a rehearsal: what `rehearse --json` prints, what the reports show. Shape is a published contract (docs/guide/json.md). */
export interface Rehearsal {
  readonly subject: string;
  /** live: a drill on the host itself. */
  readonly engine: "uml-tt" | "uml" | "qemu" | "live";
  /** uname -r and where the kernel came from. */
  readonly kernel: string;
  readonly clock: "virtual" | "real";
  readonly objectives: { readonly outageMs: number; readonly tcp: "survives" | "may-break" };
  /** Holdfast's agent ran on the host. Absent: the kernel alone. */
  readonly agent?: true;
  /** How the host's manager came up: exit status and what it printed (secrets already taken out). */
  readonly bringUp: {
    readonly manager: string;
    readonly exit: number;
    readonly output: string;
    /** A command that never ended, for which bringing up was stopped (exit is 124). */
    readonly hung?: Hung;
    readonly bonds: readonly BondSeen[];
  };
  /** Ports that were real simulated radios, with the access points they had. Absent: none was. */
  readonly radios?: readonly RadioSeen[];
  readonly scenarios: readonly ScenarioResult[];
  readonly verdict: Verdict;
  /** What was assumed or made simpler than it is, a sentence each: a reader must know before believing the numbers. */
  readonly notes: readonly string[];
  readonly tookMs: number;
}

export type Verdict = "held" | "missed";

/** A command of the host's own configuration that was still running when it was stopped. */
export interface Hung {
  /** As it stands in the process list; the shell's own text where it is a shell's. */
  readonly command: string;
  /** Of which interface, and in which phase ("post-up"), where its manager says so. */
  readonly interface?: string;
  readonly phase?: string;
  /** How long it was waited for, ms of the lab's clock. */
  readonly afterMs: number;
}

/** What the kernel says of a bond after bring-up. */
export interface BondSeen {
  readonly name: string;
  readonly mode: string;
  readonly miimon: number;
  readonly arpInterval: number;
  readonly primary: string;
  readonly activePort: string;
  readonly ports: readonly string[];
  /** Whose MAC address a port has, as the kernel spells it. Absent: not looked at. */
  readonly failOverMac?: string;
}

/** A port that was a simulated radio, and the network it was to join. */
export interface RadioSeen {
  readonly port: string;
  /** The device whose access point it had. */
  readonly accessPoint: string;
  readonly ssid: string;
  readonly security: Radio["security"];
  readonly band: WifiBand;
  readonly channel: number;
  /** Regulatory domain. Absent: the world's. */
  readonly country?: string;
  readonly hidden?: true;
  readonly clientIsolation?: true;
  readonly macFilter?: readonly string[];
  /** It had joined before the first fault, key and all. */
  readonly joined: boolean;
  /** Why it had not. */
  readonly trouble?: RadioTrouble;
}

/** wrong-key: the network's is another. refused: the access point turned it away. not-offered: the access point may not use
 *  its channel. no-answer: it heard nothing from it. not-found: it never
 *  saw a network it could ask. */
export type RadioTrouble = "wrong-key" | "refused" | "not-offered" | "no-answer" | "not-found";

export interface ScenarioResult {
  readonly id: string;
  readonly fault: string;
  readonly kind: string;
  readonly expected: "survives" | "no-path";
  /** Worst of all repeats and of all flows that are promised a way. null: it never ended while watched. */
  readonly outageMs: { readonly toHost: number | null; readonly fromHost: number | null };
  /** How long the fault was watched, ms: "never" means longer than this. */
  readonly watchedMs: number;
  readonly uncertaintyMs: number;
  readonly tcp: { readonly survived: boolean; readonly stallMs: number | null };
  /** A real ssh session from a machine of the LAN, with a program in it that counts aloud: how long it stood still at most, ms, and how
   *  far it had counted. Absent: none was asked for, or none is promised. */
  readonly ssh?: SshResult;
  readonly lost: number;
  readonly sent: number;
  /** Gap when the fault was mended and the bond moved back, ms; null: it never came back while watched. */
  readonly reselectMs: { readonly toHost: number | null; readonly fromHost: number | null };
  /** From the fault to the kernel naming another active port; absent: it never did. */
  readonly switchedAfterMs?: number;
  readonly verdict: Verdict;
  /** Why it was missed, for people, with what would cure it. Absent when held. */
  readonly reason?: string;
  readonly events: readonly {
    readonly atMs: number;
    readonly what: "fault" | "mend" | "switch" | "kernel" | "lost" | "back";
    readonly text: string;
  }[];
  readonly flows: readonly FlowResult[];
  /** What host, LAN and access points said of each other, in the first repeat: before the fault, while it lasted, and after.
   *  Absent: there are no radios. */
  readonly sights?: readonly Sight[];
  /** Of a drill: what the latest rehearsal of the same configuration promised. Absent: it was not rehearsed. */
  readonly forecast?: Forecast;
  /** One per repeat: outages of the worst flow. */
  readonly repeats: readonly {
    readonly toHost: number | null;
    readonly fromHost: number | null;
    readonly reselect: number | null;
    readonly tcpStallMs: number | null;
  }[];
  /** Over repeats, worst direction: null where an outage never ended. */
  readonly stats: { readonly median: number | null; readonly p95: number | null; readonly worst: number | null };
}

/** What became of an ssh session. */
export interface SshResult {
  readonly survived: boolean;
  /** Longest silence of what counts in it, ms; null: it never spoke again while watched. */
  readonly stallMs: number | null;
  /** The last number heard. */
  readonly counted: number;
  /** Why it ended, in the client's words. Absent: it lives. */
  readonly trouble?: string;
}

/** What a rehearsal promised of a fault, and whether the live host kept it. */
export interface Forecast {
  /** Its scenario that does the same to the host: "cable-em1". */
  readonly scenario: string;
  /** Its longest outage, ms; null: it never ended while watched. */
  readonly outageMs: number | null;
  /** Wall clock, ms since 1970, when it was rehearsed. */
  readonly at: number;
  /** The live host took no longer, but for what both can be off by, and for the moment of the monitor's period the fault fell at. */
  readonly kept: boolean;
}

export interface FlowResult {
  readonly flow: string;
  readonly direction: "toHost" | "fromHost";
  readonly expected: "survives" | "no-path";
  readonly sent: number;
  readonly lost: number;
  /** Lost before the fault, when everything was healthy. */
  readonly lostBefore: number;
  readonly outageMs: number | null;
  readonly reselectMs: number | null;
  /** Times (ms, fault = 0) of lost packets as [from, to] runs, for the timeline; at most 400 runs. */
  readonly lostRuns: readonly (readonly [number, number])[];
}
