import { type BondOptions, type OptionName, optionsIn } from "../../model/options.ts";
import { conflictsIn } from "../../model/validate-options.ts";

/** What becomes of the options of a .netdev when networkd makes the bond: all that it sends go in one request, and one that the
 *  kernel refuses fails it as a whole. */
export interface Sending {
  /** Options that networkd keeps to itself, and why. */
  readonly kept: ReadonlyMap<OptionName, string>;
  /** Options for which the kernel refuses the bond, and why; empty where it is made. */
  readonly refused: ReadonlyMap<OptionName, string>;
}

const zeroIsNotSent: readonly OptionName[] = [
  "miimon",
  "peer_notif_delay",
  "updelay",
  "downdelay",
  "arp_interval",
  "min_links",
  "ad_user_port_key",
];

const inModeOnly: Readonly<Partial<Record<OptionName, string>>> = {
  lacp_rate: "802.3ad",
  ad_select: "802.3ad",
  fail_over_mac: "active-backup",
  packets_per_slave: "balance-rr",
};

/** Source: netdev_bond_fill_message_create() of systemd 252 (the same in 257 for a bond that is new), bond_changelink(). */
export function sendingOf(options: BondOptions): Sending {
  const kept = new Map<OptionName, string>();
  const sent: Partial<Record<OptionName, unknown>> = {};
  for (const option of optionsIn(options)) {
    const value = options[option];
    if (value === undefined || option === "primary" || option === "active_slave") continue;
    const reason = whyKept(option, options);
    if (reason !== undefined) kept.set(option, reason);
    else if (value !== 0 || !zeroIsNotSent.includes(option)) sent[option] = value;
  }
  return { kept, refused: refusals(sent as BondOptions) };
}

function whyKept(option: OptionName, options: BondOptions): string | undefined {
  const mode = inModeOnly[option];
  if (mode !== undefined && options.mode !== mode) return `networkd sends it only with Mode=${mode}`;
  const hasInterval = (options.arp_interval ?? 0) > 0;
  if (option === "arp_ip_target" && !hasInterval) return "networkd sends it only with ARPIntervalSec=";
  if (option === "lp_interval" && !hasInterval)
    return "networkd sends it only with ARPIntervalSec=, which the modes that learn refuse";
  const monitored = ["802.3ad", "balance-tlb", "balance-alb"].includes(options.mode ?? "");
  if (option === "miimon" && options.miimon === 0 && monitored)
    return `networkd sends no 0, and in mode ${options.mode} the kernel then looks every 100 ms`;
  return undefined;
}

function refusals(sent: BondOptions): ReadonlyMap<OptionName, string> {
  const refused = new Map<OptionName, string>();
  for (const { kind, option, other, message } of conflictsIn(sent)) {
    // Of two monitors the carrier's is the one every driver and mode has.
    const [loser, rival] = kind === "excludes" && option === "miimon" ? [other, option] : [option, other];
    if (kind !== "excludes") refused.set(loser, message);
    else refused.set(loser, `${loser} and ${rival} in one request are refused`);
  }
  if (sent.arp_validate !== undefined && (sent.miimon ?? 0) > 0)
    refused.set("arp_validate", "arp_validate and miimon in one request are refused");
  return refused;
}
