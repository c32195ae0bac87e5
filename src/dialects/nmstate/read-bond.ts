import type { Span } from "../../diagnostic/diagnostic.ts";
import { nearest } from "../../model/nearest.ts";
import { expectedValue, parseOption } from "../../model/option-value.ts";
import type { BondOptions, OptionName, PortOptions } from "../../model/options.ts";
import type { MapTree, Tree } from "../../syntax/yaml-tree.ts";
import { applied } from "../networkmanager/bond-rules.ts";
import { optionKeys, optionOfKey, spellingOf } from "./spelling.ts";
import { entry, flagOf, itemsAt, mapAt, type Reading, textAt, textOf } from "./tree.ts";

/** A bond as a state has it. */
export interface ReadBond {
  readonly ports: readonly string[];
  /** Whether the state says which ports it has. */
  readonly saysPorts: boolean;
  readonly options: BondOptions;
  readonly portOptions: Readonly<Record<string, PortOptions>>;
  readonly places: ReadonlyMap<OptionName, Span>;
}

/** Reads link-aggregation (an old name: bond). nmstate hands the options to NetworkManager, so those that it doesn't apply are left out. */
export function readBond(iface: MapTree, name: string, reading: Reading): ReadBond {
  const said = mapAt(iface, "link-aggregation") ?? mapAt(iface, "bond");
  const places = new Map<OptionName, Span>();
  const all: Record<string, unknown> = {};
  const mode = entry(said, "mode");
  if (mode !== undefined) take(reading, all, places, "mode", mode.value, mode.keyAt);
  else
    reading.report(
      "warning",
      "nmstate-refused",
      `${name}: no mode is said: nmstate refuses it unless there is such a bond already`,
      said?.at ?? iface.at,
      "Add mode: active-backup under link-aggregation.",
    );
  const unknown = new Set<string>();
  for (const { key, keyAt, value } of mapAt(said, "options")?.entries ?? []) {
    const option = optionOfKey("options", key);
    if (option !== undefined) take(reading, all, places, option, value, keyAt);
    // A key that is there again is told as that.
    else if (!unknown.has(key)) unknownOption(reading, name, key, keyAt);
    if (option === undefined) unknown.add(key);
  }
  const options = withoutUnapplied(all as BondOptions, name, places, reading);
  checkMac(iface, name, options, reading);
  const { ports, saysPorts } = portsOf(said, reading);
  return { ports, saysPorts, options, portOptions: readPortsConfig(said, name, reading), places };
}

function take(
  reading: Reading,
  all: Record<string, unknown>,
  places: Map<OptionName, Span>,
  option: OptionName,
  tree: Tree,
  at: Span,
): void {
  const read = parseOption(option, wordFor(option, tree));
  if (read.ok) {
    all[option] = read.value;
    places.set(option, at);
  } else {
    const hint = read.error.hint;
    reading.report(
      "error",
      "nmstate-refused",
      `${option} ${expectedValue(option)}: nmstate refuses the state`,
      tree.at,
      hint,
    );
  }
}

/** A value in the kernel's words. */
function wordFor(option: OptionName, tree: Tree): string {
  const said = spellingOf(option);
  const text = textOf(tree) ?? (tree.kind === "list" ? tree.items.map((item) => textOf(item) ?? "").join(",") : "");
  const form = said === "cannot-say" ? undefined : said.form;
  if (form === "boolean") return flagOf(tree) === undefined ? text : flagOf(tree) === true ? "1" : "0";
  if (form === "delivery") return text === "delivered" ? "1" : text === "dropped" ? "0" : text;
  return text;
}

function unknownOption(reading: Reading, name: string, key: string, at: Span): void {
  if (key === "balance-slb" || key === "balance_slb") {
    reading.report("advice", "nmstate-not-kept", `${name}: ${key} is NetworkManager's own doing and not kept`, at);
    return;
  }
  const near = nearest(key, optionKeys);
  const hint = near === undefined ? "Remove it." : `Write ${near}.`;
  reading.report("error", "nmstate-unknown-key", `${name}: nmstate has no such option and refuses the state`, at, hint);
}

function withoutUnapplied(
  all: BondOptions,
  name: string,
  places: ReadonlyMap<OptionName, Span>,
  reading: Reading,
): BondOptions {
  if ((all.miimon ?? 0) > 0 && (all.arp_interval ?? 0) > 0) {
    const at = places.get("arp_interval");
    if (at !== undefined)
      reading.report(
        "error",
        "nmstate-refused",
        `${name}: miimon and arp_interval exclude each other`,
        at,
        "Keep one.",
      );
  }
  // An interval of 0 says that there is no ARP monitor, and clears what belongs to it.
  const { options, verdicts } = applied(all);
  for (const { option, outcome, why } of verdicts) {
    const at = places.get(option);
    if (at === undefined) continue;
    const what = outcome === "refused" ? "NetworkManager refuses it" : "NetworkManager doesn't apply it";
    reading.report("warning", "nmstate-option-not-applied", `${name}: ${option}: ${why}: ${what}`, at);
  }
  return options;
}

/** Source: validate_new_bond(): a pinned address and fail_over_mac active exclude each other. */
function checkMac(iface: MapTree, name: string, options: BondOptions, reading: Reading): void {
  const mac = entry(iface, "mac-address");
  const isPinned = mac !== undefined && textAt(iface, "identifier") !== "mac-address";
  if (isPinned && options.mode === "active-backup" && options.fail_over_mac === "active")
    reading.report(
      "error",
      "nmstate-refused",
      `${name}: mac-address can't be set with fail_over_mac active`,
      mac.keyAt,
      "Leave mac-address out.",
    );
  const system = options.ad_actor_system;
  if (system?.startsWith("01:00:5e") === true)
    reading.report("error", "nmstate-refused", `${name}: ad_actor_system is a multicast address`, iface.at);
}

function portsOf(said: MapTree | undefined, reading: Reading): Pick<ReadBond, "ports" | "saysPorts"> {
  const list = entry(said, "port", "ports", "slaves");
  const listed = itemsAt(said, "port", "ports", "slaves").flatMap((item) => textOf(item) ?? textAt(item, "name") ?? []);
  const configured = itemsAt(said, "ports-config").flatMap((item) => textAt(item, "name") ?? []);
  const ports = new Set([...listed, ...(list === undefined ? configured : [])]);
  if (list !== undefined)
    for (const [index, name] of configured.entries())
      if (!ports.has(name)) {
        const at = itemsAt(said, "ports-config")[index]?.at ?? list.keyAt;
        reading.report(
          "error",
          "nmstate-refused",
          "ports-config names what port doesn't list",
          at,
          "Name the same ports in both.",
        );
      }
  return { ports: [...ports], saysPorts: list !== undefined || configured.length > 0 };
}

function readPortsConfig(said: MapTree | undefined, name: string, reading: Reading): ReadBond["portOptions"] {
  const found: [string, PortOptions][] = [];
  const queues = new Set<number>();
  for (const item of itemsAt(said, "ports-config")) {
    const port = textAt(item, "name");
    if (port === undefined || item.kind !== "map") continue;
    const options: Record<string, unknown> = {};
    for (const { key, value } of item.entries) {
      const option = optionOfKey("port", key);
      if (option !== undefined) take(reading, options, new Map(), option, value, value.at);
    }
    const queue = (options as PortOptions).queue_id ?? 0;
    if (queue > 0 && queues.has(queue))
      reading.report(
        "error",
        "nmstate-refused",
        `${name}: two ports have queue-id ${queue}`,
        item.at,
        "Give each its own.",
      );
    queues.add(queue);
    if (Object.keys(options).length > 0) found.push([port, options as PortOptions]);
  }
  return Object.fromEntries(found);
}
