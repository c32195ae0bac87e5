import type { Diagnostic, FileSet, Span } from "../diagnostic/diagnostic.ts";
import { Secret, type Wifi } from "../model/bond.ts";
import type { Lose } from "./sayable.ts";

/** The file that wpa_supplicant@NAME.service reads. For languages whose program does not join radio networks itself. */
export function supplicantPath(name: string): string {
  return `/etc/wpa_supplicant/wpa_supplicant-${name}.conf`;
}

/** The unit that joins a radio network on an interface. */
export function supplicantUnit(name: string): string {
  return `wpa_supplicant@${escapedInUnit(name)}.service`;
}

/** An interface's name as it stands in the name of a unit. Source: systemd.unit(5), string escaping for inclusion in unit names. */
export function escapedInUnit(name: string): string {
  return [...new TextEncoder().encode(name)]
    .map((byte, at) => {
      const char = String.fromCharCode(byte);
      const isPlain = /[A-Za-z0-9:_.]/.test(char) && !(at === 0 && char === ".");
      return isPlain ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}

/** What is added to that unit where the radio is a bond's port. */
export function radioUnitPath(name: string): string {
  return `/etc/systemd/system/${supplicantUnit(name)}.d/10-after-bond.conf`;
}

/** What has networkd's start bring that unit along. */
export function supplicantStartPath(name: string): string {
  return `/etc/systemd/system/systemd-networkd.service.d/10-wpa-${name}.conf`;
}

/** The interface whose supplicant a file starts, by its path. */
export function startedInterface(path: string): string | undefined {
  return /^\/etc\/systemd\/system\/systemd-networkd\.service\.d\/10-wpa-([^/]+)\.conf$/.exec(path)?.[1];
}

const ownPath = /(?:^|\/)wpa_supplicant-([^/]+)\.conf$/;

/** The interface whose wpa_supplicant file this is, by its path. */
export function supplicantInterface(path: string): string | undefined {
  return ownPath.exec(path)?.[1];
}

/** Settings whose values stand in quotes. Source: ssid_fields of wpa_supplicant 2.10 (STR rows). */
const quoted = new Set([
  "altsubject_match",
  "altsubject_match2",
  "anonymous_identity",
  "ca_cert",
  "ca_cert2",
  "ca_path",
  "ca_path2",
  "client_cert",
  "client_cert2",
  "dh_file",
  "domain_match",
  "domain_suffix_match",
  "domain_suffix_match2",
  "engine_id",
  "id_str",
  "identity",
  "openssl_ciphers",
  "pac_file",
  "password",
  "phase1",
  "phase2",
  "pin",
  "private_key",
  "private_key2",
  "private_key2_passwd",
  "private_key_passwd",
  "sae_password",
  "sae_password_id",
  "subject_match",
]);

/** Settings that stand before the networks. */
const global = new Set(["country"]);

/** The text of the file for one radio; what cannot stand in it is reported; undefined where no network is left. To be written with mode 0600. */
export function supplicantText(name: string, wifi: Wifi, lose: Lose): string | undefined {
  const about = `interface/${name}/wifi`;
  const lines: string[] = [];
  const globals: string[] = [];
  const ssid = ssidText(wifi.ssid);
  if (ssid === undefined) {
    lose(about, "the radio network is left out: its SSID is not of 1 to 32 bytes");
    return undefined;
  }
  lines.push(`ssid=${ssid}`);
  const key = keyText(name, wifi, lose);
  if (key !== undefined) lines.push(`psk=${key}`);
  for (const [setting, value] of Object.entries(wifi.settings ?? {})) {
    const text = settingText(setting, value);
    if (text === undefined)
      lose(
        `${about}/settings/${setting}`,
        "a setting of the radio is left out: it cannot stand in wpa_supplicant's file",
      );
    else (global.has(setting) ? globals : lines).push(`${setting}=${text}`);
  }
  const isKeyed = lines.some((line) => /^(key_mgmt|psk|sae_password|eap|password|wep_key\d)=/.test(line));
  // Without a word of keys, wpa_supplicant waits for one; a key that was lost must not make the network an open one.
  if (!isKeyed) lines.push(`key_mgmt=${wifi.psk === undefined ? "NONE" : "WPA-PSK"}`);
  if (!isKeyed && wifi.psk === undefined)
    lose(`${about}/settings/key_mgmt`, "nothing is said of a key: the radio joins without one (key_mgmt=NONE)", {
      severity: "advice",
    });
  return [
    // No group: where the named one is missing (netdev is Debian's) wpa_supplicant ends, and with it the radio.
    "ctrl_interface=/run/wpa_supplicant",
    ...globals,
    "",
    "network={",
    ...lines.map((line) => `\t${line}`),
    "}",
    "",
  ].join("\n");
}

/** In quotes where it is plain text, else in hexadecimal: quotes, line feeds and all. */
function ssidText(ssid: string): string | undefined {
  const bytes = new TextEncoder().encode(ssid);
  if (bytes.length < 1 || bytes.length > 32 || /\p{Cs}/u.test(ssid)) return undefined;
  if (/^[ !#-~]*$/.test(ssid)) return `"${ssid}"`;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keyText(name: string, { psk }: Wifi, lose: Lose): string | undefined {
  if (psk === undefined) return undefined;
  const about = `interface/${name}/wifi`;
  if ("file" in psk) {
    const hint = `Add psk="…" to ${supplicantPath(name)} yourself.`;
    lose(about, "the key is left out: it is kept in a file of its own, and wpa_supplicant reads none such", { hint });
    return undefined;
  }
  const text = psk.inline.reveal();
  if (/^[0-9a-f]{64}$/i.test(text)) return text;
  if (/^[ -~]{8,63}$/.test(text)) return `"${text}"`;
  lose(about, "the key is left out: it is none of 8 to 63 plain characters");
  return undefined;
}

function settingText(setting: string, value: string): string | undefined {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(setting) || setting === "ssid" || setting === "psk" || setting === "network")
    return undefined;
  if (quoted.has(setting)) return /^[ -~]*$/.test(value) ? `"${value}"` : undefined;
  return /^[!-~]([ -~]*[!-~])?$/.test(value) && !/["#{}]/.test(value) ? value : undefined;
}

/** What every wpa_supplicant file among these says of its radio. Its first network counts; the rest is reported. */
export function readSupplicantFiles(files: FileSet, problems: Diagnostic[]): ReadonlyMap<string, Wifi> {
  const found = new Map<string, Wifi>();
  for (const [path, text] of files) {
    const name = supplicantInterface(path);
    const wifi = name === undefined ? undefined : readSupplicant(path, text, problems);
    if (name !== undefined && wifi !== undefined) found.set(name, wifi);
  }
  return found;
}

interface Network {
  readonly at: Span;
  readonly settings: Map<string, string>;
}

/** Reads one such file; undefined where it names no network. Source: wpa_config_read() of wpa_supplicant 2.10. */
export function readSupplicant(file: string, text: string, problems: Diagnostic[]): Wifi | undefined {
  const globals = new Map<string, string>();
  const networks: Network[] = [];
  let open: Network | undefined;
  let isElsewhere = false;
  let start = 0;
  for (const raw of text.split("\n")) {
    const line = withoutComment(raw);
    const at: Span = { file, start, end: Math.min(start + raw.length, text.length) };
    start += raw.length + 1;
    if (/^network=\{$/.test(line)) {
      open = { at, settings: new Map() };
      networks.push(open);
    } else if (/^[\w-]+=\{$/.test(line)) isElsewhere = true;
    else if (line === "}") {
      open = undefined;
      isElsewhere = false;
    } else if (!isElsewhere) take(open?.settings ?? globals, line);
  }
  const [first, second] = networks;
  if (second !== undefined) {
    const message = "only the first network of this file is taken over";
    problems.push({ code: "supplicant-more-networks", severity: "advice", message, at: second.at });
  }
  return first === undefined ? undefined : wifiOf(first.settings, globals);
}

/** Source: wpa_config_get_line(): a number sign begins a comment unless quotes stand behind it. */
function withoutComment(raw: string): string {
  const first = raw.indexOf('"');
  const last = first === -1 ? -1 : raw.lastIndexOf('"');
  const sign = raw.indexOf("#", last > first ? last : 0);
  return (sign === -1 ? raw : raw.slice(0, sign)).trim();
}

function take(settings: Map<string, string>, line: string): void {
  const equals = line.indexOf("=");
  if (equals > 0) settings.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
}

/** Keys of the file as a whole that are no matter of the network joined. */
function wifiOf(said: ReadonlyMap<string, string>, globals: ReadonlyMap<string, string>): Wifi | undefined {
  const ssid = readSsid(said.get("ssid"));
  if (ssid === undefined) return undefined;
  const psk = said.get("psk");
  const settings = Object.fromEntries([
    ...[...globals].filter(([key]) => global.has(key)),
    ...[...said]
      .filter(([key]) => key !== "ssid" && key !== "psk")
      .map(([key, value]) => [key, quoted.has(key) ? unquoted(value) : value] as const),
  ]);
  return {
    ssid,
    ...(psk === undefined ? {} : { psk: { inline: new Secret(unquoted(psk)) } }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function readSsid(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.startsWith('"')) return unquoted(value);
  if (!/^([0-9a-f]{2}){1,32}$/i.test(value)) return undefined;
  const bytes = Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
