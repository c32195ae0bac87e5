import { type FlagValues, jsonFlag } from "../command.ts";
import type { TransactionWish } from "./run-transaction.ts";

/** What can be asked of every change that goes back unless it is confirmed. */
export const transactionFlags = {
  deadline: {
    kind: "text",
    value: "TIME",
    about: "Until when it must be confirmed; 120s when not given, 30s at least",
  },
  unattended: {
    kind: "switch",
    about: "Confirm by the probes alone: everything that worked works, twice, ten seconds apart",
  },
  "same-session": { kind: "switch", about: "Take the confirmation from this login too" },
  "keep-failing": {
    kind: "switch",
    about: "Don't go back at once where something stops working; wait for the deadline",
  },
  "no-wait": { kind: "switch", about: "Return once it is in place and proven; the deadline stays" },
  lines: { kind: "switch", about: "Tell what happens as it happens, one JSON document a line" },
  json: jsonFlag,
} as const;

export type TransactionFlags = FlagValues<typeof transactionFlags>;

/** What those flags ask for, besides the seconds. */
export function wishOf(flags: TransactionFlags): Pick<TransactionWish, "confirmation" | "accept" | "until" | "manner"> {
  return {
    confirmation: flags.unattended ? "probes" : flags["same-session"] ? "any-session" : "new-session",
    accept: flags["keep-failing"] ? "regressions" : "nothing",
    until: flags["no-wait"] ? "proven" : "ended",
    manner: flags.lines ? "lines" : flags.json ? "silent" : "text",
  };
}
