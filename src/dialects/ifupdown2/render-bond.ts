import type { Bond } from "../../model/bond.ts";
import { formatOption } from "../../model/option-value.ts";
import { type OptionName, optionsIn } from "../../model/options.ts";
import type { Lose } from "../sayable.ts";
import { isMadeBeforehand } from "./made-beforehand.ts";
import { lackOf, spellingOf, wayOut } from "./spelling.ts";

type Line = readonly [key: string, value: string];

/** What is lost of bonds before anything is written: options without an attribute, each with what follows and with the way out.
 *  A bond that would be left without any link monitor gets miimon 100: nothing would ever fail over without one. */
export function speakableBonds(bonds: readonly Bond[], lose: Lose): readonly Bond[] {
  return bonds.map((bond) => {
    const options: Record<string, unknown> = { ...bond.options };
    for (const option of optionsIn(bond.options)) {
      const value = bond.options[option];
      const lack = lackOf(option);
      if (value === undefined || lack === undefined) continue;
      if (option === "fail_over_mac" && isMadeBeforehand(bond)) continue;
      delete options[option];
      loseOption(bond, option, value, lack, lose);
    }
    if ((bond.options.arp_interval ?? 0) > 0 && bond.options.miimon === undefined) {
      options["miimon"] = 100;
      lose(
        `bond/${bond.name}/option/miimon`,
        "miimon 100 is written in place of the ARP monitor: the bond would have no link monitor at all, and never fail over; carrier is watched now, a dead path behind a live link is not",
      );
    }
    for (const option of ["updelay", "downdelay"] as const) {
      if (options[option] === undefined || options["miimon"] !== undefined) continue;
      delete options[option];
      lose(
        `bond/${bond.name}/option/${option}`,
        `${option} is left out: ifupdown2 refuses a delay in a stanza that does not say bond-miimon`,
        { hint: "Say miimon: 100, and the delay can stay." },
      );
    }
    if (options["miimon"] === 0)
      for (const option of ["updelay", "downdelay"] as const)
        if (options[option] !== undefined) {
          delete options[option];
          lose(`bond/${bond.name}/option/${option}`, `${option} is left out: ifupdown2 takes it out while miimon is 0`);
        }
    return { ...bond, options };
  });
}

function loseOption(bond: Bond, option: OptionName, value: unknown, lack: string, lose: Lose): void {
  const isGrave = option === "fail_over_mac" && value !== "none" && value !== 0;
  const text = formatOption(option, value as never);
  const hint = hintFor(bond, option, value);
  lose(`bond/${bond.name}/option/${option}`, `${option} ${text} is left out: ${lack}`, {
    ...(isGrave ? { severity: "error" } : {}),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What belongs to the ARP monitor, in the order in which it is set: the interval, which starts it, comes last. */
const arpMonitor = ["arp_ip_target", "ns_ip6_target", "arp_validate", "arp_all_targets", "arp_missed_max"] as const;

function hintFor(bond: Bond, option: OptionName, value: unknown): string | undefined {
  const isArpOn = (bond.options.arp_interval ?? 0) > 0;
  if (isArpOn && option === "arp_interval") return arpHint(bond);
  if (isArpOn && arpMonitor.some((one) => one === option)) return "It is among the lines that arp_interval names.";
  const line = wayOut(option, value);
  return line === undefined ? undefined : `Lines that set it all the same, in the stanza of ${bond.name}: ${line}`;
}

/** One by one, and in another order, the lines would make a monitor that asks nobody. */
function arpHint({ name, options }: Bond): string | undefined {
  const lines = [...arpMonitor, "arp_interval" as const].flatMap((option) => {
    const value = options[option];
    return (value === undefined ? undefined : wayOut(option, value)) ?? [];
  });
  return `To have the ARP monitor all the same, put these lines into the stanza of ${name}, in this order: ${lines.join("; ")}. The last one makes the kernel turn miimon off; \`grep ARP /proc/net/bonding/${name}\` shows whether it runs: look again after each ifreload, which may set bond-miimon once more`;
}

/** The attributes of a bond. A bond without ports cannot be one here: the caller has said so. */
export function bondLines(bond: Bond): readonly Line[] {
  return [
    ["bond-slaves", bond.ports.join(" ")],
    ...optionsIn(bond.options).flatMap((option): readonly Line[] => {
      const value = bond.options[option];
      const said = spellingOf(option);
      return value === undefined || "lack" in said ? [] : [[said.key, formatOption(option, value as never)]];
    }),
  ];
}
