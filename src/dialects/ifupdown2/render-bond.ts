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
  const line = wayOut(option, value);
  const isGrave = option === "fail_over_mac" && value !== "none" && value !== 0;
  const text = formatOption(option, value as never);
  const hint =
    line !== undefined ? `Lines that set it all the same, in the stanza of ${bond.name}: ${line}` : undefined;
  lose(`bond/${bond.name}/option/${option}`, `${option} ${text} is left out: ${lack}`, {
    ...(isGrave ? { severity: "error" } : {}),
    ...(hint === undefined ? {} : { hint }),
  });
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
