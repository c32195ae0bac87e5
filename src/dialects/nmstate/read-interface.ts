import { parseMac } from "../../model/address.ts";
import type { Extra, Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import type { MapTree, Tree } from "../../syntax/yaml-tree.ts";
import { isSecretKey } from "../networkmanager/known-keys.ts";
import { ourName, readIp } from "./read-ip.ts";
import { entry, flagOf, itemsAt, jsonOf, mapAt, numberAt, type Reading, textAt, textOf } from "./tree.ts";

/** What an interface is. */
export type Kind = "ethernet" | "bond" | "vlan" | "bridge";

/** One interface of a state. */
export interface Described {
  readonly name: string;
  readonly kind: Kind;
  readonly tree: MapTree;
  /** The bond or bridge it says it is a port of. */
  readonly controller: string | undefined;
}

const kinds: Readonly<Record<string, Kind>> = {
  ethernet: "ethernet",
  bond: "bond",
  vlan: "vlan",
  "linux-bridge": "bridge",
  infiniband: "ethernet",
};

/** An interface that stays or comes, or undefined for one that goes, is left alone, or is of a kind we don't read. */
export function describe(tree: MapTree, reading: Reading): Described | undefined {
  const name = textAt(tree, "name");
  if (name === undefined || !isInterfaceName(name)) {
    const isTemplate = name?.includes("{{") === true;
    const what = isTemplate
      ? "an interface is named by a capture, which only nmstate can resolve; it is not read"
      : "an interface needs a name, of 1 to 15 bytes";
    reading.report(
      isTemplate ? "advice" : "error",
      isTemplate ? "nmstate-not-kept" : "nmstate-refused",
      what,
      entry(tree, "name")?.value.at ?? tree.at,
    );
    return undefined;
  }
  const state = textAt(tree, "state") ?? "up";
  if (state === "absent" || state === "ignore") {
    const what = state === "absent" ? "it is to be removed" : "it is to be left alone";
    reading.report("advice", "nmstate-not-here", `${name}: ${what}; it is no part of what is declared`, tree.at);
    return undefined;
  }
  const kind = kindOf(tree);
  if (kind === undefined) {
    reading.report(
      "advice",
      "nmstate-type-not-read",
      `${name}: it is of a kind that Holdfast doesn't read`,
      entry(tree, "type")?.value.at ?? tree.at,
    );
    return undefined;
  }
  return { name, kind, tree, controller: textAt(tree, "controller", "master") };
}

function kindOf(tree: MapTree): Kind | undefined {
  const said = textAt(tree, "type");
  if (said !== undefined && said !== "unknown") return Object.hasOwn(kinds, said) ? kinds[said] : undefined;
  if (mapAt(tree, "link-aggregation") !== undefined) return "bond";
  if (mapAt(tree, "vlan") !== undefined) return "vlan";
  return mapAt(tree, "bridge") === undefined ? "ethernet" : "bridge";
}

/** The interface in the model's words, less its routes, name servers and ports. */
export function readInterface({ name, kind, tree }: Described, reading: Reading): Interface {
  const identifier = textAt(tree, "identifier");
  const mac = parseMac(textAt(tree, "mac-address") ?? "");
  const pci = textAt(tree, "pci-address");
  const match = {
    ...(identifier === "mac-address" && mac !== undefined ? { mac } : {}),
    // As udev's ID_PATH names the slot.
    ...(identifier === "pci-address" && pci !== undefined && /^[\da-f:.]{7,16}$/i.test(pci)
      ? { path: `pci-${pci}` }
      : {}),
  };
  const mtu = numberAt(tree, "mtu", [1, 2_147_483_647]);
  const v4 = readIp(tree, "ipv4", reading);
  const v6 = readIp(tree, "ipv6", reading);
  return {
    name,
    ...(Object.keys(match).length === 0 ? {} : { match }),
    start: textAt(tree, "state") === "down" ? "manual" : "boot",
    ipv4: v4.settings,
    ipv6: v6.settings,
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined || identifier === "mac-address" ? {} : { mac }),
    ...(kind === "vlan" ? { vlan: readVlan(tree, name, reading) } : {}),
    ...(kind === "bridge" ? { bridge: { ports: bridgePorts(tree), settings: bridgeSettings(tree, reading) } } : {}),
    hooks: [],
    extra: [...v4.extra, ...v6.extra, ...extrasOf(tree, reading)],
  };
}

function readVlan(tree: MapTree, name: string, reading: Reading): NonNullable<Interface["vlan"]> {
  const said = mapAt(tree, "vlan");
  const parent = textAt(said, "base-iface") ?? "";
  const id = numberAt(said, "id", [0, 4094]);
  if (parent === "" || id === undefined)
    reading.report(
      "error",
      "nmstate-refused",
      `${name}: a VLAN needs base-iface and an id from 0 to 4094`,
      said?.at ?? tree.at,
    );
  return { parent, id: id ?? 0 };
}

/** The ports a bridge lists. */
export function bridgePorts(tree: MapTree): readonly string[] {
  return [...new Set(itemsAt(mapAt(tree, "bridge"), "port", "ports").flatMap((item) => textAt(item, "name") ?? []))];
}

/** nmstate's words for the settings of a bridge, by their names in sysfs; the first five stand under stp. */
export const bridgeWords = {
  stp_state: { key: "enabled", isStp: true, isFlag: true },
  forward_delay: { key: "forward-delay", isStp: true, isFlag: false },
  hello_time: { key: "hello-time", isStp: true, isFlag: false },
  max_age: { key: "max-age", isStp: true, isFlag: false },
  priority: { key: "priority", isStp: true, isFlag: false },
  ageing_time: { key: "mac-ageing-time", isStp: false, isFlag: false },
  multicast_snooping: { key: "multicast-snooping", isStp: false, isFlag: true },
} as const;

function bridgeSettings(tree: MapTree, reading: Reading): Readonly<Record<string, string>> {
  const options = mapAt(mapAt(tree, "bridge"), "options");
  const stp = mapAt(options, "stp");
  const settings: Record<string, string> = {};
  const used = new Set<string>(["stp"]);
  for (const [setting, { key, isStp, isFlag }] of Object.entries(bridgeWords)) {
    const value = entry(isStp ? stp : options, key)?.value;
    if (!isStp) used.add(key);
    if (value === undefined) continue;
    const flag = flagOf(value);
    if (isFlag && flag !== undefined) settings[setting] = flag ? "1" : "0";
    else if (!isFlag && /^\d{1,9}$/.test(textOf(value) ?? "")) settings[setting] = String(Number(textOf(value)));
  }
  for (const { key, keyAt } of options?.entries ?? [])
    if (!used.has(key)) reading.report("advice", "nmstate-not-kept", "a setting of the bridge is not kept", keyAt);
  for (const port of itemsAt(mapAt(tree, "bridge"), "port", "ports")) tellUnkeptOfPort(port, settings, reading);
  return settings;
}

/* As nmstatectl shows them of a port that nobody has told anything. */
const portAsItIs: Readonly<Record<string, string>> = {
  "stp-path-cost": "100",
  "stp-priority": "32",
  "stp-hairpin-mode": "false",
};

/** VLANs that only some ports carry are more than a setting: without them every port carries all. */
function tellUnkeptOfPort(port: Tree, settings: Readonly<Record<string, string>>, reading: Reading): void {
  const name = textAt(port, "name") ?? "";
  const vlan = entry(port, "vlan");
  if (vlan?.value.kind === "map" && vlan.value.entries.length > 0)
    reading.report(
      "advice",
      "nmstate-not-kept",
      `the VLANs of the bridge's port ${name} are not kept: in another language it carries all frames, as they come`,
      vlan.keyAt,
    );
  for (const [key, usual] of Object.entries(portAsItIs)) {
    const said = entry(port, key);
    const isIdle = key !== "stp-hairpin-mode" && settings["stp_state"] === "0";
    if (said !== undefined && textOf(said.value) !== usual && !isIdle)
      reading.report("advice", "nmstate-not-kept", "a setting of the bridge's port is not kept", said.keyAt);
  }
}

const understood = new Set([
  "name",
  "type",
  "state",
  "identifier",
  "mac-address",
  "pci-address",
  "permanent-mac-address",
  "mtu",
  "min-mtu",
  "max-mtu",
  "ipv4",
  "ipv6",
  "link-aggregation",
  "bond",
  "vlan",
  "bridge",
  "controller",
  "master",
  "profile-name",
]);

/** Whether an extra of this key may be written: not one whose meaning is the model's. */
export function mayBeWritten(key: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(key) && !understood.has(key) && key !== "802" && !isSecretKey(key);
}

/** What it says besides, as plain data on one line. What holds secrets is left out. */
function extrasOf(tree: MapTree, reading: Reading): readonly Extra[] {
  return tree.entries.flatMap(({ key, keyAt, value }): readonly Extra[] => {
    if (understood.has(key)) return [];
    if (!mayBeWritten(key)) {
      reading.report("advice", "nmstate-not-kept", "this is not kept", keyAt);
      return [];
    }
    return [{ key, value: JSON.stringify(jsonOf(value)), from: ourName }];
  });
}
