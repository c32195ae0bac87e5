import type { Bond } from "../../model/bond.ts";
import { type OptionName, optionRow, optionsIn } from "../../model/options.ts";
import type { Loss } from "../dialect.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { newBond, readValue, writeOption } from "./kernel-bond.ts";
import { optionOfEnv, spellingOf, writeOrder } from "./spelling.ts";
import { optionLine } from "./write-line.ts";

/** The option lines of a bond's stanza and of its ports', and what could not be said. */
export interface BondLines {
  readonly lines: readonly string[];
  /** The port that gets bond-primary in its own stanza as well, so that it is primary again after a replug. */
  readonly primary: string | undefined;
  readonly losses: readonly Loss[];
}

/** Writes a bond the way ifenslave 2.13 gets right at boot, at a restart of the bond, when a port is plugged in again and when
 *  udev is faster than the boot script (all four seen on a 6.1 kernel): every port listed in the bond's stanza (a restart of the bond finds them,
 *  and bond-primary is written after they joined); the ports' own stanzas name the bond again (a replugged port finds it). */
export function bondLines(bond: Bond, ports: readonly string[]): BondLines {
  const losses: Loss[] = [];
  const said = sayable(bond, ports, losses);
  const lines = [optionLine("bond-slaves", ports.length === 0 ? "none" : ports.join(" "))];
  for (const [option, text] of said) {
    const spelling = spellingOf(option);
    if (spelling !== "cannot-say") lines.push(optionLine(spelling.key, text));
  }
  return { lines, primary: said.get("primary"), losses };
}

/** What ifenslave can write and the kernel will take, tried out on the kernel's own rules. In the order to print. */
function sayable(bond: Bond, ports: readonly string[], losses: Loss[]): ReadonlyMap<OptionName, string> {
  const texts = new Map<OptionName, string>();
  for (const option of optionsIn(bond.options)) {
    const value = bond.options[option];
    if (value === undefined) continue;
    const text = textOf(value);
    const problem = whyNot(option, value, text, ports);
    if (problem === undefined) texts.set(option, text);
    else losses.push(loss(bond, option, text, problem));
  }
  const kept = tryOut(texts);
  for (const [option, text] of [...texts]) {
    if (kept.get(option) === text) continue;
    texts.delete(option);
    losses.push(loss(bond, option, text, refusal(bond, option)));
  }
  return texts;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(" ") : String(value);
}

function whyNot(option: OptionName, value: unknown, text: string, ports: readonly string[]): string | undefined {
  const spelling = spellingOf(option);
  if (spelling === "cannot-say")
    return `ifenslave has no option for it; ${keptByKernel(option)}${hookFor(option, text)}`;
  const read = readValue(option, text);
  if (read === undefined || textOf(read) !== text || !sameKind(read, value)) return "the kernel has no such value";
  if (option === "primary" && !ports.includes(text)) return "it is not a port of the bond, so ifenslave skips it";
  return undefined;
}

function sameKind(read: unknown, value: unknown): boolean {
  return typeof read === typeof value && Array.isArray(read) === Array.isArray(value);
}

function hookFor(option: OptionName, text: string): string {
  const { sysfs, scope } = optionRow(option);
  if (sysfs === null || scope === "port") return "";
  return `. The line "up echo ${text} > /sys/class/net/$IFACE/bonding/${sysfs}" would set it`;
}

/** Writes everything in ifenslave's order into an empty bond; what the bond then holds, as texts. */
function tryOut(texts: ReadonlyMap<OptionName, string>): ReadonlyMap<OptionName, string> {
  const kernel = newBond("");
  const order = [...writeOrder.map((env) => optionOfEnv(env)), "primary" as const, "primary_reselect" as const];
  for (const option of new Set(order)) {
    const text = option === undefined ? undefined : texts.get(option);
    if (option !== undefined && text !== undefined) writeOption(kernel, option, text);
  }
  return new Map([...kernel.values].map(([option, value]) => [option, textOf(value)]));
}

function refusal(bond: Bond, option: OptionName): string {
  const mode = bond.options.mode ?? "balance-rr";
  const row = optionRow(option);
  if (!(row.modes as readonly string[]).includes(mode)) return `the kernel refuses it in mode ${mode}`;
  if (row.requires?.includes("miimon")) return "the kernel refuses it while miimon is 0";
  return "another option of the bond, written after it, undoes it";
}

function loss(bond: Bond, option: OptionName, text: string, why: string): Loss {
  return {
    code: "ifupdown-cannot-say",
    severity: "warning",
    message: `${bond.name}: ${option} ${text} is left out: ${why}`,
    about: `bond/${bond.name}/option/${option}`,
  };
}
