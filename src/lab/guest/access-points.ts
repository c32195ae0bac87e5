import { readFileSync, writeFileSync } from "node:fs";
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

/** Starts an access point's hostapd, which brings its interface up and puts it into the device's bridge. It has forgotten every
 *  station that joined before. `key`: pass phrase or 64 hexadecimal digits; absent: an open network. */
export function startAccessPoint(network: Network, point: AccessPoint, key: string | undefined): void {
  const { end, radio } = point;
  const bridge = nodeOf(network, end.node).bridge?.name;
  const config = place(end, "conf");
  // In the guest's private memory, and even there for nobody else.
  writeFileSync(config, hostapdConfig(radio, { dev: end.dev, controls, ...(bridge ? { bridge } : {}), key }), {
    mode: 0o600,
  });
  inside(namespaceOf(network, end.node), network.home, () =>
    runTool("hostapd", ["-B", "-P", place(end, "pid"), config], ""),
  );
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
  const isRaw = key !== undefined && /^[0-9a-f]{64}$/i.test(key);
  const secret = radio.security === "open" ? "key_mgmt=NONE" : `psk=${isRaw ? key : `"${key ?? ""}"`}`;
  return `network={\nssid=${Buffer.from(radio.ssid).toString("hex")}\n${secret}\n}\n`;
}

/** Ends an access point without a farewell to its stations. Its interface goes on sending beacons until it is set down. */
export function killAccessPoint(point: AccessPoint): void {
  process.kill(Number(readFileSync(place(point.end, "pid"), "utf8")), "SIGKILL");
}

/** Has an access point throw out all its stations (deauthentication). */
export function throwOut(network: Network, { end }: AccessPoint): void {
  const everybody = "ff:ff:ff:ff:ff:ff";
  inside(namespaceOf(network, end.node), network.home, () =>
    runTool("hostapd_cli", ["-p", controls, "-i", end.dev, "deauthenticate", everybody], ""),
  );
}

const controls = "/run/hostapd";

function nameOf(end: WireEnd): string {
  return `${end.node}.${end.dev}`;
}

function place(end: WireEnd, suffix: "conf" | "pid"): string {
  return `/run/radio-${nameOf(end)}.${suffix}`;
}

/** hostapd's file. 2.4 GHz on a channel that every country allows: no rules need to be loaded for it. */
export function hostapdConfig(
  radio: Radio,
  on: {
    readonly dev: string;
    readonly bridge?: string;
    readonly controls: string;
    readonly key: string | undefined;
  },
): string {
  const lines = [
    `interface=${on.dev}`,
    ...(on.bridge === undefined ? [] : [`bridge=${on.bridge}`]),
    "driver=nl80211",
    `ctrl_interface=${on.controls}`,
    `ssid2=${Buffer.from(radio.ssid).toString("hex")}`,
    "hw_mode=g",
    `channel=${radio.channel}`,
    "wmm_enabled=1",
    "ieee80211n=1",
    ...securityLines(radio, on.key),
  ];
  return `${lines.join("\n")}\n`;
}

function securityLines(radio: Radio, key: string | undefined): readonly string[] {
  if (radio.security === "open") return [];
  if (key === undefined) throw new Error(`no key for the network ${radio.ssid}`);
  const isRaw = /^[0-9a-f]{64}$/i.test(key);
  return ["wpa=2", "wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", isRaw ? `wpa_psk=${key}` : `wpa_passphrase=${key}`];
}
