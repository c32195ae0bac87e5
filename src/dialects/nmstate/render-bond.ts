import type { Bond } from "../../model/bond.ts";
import { formatOption, readOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionNames, optionRow, optionsIn } from "../../model/options.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { applied } from "../networkmanager/bond-rules.ts";
import type { Lose } from "./render.ts";
import { type Spelling, spellingOf } from "./spelling.ts";
import type { Value } from "./yaml-lines.ts";

/** link-aggregation of a bond: what nmstate takes and NetworkManager, which it hands it to, applies. */
export function bondValue(bond: Bond, ports: readonly string[], lose: Lose): Value {
  const usable: Record<string, unknown> = {};
  for (const option of optionsIn(bond.options)) {
    const value: unknown = bond.options[option];
    if (value === undefined) continue;
    const why = whyNot(option, value, "bond");
    if (why === undefined) usable[option] = value;
    else loseOption(lose, bond.name, option, why);
  }
  const { options, verdicts } = applied(usable as BondOptions);
  for (const { option, why } of verdicts) loseOption(lose, bond.name, option, why);
  const said: Record<string, Value> = {};
  for (const option of optionsIn(options)) {
    const value = options[option];
    const spelling = spellingOf(option);
    if (value === undefined || spelling === "cannot-say" || spelling.place !== "options") continue;
    said[spelling.key] = optionValue(option, spelling, value);
  }
  if (options.mode === undefined)
    lose(
      `bond/${bond.name}/option/mode`,
      `${bond.name}: nmstate makes no bond without a mode, so balance-rr is written, which is what nothing said means`,
      "advice",
    );
  const configured = portsConfig(bond, ports, lose);
  return {
    mode: options.mode ?? "balance-rr",
    options: Object.keys(said).length === 0 ? undefined : said,
    port: ports,
    "ports-config": configured.length === 0 ? undefined : configured,
  };
}

function optionValue(option: OptionName, spelling: Exclude<Spelling, "cannot-say">, value: unknown): Value {
  if (spelling.form === "boolean") return value === 1;
  if (spelling.form === "delivery") return value === 1 ? "delivered" : "dropped";
  return typeof value === "number" ? value : formatOption(option, value as never);
}

function portsConfig(bond: Bond, ports: readonly string[], lose: Lose): readonly Value[] {
  const known = new Set(ports);
  const queues = new Set<unknown>();
  return Object.entries(bond.portOptions ?? {}).flatMap(([port, options]) => {
    if (!known.has(port)) {
      lose(`bond/${bond.name}/port/${port}`, `${bond.name}: options of what is no port of it are left out`);
      return [];
    }
    const said: Record<string, Value> = {};
    for (const [name, value] of Object.entries(options)) {
      const option = optionNames.find((one) => one === name);
      const spelling = option === undefined ? "cannot-say" : spellingOf(option);
      const why = option === undefined ? "the kernel has no such option" : whyNot(option, value, "port");
      const isTaken = option === "queue_id" && value !== 0 && queues.has(value);
      if (why !== undefined || spelling === "cannot-say" || isTaken)
        lose(
          `bond/${bond.name}/port/${port}/${name}`,
          `${bond.name}: ${option ?? "an option"} of ${port} is left out: ${isTaken ? "nmstate wants another queue for every port" : why}`,
        );
      else said[spelling.key] = value as number;
      if (option === "queue_id") queues.add(value);
    }
    return Object.keys(said).length === 0 ? [] : [{ name: port, ...said }];
  });
}

function whyNot(option: OptionName, value: unknown, place: "bond" | "port"): string | undefined {
  const spelling = spellingOf(option);
  if (spelling === "cannot-say")
    return `nmstate has no such option and would refuse the state; ${keptByKernel(option)}`;
  if (optionRow(option).scope !== place) return "it belongs to another part of a bond";
  const read = readOption(option, value);
  if (!read.ok || JSON.stringify(read.value) !== JSON.stringify(value)) return "the kernel has no such value";
  return undefined;
}

function loseOption(lose: Lose, bond: string, option: OptionName, why: string): void {
  lose(`bond/${bond}/option/${option}`, `${bond}: ${option} is left out: ${why}`);
}
