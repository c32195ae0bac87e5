import type { Config } from "../../model/config.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";

/** What telling needs from the agent. */
export interface TellingDeps {
  /** What messages call this host. */
  readonly host: string;
  /** The durable events: telling keeps only a place in them, and reads what it tells from there. */
  readonly history: History;
  /** Where the places are kept, e.g. /var/lib/holdfast/telling; made when missing. */
  readonly directory: string;
  /** Relative paths of secrets and certificates start here, e.g. /etc/holdfast. */
  readonly configDirectory: string;
  /** The bundled program that sends one mail, e.g. dist/mail.js. */
  readonly courier: string;
  /** One line for the agent's log. Holds no secret, ever. */
  readonly log: (severity: "info" | "warning" | "error", line: string) => void;
}

/** The event store, as telling reads it. */
export interface History {
  /** Sequence number of the latest event; 0 when there is none. */
  readonly last: () => number;
  /** Events with a greater sequence number, in order, at most so many. */
  readonly after: (seq: number, most: number) => Promise<readonly StoredEvent[]>;
}

/** Tells whoever the configuration names. */
export interface Telling {
  /** Call it after an event was stored. Returns at once and never throws. */
  readonly onEvent: (event: StoredEvent) => void;
  /** For the metrics. */
  readonly channels: () => readonly ChannelReport[];
  /** Ends within two seconds; what is not delivered by then is told after the next start. */
  readonly stop: () => Promise<void>;
}

/** How one recipient fares. */
export interface ChannelReport {
  /** "ntfy", "webhook", "mail", "hook:10-lamp". */
  readonly name: string;
  /** Events not told yet. */
  readonly pending: number;
  readonly delivered: number;
  readonly failures: number;
  /** Why the latest attempt failed; undefined after a success. */
  readonly problem: string | undefined;
}

/** Starts telling. Nothing is sent before `onEvent` was called or an earlier run left something untold. */
export declare function createTelling(config: Config, deps: TellingDeps): Promise<Telling>;
