import type { Bond } from "../../model/bond.ts";
import { formatOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionsIn } from "../../model/options.ts";
import type { Lose } from "../sayable.ts";
import { isWatched, refusals, spellingOf } from "./spelling.ts";

type Pair = readonly [string, string];

/** The lines of a bond that wicked accepts. One option it refuses would cost the whole bond: it is left out; and a bond that nobody
 *  watches gets miimon=100, without which there would be none. Both are told. */
export function bondLines(bond: Bond, lose: Lose): readonly Pair[] {
  const options = acceptable(bond, lose);
  const words = optionsIn(options).flatMap((option) => {
    const value = options[option];
    const said = spellingOf(option);
    return value === undefined || said === "cannot-say" ? [] : [`${said.opts}=${formatOption(option, value as never)}`];
  });
  return [
    ["BONDING_MASTER", "yes"],
    ...bond.ports.map((port, index) => [`BONDING_SLAVE_${index}`, port] as const),
    ["BONDING_MODULE_OPTS", words.join(" ")],
  ];
}

function acceptable({ name, options: said }: Bond, lose: Lose): BondOptions {
  const options: Record<string, unknown> = { ...said };
  const drop = (option: OptionName, why: string): void => {
    delete options[option];
    lose(`bond/${name}/option/${option}`, `${option} is left out: ${why}`);
  };
  // Leaving one out can leave another without what it needs.
  for (let refused = refusals(options); refused.length > 0; refused = refusals(options))
    for (const { option, why } of refused) drop(option, why);
  if (isWatched(options)) return options;
  options["miimon"] = 100;
  if (options["arp_validate"] !== undefined && options["arp_validate"] !== "none")
    drop("arp_validate", "without the ARP monitor it does nothing, and the kernel refuses it beside miimon");
  lose(`bond/${name}/option/miimon`, "miimon=100 is written: wicked refuses a bond that has no link monitor");
  return options;
}
