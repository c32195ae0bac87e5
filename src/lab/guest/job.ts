import type { BondSeen, Hung, RadioTrouble } from "../../measure/rehearsal.ts";
import type { Trace } from "../../measure/trace.ts";
import type { LabPlan, Scenario } from "../../topology/lab-plan.ts";
import type { PackedTrace } from "./packed-trace.ts";

/** What the runner inside the guest is asked to do, from boot to power-off. Plain JSON: in virtual time nothing can be said later. */
export interface Job {
  readonly plan: LabPlan;
  /** Virtual: processor time costs nothing and waiting is skipped. Real: a lab that may stall for hundreds of ms. */
  readonly clock: "virtual" | "real";
  /** With a virtual clock: what is computed takes time on it, an instruction a nanosecond. Absent: none. */
  readonly isCounted?: true;
  /** Written into the guest's private layer before anything is brought up: absolute path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Permissions (octal digits, e.g. "0600") of files that shall not be 0644. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Keys of the plan's radio networks by SSID: pass phrases or 64 hexadecimal digits. They stand nowhere else, and in no answer. */
  readonly radioKeys?: Readonly<Record<string, string>>;
  /** Commands of the host's own network manager, run confined; absent: the host stays bare. */
  readonly bringUp?: BringUp;
  /** Holdfast's agent runs on the host while the drills do, going by this plan (JSON of an AgentPlan); absent: the kernel alone. */
  readonly agent?: AgentJob;
  /** A machine of the LAN opens an ssh session to the host before each fault, and keeps it. */
  readonly ssh?: true;
  readonly drills: readonly Drill[];
}

export interface AgentJob {
  readonly plan: string;
  /** How long its way back to the preferred port may take after everything is mended, ms. */
  readonly patienceMs: number;
}

export interface BringUp {
  /** "ifupdown", "ip", …: repeated in the result, never interpreted. */
  readonly manager: string;
  /** Program and arguments, run one after the other; the first that fails ends the series. */
  readonly commands: readonly (readonly string[])[];
  /** Guest time after which a hanging command is killed with all it started, ms. Default 120 000, with a real clock 25 000. */
  readonly timeoutMs?: number;
  /** How the commands see /sys. "read-only": as in a container, where there is no udev to wait for; what describes the links,
   *  below /sys/devices, can be written all the same. Default: as it is. */
  readonly sys?: "read-only";
  /** Directories that are empty for the commands, whatever the machine has there. */
  readonly emptied?: readonly string[];
}

export interface Drill {
  readonly scenario: Scenario;
  /** 0-based. */
  readonly repeat: number;
  /** How far the fault is moved against a fixed grid, ms, so that repeats meet the kernel's monitor at different moments (`phase.ts`). */
  readonly phaseMs: number;
  /** The grid's mesh, ms: the period of the kernel's monitor, so that a phase means the same in every repeat. Default 100. */
  readonly periodMs?: number;
  /** How long an outage is watched before it counts as never ending, ms. Default 60 000. */
  readonly limitMs?: number;
}

/** One line of JSON each, from the runner to whoever booted it. */
export type GuestMessage =
  | {
      readonly kind: "progress";
      /** built: the host is being brought up from here; up: its commands have ended. */
      readonly at: "boot" | "built" | "up" | "drill";
      readonly done: number;
      readonly of: number;
      /** With up: what had to be killed. */
      readonly hung?: Hung;
    }
  | { readonly kind: "up"; readonly state: BroughtUp }
  | { readonly kind: "trace"; readonly trace: PackedTrace }
  /** Nothing more will come. The message names what went wrong. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done" };

export type { Hung };

/** The host after its network manager has done its work. */
export interface BroughtUp {
  readonly manager: string;
  /** Exit status of the first command that failed, or 0; 124 when it was killed for taking too long. */
  readonly exit: number;
  /** What the commands printed, both streams in the order written; at most 64 KiB. */
  readonly output: string;
  /** What was running when it was killed. Absent: everything ended by itself. */
  readonly hung?: Hung;
  readonly bonds: readonly BondSeen[];
  /** The radios that joined their networks before the drills. Absent: none is one. */
  readonly joined?: readonly string[];
  /** Why the others had not. Absent: all had. */
  readonly troubles?: Readonly<Record<string, RadioTrouble>>;
  readonly addresses: readonly { readonly dev: string; readonly cidr: string }[];
  readonly routes: readonly { readonly to: string; readonly via: string; readonly dev: string }[];
}

/** The trace of a drill after which the lab did not come back to where it started: boot a fresh one for the next drill. */
export function needsFreshLab(trace: Trace): boolean {
  return trace.settled === false;
}
