import type { Bond } from "../../model/bond.ts";
import { formatOption } from "../../model/option-value.ts";
import { type OptionName, optionsIn } from "../../model/options.ts";
import type { Lose } from "../sayable.ts";
import { carriedOf } from "./made-beforehand.ts";
import { lackOf, spellingOf, wayOut } from "./spelling.ts";

type Line = readonly [key: string, value: string];

/** What is lost of bonds before anything is written: options without an attribute, each with what follows and with the way out.
 *  A bond that would be left without any link monitor gets miimon 100: nothing would ever fail over without one. */
export function speakableBonds(bonds: readonly Bond[], lose: Lose): readonly Bond[] {
  return bonds.map((bond) => {
    const options: Record<string, unknown> = { ...bond.options };
    const isCarried = new Set(carriedOf(bond));
    for (const option of optionsIn(bond.options)) {
      const value = bond.options[option];
      const lack = lackOf(option);
      if (value === undefined || lack === undefined) continue;
      if (isCarried.has(option)) continue;
      delete options[option];
      loseOption(bond, option, value, lack, lose);
    }
    const isUnwatched = (bond.options.arp_interval ?? 0) > 0 && !isCarried.has("arp_interval");
    if (isUnwatched && bond.options.miimon === undefined) {
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

function hintFor({ name }: Bond, option: OptionName, value: unknown): string | undefined {
  if (option === "arp_interval") return "Name an IPv4 address that always answers in arp_ip_target: then it is kept.";
  const line = option.startsWith("arp_") && option !== "arp_missed_max" ? undefined : wayOut(option, value);
  return line === undefined ? undefined : `A line that sets it all the same, in the stanza of ${name}: ${line}`;
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
