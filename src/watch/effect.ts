/** What the brain wants done, in this order. */
export type Effect =
  | { readonly do: "record"; readonly event: Recorded }
  | { readonly do: "probe"; readonly port: string; readonly target: string; readonly id: number }
  | { readonly do: "set-active"; readonly port: string; readonly cause: Cause }
  /** Make the neighbourhood know: neighbour entries, GARP and NA, IGMP/MLD, the uplink's address, route and DNS. */
  | { readonly do: "refresh"; readonly port: string }
  /** undefined: the kernel shall have no primary (and not return on its own). */
  | { readonly do: "set-primary"; readonly port: string | undefined }
  /** Wake me at this time at the latest; takes the place of the previous one. */
  | { readonly do: "wake"; readonly at: number };

/** Why a port was left, or an outage began. */
export type Cause =
  | "carrier-lost"
  | "path-dead"
  | "uplink-dead"
  | "lossy"
  | "reselect"
  | "operator"
  | "drained"
  | "none-active";

/** refused: it associates, and its key isn't accepted. unheard: it has joined, and the LAN is no longer heard through it; heard: again. */
export type RadioChange = "joined" | "left" | "roamed" | "refused" | "unheard" | "heard";

/** What is written down, with its evidence. Always before the act it announces. */
export type Recorded =
  | { readonly what: "started"; readonly active: string }
  | {
      readonly what: "moved";
      readonly from: string;
      readonly to: string;
      readonly cause: Cause;
      /** From the first sign of the trouble (the sending of the first lost probe) to the move. */
      readonly noticedAfterMs: number;
      readonly evidence: string;
    }
  | { readonly what: "kernel-moved"; readonly from: string; readonly to: string }
  | { readonly what: "refused"; readonly port: string; readonly retryMs: number }
  | { readonly what: "carrier"; readonly port: string; readonly up: boolean }
  /** The carrier changes too often to be written down each time; `flapped` says when it is over. */
  | { readonly what: "flapping"; readonly port: string }
  | { readonly what: "flapped"; readonly port: string; readonly changes: number; readonly up: boolean }
  | { readonly what: "port-gone" | "port-back"; readonly port: string }
  /** A port's radio has joined a network or left it, moved to another access point of it, or isn't let in. */
  | { readonly what: "radio"; readonly port: string; readonly change: RadioChange; readonly evidence: string }
  | {
      readonly what: "path-dead" | "path-alive" | "path-silent";
      readonly port: string;
      readonly target: string;
      readonly evidence: string;
    }
  | {
      readonly what: "redundancy";
      readonly usable: number;
      readonly declared: number;
      /** The ports that can't be relied on now. */
      readonly missing: readonly string[];
    }
  | {
      readonly what: "outage-begins";
      readonly cause: Cause;
      /** The sending of the first lost probe, or the loss of carrier; monotonic ms. */
      readonly since: number;
      /** group: no port was left to move to. */
      readonly extent: "port" | "group";
      readonly evidence: string;
    }
  | { readonly what: "outage-ends"; readonly lastedMs: number; readonly cause: Cause }
  /** The router answers, nothing beyond it does, and no other port is known to lead elsewhere: told, and nothing is moved. */
  | {
      readonly what: "beyond-lost";
      readonly port: string;
      readonly router: string;
      readonly targets: readonly string[];
      /** The sending of the first lost probe; monotonic ms. */
      readonly since: number;
      readonly evidence: string;
    }
  | {
      readonly what: "beyond-back";
      readonly port: string;
      readonly router: string;
      readonly targets: readonly string[];
      readonly lastedMs: number;
      readonly evidence: string;
    }
  | {
      readonly what: "order";
      readonly order: "pin" | "auto" | "drain" | "undrain" | "reselect-now";
      readonly port: string;
    }
  | { readonly what: "warning"; readonly port: string; readonly evidence: string }
  | { readonly what: "suspended"; readonly gapMs: number }
  | { readonly what: "configured" }
  | { readonly what: "drift"; readonly option: string; readonly value: string }
  | { readonly what: "stopped"; readonly primary: "restored" | "left-out" | "none" };
