import { mkdir } from "node:fs/promises";
import type { Config } from "../../model/config.ts";
import type { EventStore } from "../../store/events.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import type { Deliver } from "./delivery.ts";
import { pastOf } from "./past.ts";
import { placeIn, sweep } from "./place.ts";
import { type Recipient, recipients } from "./recipients.ts";
import { type RunningChannel, runChannel } from "./run-channel.ts";
import { turns } from "./turns.ts";
import { opensAWay } from "./way-out.ts";

/** One line for the agent's log. Holds no secret, ever. */
export type TellingLog = (severity: "info" | "warning" | "error", line: string) => void;

/** What telling needs from the agent. */
export interface TellingDeps {
  /** What messages call this host. */
  readonly host: string;
  readonly version: string;
  /** The durable events. Telling keeps only a place in them per recipient: they are the queue. */
  readonly store: Pick<EventStore, "read">;
  /** Where the places are kept, e.g. /var/lib/holdfast/telling; made when missing. */
  readonly directory: string;
  /** Relative paths of secrets and certificates start here: /etc/holdfast. */
  readonly configDirectory: string;
  /** Own programs, where the configuration names none: /etc/holdfast/hooks.d. */
  readonly hooks: string;
  /** The bundled program that sends one mail: dist/mail.js. */
  readonly courier: string;
  /** The connection to the MQTT broker that is kept; absent: each message has one of its own. */
  readonly broker?: Deliver;
  readonly log: TellingLog;
}

/** Tells whoever the configuration names. */
export interface Telling {
  /** Call it after an event was stored: `store.follow(telling.onEvent)`. Returns at once and never throws. */
  readonly onEvent: (event: StoredEvent) => void;
  /** A recipient can be reached again, by name. */
  readonly reachable: (name: string) => void;
  /** For the metrics and for `status`. */
  readonly channels: () => readonly ChannelReport[];
  /** Ends within a few seconds; what is not delivered by then is told after the next start. */
  readonly stop: () => Promise<void>;
}

/** How one recipient fares since the agent started. */
export interface ChannelReport {
  /** "ntfy", "webhook", "mail", "hook-10-lamp". */
  readonly name: string;
  /** Events not told yet. */
  readonly pending: number;
  readonly delivered: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Why the latest attempt failed; undefined after a success. */
  readonly problem: string | undefined;
}

/** Over the network; hooks wait for nobody. */
const AT_A_TIME = 2;
const STOP_MS = 3_000;

/** Starts telling. A recipient that is new hears of what comes from now on; what an earlier run left untold is told first. */
export async function createTelling(config: Config, deps: TellingDeps): Promise<Telling> {
  await mkdir(deps.directory, { recursive: true, mode: 0o700 }).catch((problem: unknown) =>
    deps.log("error", `nothing can be kept in ${deps.directory}: ${String(problem)}`),
  );
  await sweep(deps.directory);
  const past = pastOf(deps.store);
  const network = turns(AT_A_TIME);
  const start = ({ name, manner, audience, deliver, way }: Recipient): Promise<RunningChannel> =>
    runChannel({
      name,
      manner,
      deliver,
      way,
      past,
      reader: { audience, host: deps.host, clock },
      place: placeIn(deps.directory, name),
      turns: way === "network" ? network : (work) => work(),
      log: deps.log,
    });
  const channels = await Promise.all((await recipients(config.sections?.notify ?? {}, deps)).map(start));
  return {
    onEvent(event) {
      past.remember(event);
      for (const channel of channels) channel.recorded();
      if (opensAWay(event.event)) for (const channel of channels) channel.wayOut();
    },
    reachable(name) {
      for (const channel of channels) if (channel.report().name === name) channel.wayOut();
    },
    channels: () => channels.map((channel) => channel.report()),
    async stop() {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([Promise.all(channels.map((channel) => channel.stop())), patience]);
    },
  };
}

/** Local time, as the host's own log has it. */
function clock(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
}
