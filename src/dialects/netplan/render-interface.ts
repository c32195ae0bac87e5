import { parseMac } from "../../model/address.ts";
import type { Extra, Interface, Json } from "../../model/config.ts";
import { bridgeConsequence, loseForeign } from "../foreign-settings.ts";
import type { Lose } from "../sayable.ts";
import { extraKeys } from "./keys.ts";
import { ipLines } from "./render-ip.ts";
import { accessPointLines, isSayableWifi } from "./render-wifi.ts";
import { bridgeKeys, isPattern } from "./take-link.ts";
import { below, entry, flow, type Lines, list, text } from "./yaml-text.ts";

export type Section = "ethernets" | "wifis" | "dummy-devices" | "bonds" | "bridges" | "vlans";

/** The section an interface that is no bond belongs to. A radio without a network's name could not stand under `wifis`. */
export function sectionOf(iface: Interface): Section {
  if (iface.vlan !== undefined) return "vlans";
  if (iface.bridge !== undefined) return "bridges";
  if (iface.wifi !== undefined && isSayableWifi(iface.wifi)) return "wifis";
  const kind = iface.extra.find(({ key, from }) => from === "netplan" && key === "kind")?.value;
  return kind === '"dummy-devices"' ? "dummy-devices" : "ethernets";
}

/** What stands below an interface's id, but for a bond's ports and options. */
export function definitionLines(iface: Interface, section: Section, lose: Lose): Lines {
  const about = `interface/${iface.name}`;
  if (iface.hooks.length > 0)
    lose(`${about}/hooks`, "its commands are left out: netplan runs none", {
      hint: "Put them into scripts for networkd-dispatcher.",
    });
  if (iface.start === "hotplug")
    lose(`${about}/start`, "netplan brings it up at boot and whenever it appears, and has no word for less", {
      severity: "advice",
    });
  if (iface.start === "manual" && iface.optional !== true)
    lose(`${about}/optional`, "the boot does not wait for it: netplan says so of all that is started by hand", {
      severity: "advice",
    });
  const extras = splitExtras(iface, section, lose);
  return [
    ...matchLines(iface, section, extras, lose),
    ...(iface.start === "manual" ? entry("activation-mode", extras.has("activation-mode") ? '"off"' : "manual") : []),
    ...(iface.optional === true && iface.start !== "manual" ? entry("optional", "true") : []),
    ...(iface.mac === undefined ? [] : entry("macaddress", `"${iface.mac.toLowerCase()}"`)),
    ...(iface.mtu === undefined ? [] : entry("mtu", String(iface.mtu))),
    ...ipLines(iface, extras, lose),
    ...(section === "wifis" && iface.wifi !== undefined
      ? accessPointLines(iface.name, iface.wifi, extras, lose)
      : lostWifi(iface, lose)),
    ...(iface.vlan === undefined
      ? []
      : [...entry("id", String(iface.vlan.id)), ...entry("link", text(iface.vlan.parent))]),
    ...bridgeLines(iface, extras, lose),
    ...[...extras]
      .filter(([key]) => extraKeys.has(key) && !(key in bridgePortKeys))
      .flatMap(([key, value]) => entry(key, flow(value))),
  ];
}

const bridgePortKeys = { "path-cost": true, "port-priority": true } as const;

/** This dialect's own settings by their keys; others' are reported. */
function splitExtras({ name, extra }: Interface, section: Section, lose: Lose): ReadonlyMap<string, Json> {
  const own = new Map<string, Json>();
  for (const one of extra) {
    const value = one.from === "netplan" ? dataOf(one) : undefined;
    if (value !== undefined && isKnown(one.key, section)) own.set(one.key, value);
    else if (one.from === "netplan")
      lose(
        `interface/${name}/extra`,
        `${JSON.stringify(one.key.slice(0, 40))} is left out: netplan has no such setting here`,
      );
    else loseForeign(name, one, "netplan", lose);
  }
  return own;
}

function isKnown(key: string, section: Section): boolean {
  if (key === "kind") return section === "dummy-devices";
  if (key in bridgePortKeys) return section === "bridges";
  if (key === "set-name") return section === "ethernets" || section === "wifis";
  if (key.startsWith("access-point/")) return section === "wifis";
  return (
    extraKeys.has(key) ||
    key === "routes" ||
    key === "renderer" ||
    key === "activation-mode" ||
    /^dhcp[46]-overrides\/[a-z-]+$/.test(key)
  );
}

function dataOf({ value }: Extra): Json | undefined {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function matchLines(
  { name, match }: Interface,
  section: Section,
  extras: ReadonlyMap<string, Json>,
  lose: Lose,
): Lines {
  if (match === undefined || (section !== "ethernets" && section !== "wifis")) return lostMatch(name, match, lose);
  const { mac, path, driver, pattern } = match;
  const about = `interface/${name}/match`;
  if (path !== undefined)
    lose(`${about}/path`, "netplan cannot recognise an interface by where it is plugged in, and goes by its name");
  const isDriver = driver !== undefined && /^[\w.*?[\]\- ]+$/.test(driver);
  if (driver !== undefined && !isDriver) lose(`${about}/driver`, "the driver is left out: it is no driver's name");
  const isName = pattern !== undefined && /^[A-Za-z0-9_.@+*?[\]-]+$/.test(pattern);
  if (pattern !== undefined && !isName)
    lose(`${about}/pattern`, "the pattern of names is left out: netplan would not take it");
  // Any name: what else is said recognises it.
  const isAny = pattern === "*" && (mac !== undefined || isDriver);
  const lines = [
    ...(isName && !isAny ? entry("name", text(pattern)) : []),
    ...(mac === undefined ? [] : entry("macaddress", `"${parseMac(mac) ?? mac.toLowerCase()}"`)),
    ...(isDriver
      ? entry("driver", driver.includes(" ") ? list(driver.split(" ").filter((one) => one !== "")) : text(driver))
      : []),
  ];
  if (lines.length === 0) return [];
  return [...below("match", lines), ...nameLines(name, isName ? pattern : undefined, mac, extras)];
}

/** An interface found by its MAC address gets the name everything else knows it by; one that goes by a pattern keeps its own. */
function nameLines(
  name: string,
  pattern: string | undefined,
  mac: string | undefined,
  extras: ReadonlyMap<string, Json>,
): Lines {
  const said = extras.get("set-name");
  if (typeof said === "string") return entry("set-name", text(name));
  const isNamed = pattern === undefined ? mac !== undefined : !isPattern(pattern);
  return isNamed ? entry("set-name", text(name)) : [];
}

function lostMatch(name: string, match: Interface["match"], lose: Lose): Lines {
  if (match !== undefined) lose(`interface/${name}/match`, "how it is recognised is left out: it is made, not found");
  return [];
}

function lostWifi({ name, wifi }: Interface, lose: Lose): Lines {
  if (wifi !== undefined)
    lose(
      `interface/${name}/wifi`,
      "the radio's network is left out: its name is empty, too long or holds a control character; the radio joins nothing",
      { severity: "error" },
    );
  return [];
}

const keyOfSetting = new Map(Object.entries(bridgeKeys).map(([key, setting]) => [setting, key]));

function bridgeLines({ name, bridge }: Interface, extras: ReadonlyMap<string, Json>, lose: Lose): Lines {
  if (bridge === undefined) return [];
  const about = `interface/${name}/bridge`;
  const settings = Object.entries(bridge.settings).flatMap(([setting, value]): Lines => {
    const key = keyOfSetting.get(setting);
    const isFlag = setting === "stp_state" && (value === "0" || value === "1");
    const isNumber =
      setting !== "stp_state" &&
      /^(0|[1-9]\d{0,6})(\.\d{1,3})?$/.test(value) &&
      !(setting === "priority" && !/^[1-9]\d*$/.test(value)) &&
      !/\.\d*0$/.test(value);
    if (key !== undefined && isFlag) return entry(key, value === "1" ? "true" : "false");
    if (key !== undefined && isNumber) return entry(key, value);
    lose(
      `${about}/${setting}`,
      `the bridge's ${JSON.stringify(setting.slice(0, 40))} is left out: netplan has no such setting, or not this value${bridgeConsequence(setting, value)}`,
    );
    return [];
  });
  const ports = Object.keys(bridgePortKeys).flatMap((key) =>
    extras.has(key) ? entry(key, flow(extras.get(key) ?? null)) : [],
  );
  const isSilent = settings.length + ports.length > 0 && !("stp_state" in bridge.settings);
  // netplan turns the spanning tree on for every bridge with settings, unless told otherwise.
  if (isSilent)
    lose(`${about}/stp_state`, "the spanning tree is written as off, which is what the kernel does by itself", {
      severity: "advice",
    });
  const parameters = [...settings, ...ports, ...(isSilent ? entry("stp", "false") : [])];
  return [
    ...(bridge.ports.length === 0 ? [] : entry("interfaces", list(bridge.ports))),
    ...below("parameters", parameters),
  ];
}
