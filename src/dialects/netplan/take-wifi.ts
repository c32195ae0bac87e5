import { Secret, type Wifi } from "../../model/bond.ts";
import type { MapEntry, Tree } from "../../syntax/yaml-tree.ts";
import type { Draft } from "./draft.ts";
import { boolOf, entriesOf, type Here, refuse, shown, textOf, wholeOf } from "./reading.ts";
import { keep, notKept, type Take, unknownKey } from "./take.ts";
import { frequencyOf } from "./wifi-channels.ts";

/** `access-points`: the first is the radio's network; the model knows no second. */
export const takeAccessPoints: Take = (draft, tree, here) => {
  const entries = entriesOf(here, tree);
  const [first, ...others] = entries;
  if (first !== undefined && draft.wifi === undefined) draft.wifi = readAccessPoint(draft, first, here);
  const more = draft.wifi?.ssid === first?.key ? others : entries;
  for (const { keyAt } of more) notKept({ ...here, keyAt }, "a second network of the same radio");
  draft.places.set("wifi", here.keyAt);
};

interface Point {
  settings: Record<string, string>;
  psk?: Secret;
  keyManagement?: string;
  password?: string;
  band?: "2.4" | "5";
  channel?: number;
}

function readAccessPoint(draft: Draft, { key, value }: MapEntry, outer: Here): Wifi {
  const point: Point = { settings: {} };
  const here = { ...outer, label: `${draft.id}: access point` };
  for (const { key: word, keyAt, value: tree } of entriesOf(here, value)) {
    const inner = { ...here, label: `${here.label}: ${word}`, keyAt };
    if (word === "auth") for (const entry of entriesOf(inner, tree)) readAuth(point, entry, inner);
    else readPointKey(point, word, tree, { ...inner, label: inner.label });
    if (word === "networkmanager") keep(draft, "access-point/networkmanager", tree, inner);
  }
  settleBand(draft, point);
  settleAuth(point);
  return {
    ssid: key,
    ...(point.psk === undefined ? {} : { psk: { inline: point.psk } }),
    ...(Object.keys(point.settings).length === 0 ? {} : { settings: point.settings }),
  };
}

const pointKeys = ["band", "bssid", "hidden", "channel", "mode", "password", "auth", "networkmanager"];

function readPointKey(point: Point, word: string, tree: Tree, here: Here): void {
  if (word === "password") {
    const text = textOf(here, tree);
    if (text === undefined) return;
    point.keyManagement ??= "psk";
    point.password = text;
  } else if (word === "hidden") {
    if (boolOf(here, tree) === true) point.settings["scan_ssid"] = "1";
  } else if (word === "channel") {
    const channel = wholeOf(here, tree);
    if (channel !== undefined) point.channel = channel;
  } else if (word === "bssid") {
    const text = textOf(here, tree);
    if (text !== undefined) point.settings["bssid"] = text.toLowerCase();
  } else if (word === "band") {
    const band = wordOf(here, tree, { "5GHz": "5", "5G": "5", "2.4GHz": "2.4", "2.4G": "2.4" });
    if (band !== undefined) point.band = band;
  } else if (word === "mode") {
    const mode = wordOf(here, tree, { infrastructure: "0", adhoc: "1", ap: "2" });
    if (mode !== undefined && mode !== "0") point.settings["mode"] = mode;
  } else if (!pointKeys.includes(word)) unknownKey(word, pointKeys, here);
}

/** A word of a list, as what it stands for. */
function wordOf<T extends string>(here: Here, tree: Tree, words: Readonly<Record<string, T>>): T | undefined {
  const text = textOf(here, tree);
  if (text === undefined) return undefined;
  if (Object.hasOwn(words, text)) return words[text];
  return refuse(
    here,
    "bad-value",
    `${shown(text)} is not known`,
    `Write one of ${Object.keys(words).join(", ")}.`,
    tree.at,
  );
}

/** As wpa_supplicant calls what netplan calls otherwise. */
const authSettings: Readonly<Record<string, string>> = {
  identity: "identity",
  "anonymous-identity": "anonymous_identity",
  "ca-certificate": "ca_cert",
  "client-certificate": "client_cert",
  "client-key": "private_key",
  "client-key-password": "private_key_passwd",
};

/** netplan's words for a kind of key, with wpa_supplicant's. */
export const keyManagements: Readonly<Record<string, string>> = {
  none: "NONE",
  psk: "WPA-PSK",
  "psk-sha256": "WPA-PSK-SHA256",
  eap: "WPA-EAP",
  "eap-sha256": "WPA-EAP-SHA256",
  "eap-suite-b-192": "WPA-EAP-SUITE-B-192",
  sae: "SAE",
  "802.1x": "IEEE8021X",
};
const eapMethods = { tls: "TLS", peap: "PEAP", ttls: "TTLS", leap: "LEAP", pwd: "PWD" };
const authKeys = [...Object.keys(authSettings), "key-management", "method", "password", "phase2-auth"];

function readAuth(point: Point, { key, keyAt, value }: MapEntry, outer: Here): void {
  const here = { ...outer, label: `${outer.label}: ${key}`, keyAt };
  const setting = Object.hasOwn(authSettings, key) ? authSettings[key] : undefined;
  if (key === "key-management") {
    if (wordOf(here, value, keyManagements) !== undefined) point.keyManagement = textOf(here, value) ?? "";
  } else if (key === "method") {
    const method = wordOf(here, value, eapMethods);
    if (method !== undefined) point.settings["eap"] = method;
  } else if (key === "phase2-auth") {
    const text = textOf(here, value);
    if (text !== undefined) point.settings["phase2"] = `auth=${text}`;
  } else if (key === "password") {
    const text = textOf(here, value);
    if (text !== undefined) point.password = text;
  } else if (setting !== undefined) {
    const text = textOf(here, value);
    if (text !== undefined) point.settings[setting] = text;
  } else unknownKey(key, authKeys, { ...outer, keyAt });
}

/** A channel in a band is one frequency; a band alone is many, and kept as it was said. */
function settleBand(draft: Draft, { band, channel, settings }: Point): void {
  if (band === undefined) return;
  const frequency = channel === undefined ? undefined : frequencyOf(band, channel);
  if (frequency !== undefined) settings["freq_list"] = String(frequency);
  else
    draft.extra.set("access-point/band", {
      key: "access-point/band",
      value: JSON.stringify(`${band}GHz`),
      from: "netplan",
    });
}

/** A pass phrase of a shared key is the network's; that of a person is a setting. */
function settleAuth(point: Point): void {
  const { keyManagement, password, settings } = point;
  const isShared = keyManagement === undefined || keyManagement.startsWith("psk") || keyManagement === "sae";
  if (password !== undefined && isShared) point.psk = new Secret(password);
  if (password !== undefined && !isShared) settings["password"] = password;
  // A pass phrase alone already means WPA-PSK.
  const isPlain = keyManagement === undefined || (keyManagement === "psk" && password !== undefined);
  if (!isPlain) settings["key_mgmt"] = keyManagements[keyManagement] ?? "NONE";
}
