import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { nearest } from "../../model/nearest.ts";
import { parseOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionNamed, optionNames, optionRow } from "../../model/options.ts";
import { conflictsIn } from "../../model/validate-options.ts";
import { portsOf } from "./ranges.ts";
import type { Attribute } from "./read-file.ts";
import { bondKeys, lackOf, optionOfKey } from "./spelling.ts";

/** A bond as the addon makes it, and where each part was said. */
export interface BondRead {
  readonly bond: Bond;
  readonly options: ReadonlyMap<OptionName, Span>;
  readonly portsAt: Span;
}

/** Whether a stanza makes its interface a bond: by its list of ports, and by nothing else. */
export function makesBond(attributes: readonly Attribute[]): boolean {
  return attributes.some(({ key }) => isPortList(key));
}

function isPortList(key: string): boolean {
  return key === "bond-slaves" || key === "bond-ports";
}

/** Whether an attribute is the bond addon's, or looks as if it were. */
export function isOfBond(key: string): boolean {
  return key.startsWith("bond-") || key === "es-sys-mac";
}

/** What the addon makes of a stanza; undefined where the kernel refuses the lot. Of an attribute said twice the first counts.
 *  Source: get_ifla_bond_attr_from_user_config() of addons/bond.py. */
export function readBond(name: string, attributes: readonly Attribute[], problems: Diagnostic[]): BondRead | undefined {
  const list = attributes.find(({ key }) => isPortList(key));
  if (list === undefined) return undefined;
  const { ports, odd } = portsOf(list.value);
  for (const word of odd) tellOdd(name, word, list.at, problems);
  const options: Record<string, unknown> = {};
  const places = new Map<OptionName, Span>();
  let isRefused = false;
  for (const attribute of attributes) {
    const option = optionOfKey(attribute.key);
    if (option === undefined) tellUnread(name, attribute, problems);
    else if (!(option in options)) {
      const parsed = parseOption(option, plainValue(option, attribute.value));
      if (parsed.ok) {
        options[option] = parsed.value;
        places.set(option, attribute.at);
      } else {
        isRefused ||= optionRow(option).kind === "int";
        tellBadValue(name, attribute, parsed.error, optionRow(option).kind === "int", problems);
      }
    }
  }
  dropUnset(name, options, places, problems);
  for (const { option, message, hint } of conflictsIn(options as BondOptions)) {
    isRefused = true;
    const at = places.get(option);
    problems.push({
      code: "ifupdown2-no-bond",
      severity: "error",
      message: `${name}: ${message}: the kernel refuses the lot, and there is no ${name}`,
      hint,
      ...(at === undefined ? {} : { at }),
    });
  }
  if (isRefused) return undefined;
  return { bond: { name, ports, options: options as BondOptions }, options: places, portsAt: list.at };
}

/** yes and no, fast and slow in the addon's own spelling become the kernel's words. */
function plainValue(option: OptionName, value: string): string {
  const text = value.toLowerCase();
  if (option === "primary") return value;
  if (optionRow(option).kind === "flag") {
    if (/^(yes|y|true|on)$/.test(text)) return "1";
    if (/^(no|n|false|off)$/.test(text)) return "0";
  }
  return text;
}

/** What the addon takes out of its message before the kernel sees it. */
function dropUnset(
  name: string,
  options: Record<string, unknown>,
  places: Map<OptionName, Span>,
  problems: Diagnostic[],
): void {
  const drop = (option: OptionName, why: string): void => {
    const isSaid = options[option] !== undefined && options[option] !== 0;
    delete options[option];
    const at = places.get(option);
    places.delete(option);
    if (!isSaid) return;
    problems.push({
      code: "ifupdown2-ignored",
      severity: "warning",
      message: `${name}: ${option} is not set: ${why}`,
      ...(at === undefined ? {} : { at }),
    });
  };
  if ("lacp_rate" in options && options["mode"] !== "802.3ad")
    drop("lacp_rate", "ifupdown2 sets it in mode 802.3ad only");
  if (options["miimon"] === 0)
    for (const option of ["updelay", "downdelay"] as const)
      if (option in options) drop(option, "miimon is 0, and without a link monitor there is nothing to delay");
}

function tellOdd(name: string, word: string, at: Span, problems: Diagnostic[]): void {
  if (word.startsWith("regex")) {
    const message = `${name}: which ports "${word}" stands for depends on the host: Holdfast takes none of them`;
    const hint = "List the ports by name where Holdfast is to know them.";
    problems.push({ code: "ifupdown2-ignored", severity: "warning", message, hint, at });
    return;
  }
  problems.push({
    code: "ifupdown2-ignored",
    severity: "error",
    message: `${name}: ifupdown2 takes "${word}" for the name of a port, which does not exist: ports come from this list only`,
    hint: "List the ports: bond-slaves eth0 eth1.",
    at,
  });
}

/** Findings after which no hint is looked for any more: a file that is wrong on every line is none of ifupdown2's. */
const mostHinted = 100;

/** An attribute of a bond that ifupdown2 passes over without a word. */
export function tellUnread(name: string, { key, at }: Attribute, problems: Diagnostic[]): void {
  if (!isOfBond(key) || isPortList(key) || key === "bond-lacp-bypass-allow" || optionOfKey(key) !== undefined) return;
  const option = optionNamed(key.slice("bond-".length).replace(/-/g, "_"));
  const lack = option === undefined ? undefined : lackOf(option);
  const why =
    key === "bond-master"
      ? "a port joins by the bond's own bond-slaves only"
      : (lack ?? "ifupdown2 knows no such attribute, and says nothing");
  const isHinted = lack === undefined && key !== "bond-master" && problems.length < mostHinted;
  const meant = isHinted ? nearest(key, bondKeys) : undefined;
  const hint =
    key === "bond-master"
      ? "Name this interface in the bond-slaves of the bond."
      : meant === undefined
        ? undefined
        : `Did you mean ${meant}?`;
  problems.push({
    code: "ifupdown2-ignored",
    severity: key === "bond-master" || option === "fail_over_mac" || option === "arp_interval" ? "error" : "warning",
    message: `${name}: ${key} has no effect: ${why}`,
    ...(hint === undefined ? {} : { hint }),
    at,
  });
}

function tellBadValue(
  name: string,
  { key, at }: Attribute,
  { message, hint }: { readonly message: string; readonly hint?: string },
  isFatal: boolean,
  problems: Diagnostic[],
): void {
  problems.push({
    code: "bad-option-value",
    severity: "error",
    message: `${name}: ${key} ${message}${isFatal ? `; ifupdown2 gives ${name} up` : ", and ifupdown2 leaves it out"}`,
    ...(hint === undefined ? {} : { hint }),
    at,
  });
}

/** Every option the addon reads, for people and tests. */
export const readOptionNames: readonly OptionName[] = optionNames.filter((option) => lackOf(option) === undefined);
