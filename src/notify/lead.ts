import type { Kept } from "../watch/chronicle.ts";
import type { Description, Severity } from "./message.ts";

/** One event that is told. */
export interface Told {
  readonly at: number;
  readonly what: Kept["what"];
  readonly said: Description;
}

/** What could head a digest: of every topic how it stands at the end. An outage that is over isn't told as if it weren't. */
export interface Leads {
  readonly outage?: Told;
  readonly traffic?: Told;
  readonly redundancy?: Told;
  readonly beyond?: Told;
  readonly other?: Told;
}

type Topic = keyof Leads;

/** The candidates with one event more. */
export function withLead(leads: Leads, told: Told): Leads {
  const topic = topicOf(told.what);
  const before = leads[topic];
  // Of traffic and of the rest a later calm event doesn't hide an earlier grave one; of the others the latest holds.
  const keepsGravest = topic === "traffic" || topic === "other";
  const calms = topic === "traffic" && told.what === "moved" && before?.what === "kernel-moved";
  const stays = keepsGravest && before !== undefined && !calms && rank(before.said) > rank(told.said);
  return stays ? leads : { ...leads, [topic]: told };
}

/** The event that speaks for all; undefined when there is none. */
export function leadOf(leads: Leads): Told | undefined {
  const all = Object.entries(leads) as readonly (readonly [Topic, Told])[];
  let best: readonly [Topic, Told] | undefined;
  for (const one of all) if (best === undefined || score(one) > score(best)) best = one;
  return best?.[1];
}

function topicOf(what: Kept["what"]): Topic {
  switch (what) {
    case "outage-begins":
    case "outage-ends":
      return "outage";
    case "moved":
    case "kernel-moved":
      return "traffic";
    case "redundancy":
      return "redundancy";
    case "beyond-lost":
    case "beyond-back":
      return "beyond";
    default:
      return "other";
  }
}

const ranks: readonly Severity[] = ["notice", "warning", "critical"];

function rank({ severity }: Description): number {
  return ranks.indexOf(severity);
}

function score([topic, { what, said }]: readonly [Topic, Told]): number {
  // A long outage is the news even after its end; a blink of the eye is told by the move that ended it.
  const wasLong = what === "outage-ends" && said.weight === "critical";
  const bonus = { outage: wasLong ? 15 : 0, traffic: 3, redundancy: 1, beyond: 2, other: 0 };
  return rank(said) * 10 + bonus[topic];
}
