import type { Wifi } from "../../model/bond.ts";
import type { Json } from "../../model/config.ts";
import type { Lose } from "../sayable.ts";
import { keyManagements } from "./take-wifi.ts";
import { channelOf } from "./wifi-channels.ts";
import { below, entry, flow, type Lines, text } from "./yaml-text.ts";

/** Whether netplan's file for wpa_supplicant can hold the network's name: netplan writes it there as it stands. */
export function isSayableWifi({ ssid }: Wifi): boolean {
  return isLine(ssid) && new TextEncoder().encode(ssid).length <= 32;
}

function isLine(value: string): boolean {
  return value !== "" && !/[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u.test(value);
}

/** The one access point of a radio. */
export function accessPointLines(name: string, wifi: Wifi, extras: ReadonlyMap<string, Json>, lose: Lose): Lines {
  const about = `interface/${name}/wifi`;
  const key = keyText(about, wifi, lose);
  const management = managementOf(about, wifi, key, lose);
  const { lines, auth } = settingLines(about, wifi, management, lose);
  const band = extras.get("access-point/band");
  const manager = extras.get("access-point/networkmanager");
  const isBand = band !== undefined && !lines.some((line) => line.startsWith("band:"));
  const password = key === undefined ? [] : entry("password", key);
  const said = management ?? (key === undefined ? undefined : "psk");
  const isShort = management === undefined && auth.length === 0;
  const point = [
    ...lines,
    ...(isBand ? entry("band", flow(band)) : []),
    ...(manager === undefined ? [] : entry("networkmanager", flow(manager))),
    ...(isShort
      ? password
      : below("auth", [...(said === undefined ? [] : entry("key-management", text(said))), ...password, ...auth])),
  ];
  // The name of a network is text, whatever it looks like.
  const ssid = JSON.stringify(wifi.ssid);
  return below(
    "access-points",
    point.length === 0 ? [`${ssid}: {}`] : [`${ssid}:`, ...point.map((line) => `  ${line}`)],
  );
}

function keyText(about: string, { psk }: Wifi, lose: Lose): string | undefined {
  if (psk === undefined) return undefined;
  if ("file" in psk) {
    const where = JSON.stringify(psk.file.slice(0, 80));
    lose(
      about,
      `the Wi-Fi key is left out: it is in ${where}, and netplan can hold a key only in clear text; the radio joins nothing until a password is there`,
      { severity: "error" },
    );
    return undefined;
  }
  const key = psk.inline.reveal();
  if (/^[ -~]{8,63}$/.test(key) || /^[\da-f]{64}$/i.test(key)) return JSON.stringify(key);
  lose(
    about,
    "the Wi-Fi key is left out: it is neither a pass phrase of 8 to 63 characters nor 64 hexadecimal digits; the radio joins nothing",
    { severity: "error" },
  );
  return undefined;
}

const managements = new Map(Object.entries(keyManagements).map(([word, value]) => [value, word]));

/** netplan's word for the kind of key, where it needs one: a pass phrase alone means psk. A key that cannot be written must not
 *  leave an open network behind. */
function managementOf(about: string, wifi: Wifi, key: string | undefined, lose: Lose): string | undefined {
  const said = wifi.settings?.["key_mgmt"];
  const word = said === undefined ? undefined : managements.get(said);
  const isShared = word?.startsWith("psk") === true || word === "sae";
  const isFitting = word !== undefined && (wifi.psk === undefined || isShared);
  const isImplied = word === "psk" && key !== undefined;
  if (isFitting && !isImplied) return word;
  if (said !== undefined) {
    const why = isImplied
      ? "the kind of key is not written: netplan takes WPA-PSK for granted beside a pass phrase"
      : "the kind of key is left out: netplan has no word for it, or not beside this key";
    lose(`${about}/settings/key_mgmt`, why, isImplied ? { severity: "advice" } : {});
  }
  return wifi.psk !== undefined && key === undefined ? "psk" : undefined;
}

interface SettingLines {
  readonly lines: Lines;
  /** Those that stand below `auth`. */
  readonly auth: Lines;
}

function settingLines(about: string, wifi: Wifi, management: string | undefined, lose: Lose): SettingLines {
  const lines: string[] = [];
  const auth: string[] = [];
  const isPersonal = management !== undefined && /^(eap|802)/.test(management);
  for (const [setting, value] of Object.entries(wifi.settings ?? {})) {
    if (setting === "key_mgmt") continue;
    const said = isLine(value) ? oneSetting(setting, value, isPersonal) : undefined;
    const why = "netplan has no key for it, or not this value";
    if (said === undefined)
      lose(
        `${about}/settings/${setting}`,
        `the Wi-Fi setting ${JSON.stringify(setting.slice(0, 40))} is left out: ${why}`,
      );
    lines.push(...(said?.lines ?? []));
    auth.push(...(said?.auth ?? []));
  }
  return { lines, auth };
}

const authKeys: Readonly<Record<string, string>> = {
  identity: "identity",
  anonymous_identity: "anonymous-identity",
  ca_cert: "ca-certificate",
  client_cert: "client-certificate",
  private_key: "client-key",
  private_key_passwd: "client-key-password",
  password: "password",
};
const methods: Readonly<Record<string, string>> = { TLS: "tls", PEAP: "peap", TTLS: "ttls" };

/** A setting of wpa_supplicant's in netplan's words, or undefined where there are none. */
function oneSetting(setting: string, value: string, isPersonal: boolean): SettingLines | undefined {
  const plain = (...all: readonly Lines[]): SettingLines => ({ lines: all.flat(), auth: [] });
  const auth = (all: Lines): SettingLines => ({ lines: [], auth: all });
  if (setting === "scan_ssid") return value === "1" ? plain(entry("hidden", "true")) : undefined;
  if (setting === "bssid")
    return /^([\da-f]{2}:){5}[\da-f]{2}$/.test(value) ? plain(entry("bssid", `"${value}"`)) : undefined;
  if (setting === "mode") {
    if (value !== "1" && value !== "2") return undefined;
    return plain(entry("mode", value === "1" ? "adhoc" : "ap"));
  }
  if (setting === "freq_list") {
    const at = /^[1-9]\d{3}$/.test(value) ? channelOf(Number(value)) : undefined;
    return at === undefined ? undefined : plain(entry("band", `${at.band}GHz`), entry("channel", String(at.channel)));
  }
  if (setting === "eap") return Object.hasOwn(methods, value) ? auth(entry("method", methods[value] ?? "")) : undefined;
  if (setting === "phase2")
    return /^auth=[\w-]+$/.test(value) ? auth(entry("phase2-auth", text(value.slice(5)))) : undefined;
  const key = Object.hasOwn(authKeys, setting) ? authKeys[setting] : undefined;
  if (key === undefined || (setting === "password" && !isPersonal)) return undefined;
  return auth(entry(key, JSON.stringify(value)));
}
