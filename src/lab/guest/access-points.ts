import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { frequencyOf } from "../../model/wifi-channels.ts";
import type { LabPlan, Radio, WireEnd } from "../../topology/lab-plan.ts";
import { inside } from "./namespaces.ts";
import { type Network, namespaceOf, nodeOf } from "./network.ts";
import { runTool } from "./run-tool.ts";

/** A device's radio with the real hostapd on it. */
export interface AccessPoint {
  readonly end: WireEnd;
  readonly radio: Radio;
}

/** Every access point of the plan, once however many join it. */
export function accessPoints(plan: LabPlan): readonly AccessPoint[] {
  const found = new Map<string, AccessPoint>();
  for (const { b: end, radio } of plan.wires) if (radio !== undefined) found.set(nameOf(end), { end, radio });
  return [...found.values()];
}

/** What an access point is started with where that isn't the plan's. */
export interface PointState {
  readonly key: string | undefined;
  readonly channel?: number;
}

/** Starts an access point's hostapd, which brings its interface up and puts it into the device's bridge. It has forgotten every
 *  station that joined before. `key`: pass phrase or 64 hexadecimal digits; absent: an open network. Throws, naming network, channel
 *  and rules, where it refuses. */
export function startAccessPoint(network: Network, point: AccessPoint, { key, channel }: PointState): void {
  const { end, radio } = point;
  const bridge = nodeOf(network, end.node).bridge?.name;
  const config = place(end, "conf");
  const allowed = place(end, "allowed");
  const on = { dev: end.dev, controls, key, allowed, ...(bridge ? { bridge } : {}), ...(channel ? { channel } : {}) };
  // In the guest's private memory, and even there for nobody else.
  writeFileSync(config, hostapdConfig(radio, on), { mode: 0o600 });
  writeFileSync(allowed, (radio.macFilter ?? []).map((mac) => `${mac}\n`).join(""));
  const log = place(end, "log");
  try {
    inside(namespaceOf(network, end.node), network.home, () =>
      runTool("hostapd", ["-B", "-P", place(end, "pid"), "-f", log, config], ""),
    );
  } catch (error) {
    const rules = radio.country === undefined ? "" : ` by the rules of ${radio.country}`;
    const said = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(0, 3).join("; ") : String(error);
    throw new Error(`${end.node} can't offer its network on channel ${channel ?? radio.channel}${rules}: ${said}`);
  }
}

/** Has the machines beside the host that are radios join their networks, each with a wpa_supplicant of its own. */
export function startStations(network: Network): void {
  for (const { a, radio } of network.plan.wires) {
    if (radio === undefined || a.node === "host") continue;
    const config = place(a, "conf");
    writeFileSync(config, stationConfig(radio, network.keys[radio.ssid]), { mode: 0o600 });
    const args = ["-B", "-i", a.dev, "-c", config, "-P", place(a, "pid")];
    inside(namespaceOf(network, a.node), network.home, () => runTool("wpa_supplicant", args, ""));
  }
}

function stationConfig(radio: Radio, key: string | undefined): string {
  const lines = [
    `ssid=${Buffer.from(radio.ssid).toString("hex")}`,
    ...(radio.hidden ? ["scan_ssid=1"] : []),
    ...stationSecurity[radio.security],
    ...(radio.security === "open" ? [] : [`psk=${isRaw(key) ? key : `"${key ?? ""}"`}`]),
  ];
  return `network={\n${lines.join("\n")}\n}\n`;
}

const stationSecurity = {
  open: ["key_mgmt=NONE"],
  "wpa2-psk": ["key_mgmt=WPA-PSK"],
  "wpa3-sae": ["key_mgmt=SAE", "ieee80211w=2"],
  "wpa2-wpa3": ["key_mgmt=WPA-PSK SAE", "ieee80211w=1"],
} as const satisfies Record<Radio["security"], readonly string[]>;

function isRaw(key: string | undefined): boolean {
  return key !== undefined && /^[0-9a-f]{64}$/i.test(key);
}

/** Whether an access point has ever offered its network: hostapd gives up where its country's rules forbid the channel. */
export function isOffered({ end }: AccessPoint): boolean {
  const log = place(end, "log");
  return existsSync(log) && readFileSync(log, "utf8").includes("AP-ENABLED");
}

/** Ends an access point without a farewell to its stations. Its interface goes on sending beacons until it is set down. */
export function killAccessPoint(point: AccessPoint): void {
  if (isOffered(point)) process.kill(Number(readFileSync(place(point.end, "pid"), "utf8")), "SIGKILL");
}

/** Has an access point throw out all its stations (deauthentication). */
export function throwOut(network: Network, point: AccessPoint): void {
  control(network, point, ["deauthenticate", "ff:ff:ff:ff:ff:ff"]);
}

/** Has an access point let nobody in, and throw out who is; or go back to letting in whom it did. */
export function setAdmission(network: Network, point: AccessPoint, to: "refuse" | "admit"): void {
  const { macFilter } = point.radio;
  if (to === "refuse") {
    control(network, point, ["accept_acl", "CLEAR"]);
    control(network, point, ["set", "macaddr_acl", "1"]);
    throwOut(network, point);
    return;
  }
  for (const mac of macFilter ?? []) control(network, point, ["accept_acl", "ADD_MAC", mac]);
  if (macFilter === undefined) control(network, point, ["set", "macaddr_acl", "0"]);
}

/** Stops an access point's program, or lets it go on. Its beacons and the packets of who has joined are the kernel's work and go on;
 *  who wants to join is not answered meanwhile, and late once it goes on. */
export function setAnswering(point: AccessPoint, to: "ignore-joins" | "answer-joins"): void {
  process.kill(Number(readFileSync(place(point.end, "pid"), "utf8")), to === "ignore-joins" ? "SIGSTOP" : "SIGCONT");
}

/** How many of its beacons announce that an access point will move (channel switch announcement). */
const announcements = 5;

/** Has an access point move to another channel and take its stations along. */
export function announceChannel(network: Network, point: AccessPoint, channel: number): void {
  control(network, point, ["chan_switch", `${announcements}`, `${frequencyOf(channel)}`, "ht"]);
}

function control(network: Network, { end }: AccessPoint, words: readonly string[]): void {
  inside(namespaceOf(network, end.node), network.home, () =>
    runTool("hostapd_cli", ["-p", controls, "-i", end.dev, ...words], ""),
  );
}

const controls = "/run/hostapd";

function nameOf(end: WireEnd): string {
  return `${end.node}.${end.dev}`;
}

function place(end: WireEnd, suffix: "conf" | "pid" | "log" | "allowed"): string {
  return `/run/radio-${nameOf(end)}.${suffix}`;
}

/** hostapd's file. `channel`: where it has been moved to; absent: the plan's. */
export function hostapdConfig(
  radio: Radio,
  on: {
    readonly dev: string;
    readonly bridge?: string;
    readonly controls: string;
    readonly key: string | undefined;
    readonly channel?: number;
    /** The file with the addresses that its MAC filter lets in. */
    readonly allowed?: string;
  },
): string {
  const channel = on.channel ?? radio.channel;
  const lines = [
    `interface=${on.dev}`,
    ...(on.bridge === undefined ? [] : [`bridge=${on.bridge}`]),
    "driver=nl80211",
    `ctrl_interface=${on.controls}`,
    `ssid2=${Buffer.from(radio.ssid).toString("hex")}`,
    `hw_mode=${channel > 14 ? "a" : "g"}`,
    `channel=${channel}`,
    ...(radio.country === undefined ? [] : [`country_code=${radio.country}`, "ieee80211d=1"]),
    "wmm_enabled=1",
    "ieee80211n=1",
    ...(radio.hidden ? ["ignore_broadcast_ssid=1"] : []),
    ...(radio.clientIsolation ? ["ap_isolate=1"] : []),
    ...(radio.macFilter && on.allowed ? ["macaddr_acl=1", `accept_mac_file=${on.allowed}`] : []),
    ...securityLines(radio, on.key),
  ];
  return `${lines.join("\n")}\n`;
}

function securityLines(radio: Radio, key: string | undefined): readonly string[] {
  if (radio.security === "open") return [];
  if (key === undefined) throw new Error(`no key for the network ${radio.ssid}`);
  return [
    "wpa=2",
    "rsn_pairwise=CCMP",
    ...proofs[radio.security],
    isRaw(key) ? `wpa_psk=${key}` : `wpa_passphrase=${key}`,
  ];
}

// WPA3 demands protected management frames, and takes either way of working out the key (sae_pwe).
const proofs = {
  "wpa2-psk": ["wpa_key_mgmt=WPA-PSK"],
  "wpa3-sae": ["wpa_key_mgmt=SAE", "ieee80211w=2", "sae_pwe=2"],
  "wpa2-wpa3": ["wpa_key_mgmt=WPA-PSK SAE", "ieee80211w=1", "sae_require_mfp=1", "sae_pwe=2"],
} as const satisfies Record<Exclude<Radio["security"], "open">, readonly string[]>;
