import type { Bond } from "../model/bond.ts";
import { optionInForce } from "../model/defaults.ts";
import type { HostBond } from "../model/host-state.ts";
import { formatOption } from "../model/option-value.ts";
import { type BondOptions, type OptionName, optionNames, optionRow } from "../model/options.ts";

/** One option of a running bond with the value it shall have and the one it has. */
export interface OptionTurn {
  readonly option: OptionName;
  /** As the kernel spells it; "" unsets. */
  readonly value: string;
  readonly was: string;
}

/** What makes a running bond the wanted one. */
export type Turn =
  | { readonly kind: "same" }
  /** The kernel takes all of it while packets flow: ports leave, ports join, options are set, in this order. */
  | {
      readonly kind: "live";
      readonly leave: readonly string[];
      readonly join: readonly string[];
      readonly set: readonly OptionTurn[];
    }
  /** It must be taken down and made again. */
  | { readonly kind: "rebuild"; readonly why: string };

/** The smallest way from what runs to what is wanted. `wanted` has what its manager does in silence spelled out. */
export function turnOf(running: HostBond | undefined, wanted: Bond): Turn {
  if (running === undefined) return rebuild(`there is no ${wanted.name} yet`);
  const set: OptionTurn[] = [];
  for (const option of optionNames) {
    const turn = optionTurn(running, wanted.options, option);
    if (turn === undefined) continue;
    const why = whyRebuild(running, turn);
    if (why !== undefined) return rebuild(why);
    set.push(turn);
  }
  const leave = running.ports.filter((port) => !wanted.ports.includes(port));
  const join = wanted.ports.filter((port) => !running.ports.includes(port));
  const staying = running.ports.filter((port) => wanted.ports.includes(port));
  if (staying.length === 0 && running.ports.length > 0) return rebuild(`none of the ports of ${wanted.name} stays`);
  if (set.length + leave.length + join.length === 0) return { kind: "same" };
  return { kind: "live", leave, join, set: inWritingOrder(set) };
}

function rebuild(why: string): Turn {
  return { kind: "rebuild", why };
}

function optionTurn(running: HostBond, wanted: BondOptions, option: OptionName): OptionTurn | undefined {
  const row = optionRow(option);
  // active_slave is the moment's; options this kernel doesn't have can't be set, and verification says so.
  if (row.scope === "port" || option === "active_slave" || row.sysfs === null) return undefined;
  if (!running.known.includes(row.sysfs)) return undefined;
  const mode = wanted.mode ?? "balance-rr";
  // What the mode has no use for the kernel neither shows nor takes.
  if (!(row.modes as readonly string[]).includes(mode)) return undefined;
  const has = running.options[option];
  const value = stored(wanted, option);
  // What the kernel shows nothing of has nothing said of it.
  const [is, shall] = [spelled(option, has), spelled(option, value)];
  return is === shall ? undefined : { option, value: shall, was: is };
}

/** Delays are stored in whole intervals of the monitor. */
function stored(wanted: BondOptions, option: OptionName): BondOptions[OptionName] | undefined {
  const value = optionInForce(wanted, option);
  const row = optionRow(option);
  const unit = row.kind === "int" ? row.multipleOf : undefined;
  const step = unit === undefined ? 0 : Number(optionInForce(wanted, unit as OptionName) ?? 0);
  return (step > 0 ? Math.floor(Number(value) / step) * step : value) as BondOptions[OptionName];
}

function spelled(option: OptionName, value: unknown): string {
  return value === undefined || value === null ? "" : formatOption(option, value as never);
}

function whyRebuild(running: HostBond, { option, value }: OptionTurn): string | undefined {
  const row = optionRow(option);
  const needs: readonly string[] = row.needs;
  const name = `${option} ${value}`;
  if (needs.includes("no-ports") && running.ports.length > 0)
    return `the kernel takes ${name} only while no port is in`;
  if (needs.includes("bond-down")) return `the kernel takes ${name} only while ${running.name} is down`;
  // The system's MAC address of LACP has a default that can't be written.
  return value === "" && row.kind === "mac" ? `${option} can't be unset` : undefined;
}

/** Each write as the kernel wants it: a monitor is turned off before the other is turned on, targets before the monitor that
 *  needs them, delays after the monitor whose multiples they are. */
function inWritingOrder(set: readonly OptionTurn[]): readonly OptionTurn[] {
  const off = ({ option, value }: OptionTurn) => (option === "miimon" || option === "arp_interval") && value === "0";
  const rank = (turn: OptionTurn): number => {
    // Delays need their monitor: they end before it does.
    if (/^(up|down)delay$/.test(turn.option)) return set.some((one) => one.option === "miimon" && off(one)) ? 0 : 5;
    if (turn.option === "peer_notif_delay") return set.some((one) => one.option === "miimon" && off(one)) ? 0 : 5;
    if (turn.option === "arp_validate" && turn.value === "none") return 0;
    if (off(turn)) return 1;
    if (/_target$/.test(turn.option) && turn.value !== "") return 2;
    if (turn.option === "miimon" || turn.option === "arp_interval") return 3;
    if (/_target$/.test(turn.option)) return 4;
    return 4;
  };
  return set.toSorted((a, b) => rank(a) - rank(b));
}
