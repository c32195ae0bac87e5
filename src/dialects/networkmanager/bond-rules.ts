import { type BondOptions, type Mode, type OptionName, optionRow } from "../../model/options.ts";

/** What NetworkManager makes of an option in the company of the others. "refused": the whole profile. "unused": that option only. */
export interface Verdict {
  readonly option: OptionName;
  readonly outcome: "refused" | "unused";
  readonly why: string;
}

/** What NetworkManager makes of the options of one bond where it doesn't simply apply them. Empty when it applies them all.
 *  Source: _nm_setting_bond verify(), and what 1.42.4 and a 6.1 kernel did. */
export function verdictsOn(options: BondOptions): readonly Verdict[] {
  return [...inMode(options), ...monitors(options), ...delays(options), ...words(options), ...zeros(options)];
}

/** The options less those that NetworkManager would not apply, and why those are missing. */
export function applied(options: BondOptions): {
  readonly options: BondOptions;
  readonly verdicts: readonly Verdict[];
} {
  let left: BondOptions = options;
  const verdicts: Verdict[] = [];
  // One that is taken out can leave another alone: targets without their interval. Each round takes out one at least.
  for (;;) {
    const round = verdictsOn(left);
    if (round.length === 0) return { options: left, verdicts };
    const out = new Set(round.map(({ option }) => option));
    for (const option of out) verdicts.push(round.find((one) => one.option === option) as Verdict);
    left = Object.fromEntries(Object.entries(left).filter(([option]) => !out.has(option as OptionName)));
  }
}

function modeOf(options: BondOptions): Mode {
  return (options.mode ?? "balance-rr") as Mode;
}

/** Options that NetworkManager itself takes out of a profile of another mode. */
const removedByMode: ReadonlySet<OptionName> = new Set([
  "packets_per_slave",
  "tlb_dynamic_lb",
  "ad_actor_sys_prio",
  "ad_actor_system",
  "ad_user_port_key",
  "arp_validate",
]);

function inMode(options: BondOptions): readonly Verdict[] {
  const mode = modeOf(options);
  return (Object.keys(options) as OptionName[])
    .filter(
      (option) => optionRow(option).scope === "bond" && !(optionRow(option).modes as readonly string[]).includes(mode),
    )
    .map((option): Verdict => {
      const isQuiet =
        removedByMode.has(option) ||
        (option === "lacp_rate" && options.lacp_rate === "slow") ||
        (option === "arp_interval" && options.arp_interval === 0);
      const outcome = isQuiet ? "unused" : "refused";
      return { option, outcome, why: `it has no place in mode ${mode}` };
    });
}

function monitors(options: BondOptions): readonly Verdict[] {
  const { miimon = 0, arp_interval: interval = 0 } = options;
  const found: Verdict[] = [];
  const targets = ["arp_ip_target", "ns_ip6_target"] as const;
  const named = targets.filter((option) => (options[option]?.length ?? 0) > 0);
  if (interval > 0 && named.length === 0)
    found.push({ option: "arp_interval", outcome: "refused", why: "it needs arp_ip_target" });
  if (interval === 0)
    for (const option of named) found.push({ option, outcome: "refused", why: "it needs arp_interval" });
  if (interval > 0 && miimon > 0 && named.length > 0)
    for (const option of ["arp_interval", ...named] as const)
      found.push({ option, outcome: "unused", why: "miimon is set too, and NetworkManager lets it win" });
  if (miimon > 0 && options.arp_validate !== undefined && options.arp_validate !== "none")
    found.push({ option: "arp_validate", outcome: "unused", why: "miimon is set too, and NetworkManager lets it win" });
  return found;
}

function delays(options: BondOptions): readonly Verdict[] {
  const found: Verdict[] = [];
  const arp = (options.arp_interval ?? 0) > 0 || options.arp_validate !== undefined;
  // Nothing said of miimon means 100 here.
  const miimon = options.miimon ?? (arp ? 0 : 100);
  for (const option of ["updelay", "downdelay"] as const) {
    if ((options[option] ?? 0) === 0) continue;
    if (options.miimon === 0) found.push({ option, outcome: "refused", why: "miimon is 0" });
    else if (miimon === 0) found.push({ option, outcome: "unused", why: "the ARP monitor knows no delays" });
  }
  const wait = options.peer_notif_delay ?? 0;
  if (wait > 0 && (miimon === 0 || wait % miimon !== 0))
    found.push({
      option: "peer_notif_delay",
      outcome: "refused",
      why: miimon === 0 ? "it needs miimon" : `it must be a multiple of miimon, which is ${miimon}`,
    });
  return found;
}

/** The kernel's words that NetworkManager doesn't know yet. */
function words({ ad_select: select }: BondOptions): readonly Verdict[] {
  if (select !== "actor_port_prio") return [];
  return [{ option: "ad_select", outcome: "unused", why: "NetworkManager knows stable, bandwidth and count only" }];
}

/** NetworkManager takes these zeros for "nothing said". */
function zeros(options: BondOptions): readonly Verdict[] {
  return (["num_peer_notif", "packets_per_slave"] as const)
    .filter((option) => options[option] === 0)
    .map((option) => ({
      option,
      outcome: "unused",
      why: "NetworkManager never sends a 0 of it; the kernel keeps its 1",
    }));
}
