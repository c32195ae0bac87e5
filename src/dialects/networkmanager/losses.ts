import type { Severity } from "../../diagnostic/diagnostic.ts";
import type { Loss } from "../dialect.ts";

/** Reports that something can't be said: what, in the words of model/differences.ts, and what follows from it. */
export type Loser = (about: string, message: string, severity?: Severity, hint?: string) => void;

/** A Loser that collects. */
export function loserInto(losses: Loss[]): Loser {
  return (about, message, severity = "warning", hint) =>
    losses.push({
      code: "networkmanager-cannot-say",
      severity,
      message,
      about,
      ...(hint === undefined ? {} : { hint }),
    });
}
