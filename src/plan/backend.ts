import type { Config } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";
import type { Change } from "./change.ts";
import type { Merged } from "./merge.ts";
import type { Readdressing } from "./readdress.ts";
import type { Turn } from "./turn.ts";

/** All a backend knows when it decides how the running host follows its files. */
export interface Situation {
  readonly host: HostState;
  readonly merged: Merged;
  /** What is wanted, with what the manager does in silence spelled out. */
  readonly meant: Config;
  /** By the name of each wanted bond. */
  readonly bonds: ReadonlyMap<string, BondTurn>;
}

export interface BondTurn {
  readonly turn: Turn;
  readonly readdressing: Readdressing;
  /** Ports that run in it and whose own settings change: they leave and join again. */
  readonly changedPorts: readonly string[];
}

/** The steps, and what they cost. */
export type Acts = Pick<Change, "quiesce" | "converge" | "restore"> & Partial<Pick<Change, "interruption">>;

/** How one manager's running host follows its files. */
export type Backend = (situation: Situation) => Acts;

/** The wanted bonds that must be made anew, each with the reason. Some managers change addresses and names of a bond that runs; the others
 *  take it down for that. */
export function rebuilt(
  { bonds }: Situation,
  addresses: "by-taking-down" | "manager-readdresses" = "by-taking-down",
): readonly { readonly name: string; readonly why: string }[] {
  return [...bonds].flatMap(([name, { turn, readdressing }]) => {
    if (turn.kind === "rebuild") return [{ name, why: turn.why }];
    const isDown = readdressing.kind === "manager" && addresses === "by-taking-down";
    return isDown ? [{ name, why: readdressing.why }] : [];
  });
}

/** Bonds whose addresses, names or routes only the manager can change. */
export function readdressedByManager({ bonds }: Situation): readonly string[] {
  return [...bonds].flatMap(([name, { readdressing }]) => (readdressing.kind === "manager" ? [name] : []));
}
