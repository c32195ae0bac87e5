import { parseMac } from "../model/address.ts";
import type { Device, Json, WifiBand, WifiOffer, WifiSecurity } from "../model/config.ts";
import { macText } from "./bond-shape.ts";
import { present } from "./building.ts";
import type { Decoded, RecordShape } from "./shape.ts";
import { ssid } from "./text-checks.ts";

const offer = {
  kind: "record",
  about: "The network with how it is offered: what a rehearsal's access point is made of.",
  example: "{ssid: Home, security: wpa3-sae}",
  required: ["ssid"],
  foreign: {
    name: "Write ssid: NAME.",
    psk: "Leave it out: both sides of a rehearsal go by the key of the port that joins.",
    isolation: "Write clientIsolation: true.",
    encryption: "Write security: wpa2, wpa3-sae, wpa2-wpa3 or open.",
  },
  fields: {
    ssid: {
      kind: "text",
      about: "Name of the network.",
      example: "Home",
      expected: "a network name of at most 32 bytes",
      check: ssid,
    },
    security: {
      kind: "choice",
      about:
        "How stations prove themselves: by a pass phrase (WPA2-PSK, WPA3-SAE, or both in transition), or not at all.",
      example: "wpa3-sae",
      words: ["wpa2", "wpa3-sae", "wpa2-wpa3", "open"],
      fallback: "what the port that joins it asks for",
    },
    hidden: {
      kind: "flag",
      about: "It doesn't tell its name: who would join must ask for it (scan_ssid).",
      example: "true",
      fallback: "false",
    },
    band: {
      kind: "choice",
      about: "Radio band.",
      example: "5GHz",
      words: ["2.4GHz", "5GHz"],
      fallback: "its channel's, or 2.4GHz",
    },
    channel: {
      kind: "whole",
      about: "Channel: 1 to 13, or in 5 GHz 36 to 48 and 149 to 165 (the others listen for radar first).",
      example: "36",
      min: 1,
      max: 165,
      fallback: "6, or 36 in 5 GHz",
    },
    country: {
      kind: "text",
      about: "Regulatory domain: the country whose rules say which channels are free.",
      example: "GB",
      expected: "a country code of two letters",
      pattern: "^[A-Za-z]{2}$",
      check: (code: string) => (/^[A-Za-z]{2}$/.test(code) ? undefined : { message: "is none" }),
    },
    clientIsolation: {
      kind: "flag",
      about: "Its stations can't reach each other through it (AP isolation).",
      example: "true",
      fallback: "false",
    },
    macFilter: {
      kind: "list",
      about:
        "Only these stations may join (MAC filter); the access point knows a bond's port by the address it joins with.",
      example: '["02:00:00:00:00:01"]',
      alone: "one-may-stand-alone",
      item: macText("MAC address of a station.", '"02:00:00:00:00:01"'),
    },
  },
} as const satisfies RecordShape;

/** A device's network: its name alone, or with how it is offered. */
export const wifiOfDevice = {
  kind: "either",
  about: "Network it radiates (router, access point) or joins (client): its name, or what more is known of it.",
  example: "Home",
  of: [
    {
      kind: "text",
      about: "Name of the network.",
      example: "Home",
      expected: "a network name of at most 32 bytes",
      check: ssid,
    },
    offer,
  ],
} as const;

/** What the file says of a device's network. */
export function buildWifiOffer(read: Decoded<typeof wifiOfDevice> | undefined): Pick<Device, "wifi" | "offers"> {
  if (read === undefined || typeof read === "string") return present({ wifi: read });
  const macFilter = read.macFilter?.flatMap((mac) => (mac === undefined ? [] : (parseMac(mac) ?? [])));
  const offers: WifiOffer = present({
    security: read.security as WifiSecurity | undefined,
    hidden: read.hidden,
    band: read.band as WifiBand | undefined,
    channel: read.channel,
    country: read.country?.toUpperCase(),
    clientIsolation: read.clientIsolation,
    macFilter,
  });
  return present({ wifi: read.ssid, offers: Object.keys(offers).length === 0 ? undefined : offers });
}

/** The same as the file spells it; undefined where the device has no network. */
export function wifiOfferSaid({ wifi, offers }: Pick<Device, "wifi" | "offers">): Json | undefined {
  return wifi === undefined || offers === undefined ? wifi : ({ ssid: wifi, ...offers } as Json);
}
