import { type Mode, modes, type OptionName, optionRow } from "../../model/options.ts";
import { isIpv4 } from "./addresses.ts";
import { splitWords } from "./scan.ts";

/** As much of the kernel's bonding driver as ifenslave's writes touch. */
export interface KernelBond {
  readonly name: string;
  /** Names of the ports, in the order they joined. */
  readonly ports: Set<string>;
  mode: Mode;
  /** Options written with success and still in force, in the model's form. */
  readonly values: Map<OptionName, number | string | readonly string[]>;
}

/** What a write to a file under /sys/class/net/BOND/bonding/ comes to. */
export type WriteResult =
  | { readonly done: true; readonly value: number | string | readonly string[] }
  | { readonly done: false; readonly reason: "bad-value" | "wrong-mode" | "needs-miimon" | "has-ports" };

/** A bond as the kernel makes it: balance-rr, no monitor, no ports. */
export function newBond(name: string): KernelBond {
  return { name, ports: new Set(), mode: "balance-rr", values: new Map() };
}

/** Writes one option as `echo VALUE > FILE` does. Refusals change nothing.
 *  Source: bond_options.c of 6.1, bonding_sysfs_store_option(). */
export function writeOption(bond: KernelBond, option: OptionName, text: string): WriteResult {
  const value = readValue(option, text);
  if (value === undefined) return { done: false, reason: "bad-value" };
  const row = optionRow(option);
  const held = bond.values.get(option);
  if (!row.modes.includes(bond.mode)) return { done: false, reason: "wrong-mode" };
  // The same value again is refused just so, but nothing comes of it.
  if (row.needs.includes("no-ports") && bond.ports.size > 0) {
    return held === value ? { done: true, value } : { done: false, reason: "has-ports" };
  }
  if (row.requires?.includes("miimon") && !miimonRuns(bond)) return { done: false, reason: "needs-miimon" };
  bond.values.set(option, value);
  if (option === "mode") changeMode(bond, value as Mode);
  if (option === "miimon" && value !== 0) dropArp(bond);
  if (option === "arp_interval" && value !== 0 && bond.values.get("miimon")) bond.values.delete("miimon");
  return { done: true, value };
}

/** Entering 802.3ad, balance-tlb or balance-alb makes the kernel set miimon to 100 by itself. */
function miimonRuns(bond: KernelBond): boolean {
  const miimon = bond.values.get("miimon");
  if (typeof miimon === "number") return miimon > 0;
  return bond.mode === "802.3ad" || bond.mode === "balance-tlb" || bond.mode === "balance-alb";
}

function changeMode(bond: KernelBond, mode: Mode): void {
  bond.mode = mode;
  bond.values.delete("arp_validate");
  if (mode !== "802.3ad" && mode !== "balance-tlb" && mode !== "balance-alb") return;
  bond.values.delete("arp_interval");
  if (bond.values.get("miimon") === 0) bond.values.delete("miimon");
}

/** miimon above 0 ends the ARP monitor; a written 0 leaves it alone (seen on 6.1). */
function dropArp(bond: KernelBond): void {
  if (!bond.values.get("arp_interval")) return;
  bond.values.delete("arp_interval");
  bond.values.delete("arp_validate");
}

/** Reads a value as the kernel does: the first word counts, names or their numbers for choices. undefined: refused. */
export function readValue(option: OptionName, text: string): number | string | readonly string[] | undefined {
  const row = optionRow(option);
  const [word] = splitWords(text);
  if (word === undefined) return undefined;
  // With anything but digits in it the whole text counts as a name: "100 # ms" is refused.
  const numeric = /^[\d\s]+$/.test(text);
  switch (row.kind) {
    case "int":
      return numeric ? readNumber(word, row.min, row.max) : undefined;
    case "flag":
      return readFlag(word);
    case "choice": {
      if (Object.hasOwn(row.choices, word)) return word;
      const number = numeric ? readNumber(word, 0, 255) : undefined;
      return Object.keys(row.choices).find((name) => row.choices[name] === number);
    }
    case "list": {
      const items = splitWords(text).filter(isIpv4);
      return items.length > 0 ? [...new Set(items)].slice(0, row.maxItems) : undefined;
    }
    case "port":
    case "mac":
      return word;
  }
}

function readNumber(word: string, min: number, max: number): number | undefined {
  if (!/^\d{1,10}$/.test(word)) return undefined;
  const number = Number(word);
  return number >= min && number <= max ? number : undefined;
}

function readFlag(word: string): number | undefined {
  if (word === "1" || word === "on") return 1;
  return word === "0" || word === "off" ? 0 : undefined;
}

/** Every mode name, for messages. */
export const modeNames: readonly string[] = Object.keys(modes);
