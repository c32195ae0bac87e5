import type { Bond } from "../../model/bond.ts";
import { formatOption, readOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionNames, optionRow, optionsIn } from "../../model/options.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { applied } from "./bond-rules.ts";
import type { Loser } from "./losses.ts";
import { spellingOf, youngerThanOldest } from "./spelling.ts";
import { type Draft, open, set } from "./write-profile.ts";

/** Writes [bond]: what NetworkManager would apply, in the kernel's words; whatever it would not becomes a loss. */
export function writeBond(draft: Draft, bond: Bond, lose: Loser): void {
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
  open(draft, "bond");
  // NetworkManager's own tools refuse a list of options without a mode, so the default is written; it says nothing new.
  for (const option of optionsIn(options)) {
    const value = options[option];
    const spelling = spellingOf(option);
    if (value === undefined || spelling === "cannot-say") continue;
    set(draft, "bond", spelling.key, formatOption(option, value));
    tellSince(lose, bond.name, option);
  }
}

/** Writes [bond-port] of a port. */
export function writePort(draft: Draft, bond: Bond, port: string, lose: Loser): void {
  const said = Object.entries(bond.portOptions ?? {}).find(([name]) => name === port)?.[1] ?? {};
  open(draft, "bond-port");
  for (const option of optionNames) {
    const value: unknown = (said as Record<string, unknown>)[option];
    if (value === undefined) continue;
    const spelling = spellingOf(option);
    const why = whyNot(option, value, "bond-port");
    const about = `bond/${bond.name}/port/${port}/${option}`;
    if (why !== undefined || spelling === "cannot-say")
      lose(about, `${bond.name}: ${option} of ${port} is left out: ${why}`);
    else {
      set(draft, "bond-port", spelling.key, String(value));
      const since = youngerThanOldest(option);
      if (since !== undefined)
        lose(
          about,
          `${bond.name}: ${option} of ${port} is written, but NetworkManager before ${since} passes over it`,
          "advice",
        );
    }
  }
}

function whyNot(option: OptionName, value: unknown, section: "bond" | "bond-port"): string | undefined {
  const spelling = spellingOf(option);
  if (option === "active_slave") return "a profile can name a primary, not the port in use";
  if (spelling === "cannot-say") return `NetworkManager has no such option; ${keptByKernel(option)}${wayOut(option)}`;
  if (spelling.section !== section) return "it belongs to another part of a bond";
  const read = readOption(option, value);
  const isSame = read.ok && JSON.stringify(read.value) === JSON.stringify(value);
  return isSame ? undefined : "the kernel has no such value";
}

function wayOut(option: OptionName): string {
  const { scope, sysfs } = optionRow(option);
  if (scope === "port" || sysfs !== null) return "";
  return ". A script in /etc/NetworkManager/dispatcher.d could set it with ip link";
}

function loseOption(lose: Loser, bond: string, option: OptionName, why: string): void {
  lose(`bond/${bond}/option/${option}`, `${bond}: ${option} is left out: ${why}`);
}

function tellSince(lose: Loser, bond: string, option: OptionName): void {
  const since = youngerThanOldest(option);
  if (since === undefined) return;
  lose(
    `bond/${bond}/option/${option}`,
    `${bond}: ${option} is written, but NetworkManager before ${since} passes over it; then ${keptByKernel(option)}`,
    "advice",
  );
}
