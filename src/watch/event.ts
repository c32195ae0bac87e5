import type { RadioChange } from "./effect.ts";
import type { WatchConfig } from "./state.ts";

/** What happens to the brain. `at` is monotonic time in ms; the wall clock never enters. */
export type Event =
  /** The time asked for by a `wake` effect has come. */
  | { readonly type: "tick"; readonly at: number }
  | { readonly type: "carrier"; readonly at: number; readonly port: string; readonly up: boolean }
  /** The port left the bond (an unplugged USB adapter), or is in it again; `carrier` events tell the rest. */
  | { readonly type: "port-gone" | "port-back"; readonly at: number; readonly port: string }
  /** What a port's radio has joined, or left: may it send there? `news` is what is worth writing down; "": nothing. */
  | {
      readonly type: "radio";
      readonly at: number;
      readonly port: string;
      readonly joined: boolean;
      readonly news: RadioChange | "";
      readonly evidence: string;
    }
  /** The LAN is no longer heard through a standby that can't be probed, or is again. */
  | {
      readonly type: "hearing";
      readonly at: number;
      readonly port: string;
      readonly lost: boolean;
      readonly evidence: string;
    }
  /** What the kernel says carries traffic; "" none. Also said after every `set-active`. */
  | { readonly type: "kernel-active"; readonly at: number; readonly port: string }
  /** The kernel didn't do what `set-active` asked for; `active` is what it keeps. */
  | { readonly type: "refused"; readonly at: number; readonly port: string; readonly active: string }
  /** The answer to the probe with this id; `at` is when it was received, as near to the wire as is known. */
  | {
      readonly type: "answer";
      readonly at: number;
      readonly port: string;
      readonly target: string;
      readonly id: number;
    }
  /** The probe with this id couldn't leave yet: it proves nothing, and will be tried again soon. */
  | {
      readonly type: "unsent";
      readonly at: number;
      readonly port: string;
      readonly target: string;
      readonly id: number;
    }
  /** A frame from the port's router to this host, not a broadcast; a few a second are enough. */
  | { readonly type: "heard"; readonly at: number; readonly port: string }
  /** Traffic shall go through this port and stay there. */
  | { readonly type: "pin"; readonly at: number; readonly port: string }
  | { readonly type: "auto"; readonly at: number }
  | { readonly type: "drain" | "undrain"; readonly at: number; readonly port: string }
  /** Back to the preferred port without waiting for calm, if it works. */
  | { readonly type: "reselect-now"; readonly at: number }
  /** The host slept: the boot-time clock went on while the monotonic one stood still. */
  | { readonly type: "suspended"; readonly at: number; readonly gapMs: number }
  | { readonly type: "config"; readonly at: number; readonly config: WatchConfig }
  /** Somebody changed an option of the bond. */
  | { readonly type: "drift"; readonly at: number; readonly option: string; readonly value: string }
  | { readonly type: "stop"; readonly at: number };
