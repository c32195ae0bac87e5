import { fromU32, macText, u16, u32 } from "./bytes.ts";
import { decodeGeneric, encodeGeneric } from "./generic-netlink.ts";
import { attribute, decodeAttributes, type NetlinkMessage, NLM_F_DUMP, NLM_F_REQUEST } from "./netlink.ts";

/** What the kernel says of radios: which network one has joined, and how well it hears it. Source: linux/nl80211.h. Nothing here
 *  throws; what doesn't fit is left out. Of a station's answer only what every driver means alike is read. */

/** The family's name, and the group that tells of joining and leaving. */
export const NL80211 = "nl80211";
export const MLME_GROUP = "mlme";

const COMMAND = {
  GET_INTERFACE: 5,
  NEW_INTERFACE: 7,
  GET_SCAN: 32,
  NEW_SCAN_RESULTS: 34,
  GET_STATION: 17,
  NEW_STATION: 19,
  CONNECT: 46,
  ROAM: 47,
  DISCONNECT: 48,
  PORT_AUTHORIZED: 125,
};
const ATTR = {
  IFINDEX: 3,
  IFTYPE: 5,
  MAC: 6,
  STA_INFO: 21,
  WIPHY_FREQ: 38,
  BSS: 47,
  SSID: 52,
  REASON_CODE: 54,
  DISCONNECTED_BY_AP: 71,
  STATUS_CODE: 72,
  TIMED_OUT: 65,
};
const STATION = {
  SIGNAL: 7,
  TX_BITRATE: 8,
  SIGNAL_AVG: 13,
  RX_BITRATE: 14,
  STA_FLAGS: 17,
  BEACON_LOSS: 18,
};
const BSS = { BSSID: 1, INFORMATION_ELEMENTS: 6, STATUS: 9 };
const BSS_ASSOCIATED = 1;
const ELEMENT_SSID = 0;
const RATE = { BITRATE: 1, BITRATE32: 5 };
const AUTHORIZED = 1 << 1;
const IFTYPE_STATION = 2;

/** A radio's interface. */
export interface RadioInterface {
  readonly index: number;
  /** It joins other people's networks; an access point's does not. */
  readonly isStation: boolean;
  /** The network it has joined, or is about to; "" none. As bytes may be anything, what is no UTF-8 is replaced. */
  readonly ssid: string;
  readonly frequencyMhz: number | undefined;
}

/** The access point a radio has joined, as the radio hears it. */
export interface RadioStation {
  readonly bssid: string;
  /** May it send? With keys: have they been agreed. undefined: the driver doesn't say. */
  readonly isAuthorized: boolean | undefined;
  /** dBm, averaged where the driver does that. */
  readonly signalDbm: number | undefined;
  /** Mbit/s of the air, of the latest frames. */
  readonly sendsMbps: number | undefined;
  readonly hearsMbps: number | undefined;
  /** How often it missed the access point's beacons in a row; undefined: not counted. */
  readonly beaconLosses: number | undefined;
}

/** News of a radio. `isOk`: joining has come to something. */
export type RadioNews =
  | { readonly index: number; readonly what: "connected"; readonly bssid: string; readonly isOk: boolean }
  | { readonly index: number; readonly what: "roamed"; readonly bssid: string }
  | { readonly index: number; readonly what: "disconnected"; readonly byAccessPoint: boolean; readonly reason: number }
  | { readonly index: number; readonly what: "authorized" };

/** Asks for an interface and, in the same breath, for the access point it has joined: its answers bear these sequence numbers. */
export function encodeRadioQuestion(
  family: number,
  index: number,
  seq: { readonly interface: number; readonly station: number },
): readonly [Uint8Array, Uint8Array] {
  const of = [attribute(ATTR.IFINDEX, fromU32(index))];
  return [
    encodeGeneric({ family, command: COMMAND.GET_INTERFACE, seq: seq.interface, flags: NLM_F_REQUEST }, of),
    encodeGeneric({ family, command: COMMAND.GET_STATION, seq: seq.station, flags: NLM_F_REQUEST | NLM_F_DUMP }, of),
  ];
}

/** An interface from the answer; undefined where the message is something else. */
export function decodeRadioInterface(message: NetlinkMessage, family: number): RadioInterface | undefined {
  const said = decodeGeneric(message, family);
  const index = numberOf(said?.attributes.get(ATTR.IFINDEX));
  if (said?.command !== COMMAND.NEW_INTERFACE || index === undefined) return undefined;
  const ssid = said.attributes.get(ATTR.SSID);
  return {
    index,
    isStation: numberOf(said.attributes.get(ATTR.IFTYPE)) === IFTYPE_STATION,
    ssid: ssid === undefined ? "" : utf8.decode(ssid),
    frequencyMhz: numberOf(said.attributes.get(ATTR.WIPHY_FREQ)),
  };
}

const utf8 = new TextDecoder();

/** Asks for everything that was heard when the radio last looked around: many kilobytes, where many neighbours are. */
export function encodeScanQuestion(family: number, index: number, seq: number): Uint8Array {
  const of = [attribute(ATTR.IFINDEX, fromU32(index))];
  return encodeGeneric({ family, command: COMMAND.GET_SCAN, seq, flags: NLM_F_REQUEST | NLM_F_DUMP }, of);
}

/** The name of the network that is joined, as its access point says it; undefined where the message is something else, or about
 *  another network. Source: IEEE 802.11-2020, 9.4.2. */
export function decodeJoinedSsid(message: NetlinkMessage, family: number): string | undefined {
  const said = decodeGeneric(message, family);
  const bss = said?.command === COMMAND.NEW_SCAN_RESULTS ? said.attributes.get(ATTR.BSS) : undefined;
  if (bss === undefined) return undefined;
  const about = decodeAttributes(bss);
  const elements = about.get(BSS.INFORMATION_ELEMENTS) ?? new Uint8Array();
  if (numberOf(about.get(BSS.STATUS)) !== BSS_ASSOCIATED) return undefined;
  for (let at = 0; at + 2 <= elements.length; at += 2 + (elements[at + 1] ?? 0)) {
    const length = elements[at + 1] ?? 0;
    if (elements[at] !== ELEMENT_SSID || at + 2 + length > elements.length) continue;
    return utf8.decode(elements.subarray(at + 2, at + 2 + length));
  }
  return undefined;
}

/** An access point from the answer; undefined where the message is something else. */
export function decodeRadioStation(message: NetlinkMessage, family: number): RadioStation | undefined {
  const said = decodeGeneric(message, family);
  const mac = said?.attributes.get(ATTR.MAC);
  if (said?.command !== COMMAND.NEW_STATION || mac?.length !== 6) return undefined;
  const info = decodeAttributes(said.attributes.get(ATTR.STA_INFO) ?? new Uint8Array());
  const flags = info.get(STATION.STA_FLAGS);
  const [mask, set] = flags !== undefined && flags.length >= 8 ? [u32(flags, 0), u32(flags, 4)] : [0, 0];
  return {
    bssid: macText(mac),
    isAuthorized: (mask & AUTHORIZED) === 0 ? undefined : (set & AUTHORIZED) !== 0,
    signalDbm: dbm(info.get(STATION.SIGNAL_AVG)) ?? dbm(info.get(STATION.SIGNAL)),
    sendsMbps: rateOf(info.get(STATION.TX_BITRATE)),
    hearsMbps: rateOf(info.get(STATION.RX_BITRATE)),
    beaconLosses: numberOf(info.get(STATION.BEACON_LOSS)),
  };
}

/** News of joining and leaving; undefined for every other message of the group. */
export function decodeRadioNews(message: NetlinkMessage, family: number): RadioNews | undefined {
  const said = decodeGeneric(message, family);
  const index = numberOf(said?.attributes.get(ATTR.IFINDEX));
  if (said === undefined || index === undefined) return undefined;
  const { attributes } = said;
  const mac = attributes.get(ATTR.MAC);
  const bssid = mac?.length === 6 ? macText(mac) : "";
  switch (said.command) {
    case COMMAND.CONNECT: {
      const status = attributes.get(ATTR.STATUS_CODE);
      const isOk = !attributes.has(ATTR.TIMED_OUT) && (status === undefined || u16(status, 0) === 0);
      return { index, what: "connected", bssid, isOk };
    }
    case COMMAND.ROAM:
      return { index, what: "roamed", bssid };
    case COMMAND.DISCONNECT: {
      const reason = attributes.get(ATTR.REASON_CODE);
      const byAccessPoint = attributes.has(ATTR.DISCONNECTED_BY_AP);
      return { index, what: "disconnected", byAccessPoint, reason: reason === undefined ? 0 : u16(reason, 0) };
    }
    case COMMAND.PORT_AUTHORIZED:
      return { index, what: "authorized" };
    default:
      return undefined;
  }
}

/** The channel of a frequency; undefined where nobody numbers it. Source: IEEE 802.11-2020, annex E. */
export function channelOf(frequencyMhz: number): number | undefined {
  if (frequencyMhz === 2484) return 14;
  if (frequencyMhz >= 2412 && frequencyMhz <= 2472) return (frequencyMhz - 2407) / 5;
  if (frequencyMhz >= 5160 && frequencyMhz <= 5885) return (frequencyMhz - 5000) / 5;
  if (frequencyMhz >= 5955 && frequencyMhz <= 7115) return (frequencyMhz - 5950) / 5;
  return undefined;
}

/** Why a station was thrown out, or left, in words. Source: IEEE 802.11-2020, table 9-49; the ones that are seen. */
export function reasonInWords(reason: number): string {
  return reasons[reason] ?? `reason ${reason}`;
}

const reasons: Readonly<Record<number, string>> = {
  1: "for no reason it names",
  2: "its authentication is no longer valid",
  3: "the other side leaves",
  4: "nothing was heard of it for too long",
  5: "there are too many stations",
  6: "it wasn't authenticated",
  7: "it wasn't associated",
  8: "the other side leaves",
  14: "a frame's integrity was wrong",
  15: "the keys weren't agreed in time: perhaps the pass phrase is another",
  16: "the group's key wasn't agreed in time",
  23: "authentication failed",
};

function numberOf(value: Uint8Array | undefined): number | undefined {
  return value === undefined || value.length < 4 ? undefined : u32(value, 0);
}

/** One byte with a sign; 0 and what no receiver hears is what drivers say that don't know. */
function dbm(value: Uint8Array | undefined): number | undefined {
  const byte = value?.[0];
  if (byte === undefined || byte === 0) return undefined;
  const signed = byte > 127 ? byte - 256 : byte;
  return signed < 0 ? signed : undefined;
}

/** Mbit/s: the kernel counts 100 kbit/s. */
function rateOf(value: Uint8Array | undefined): number | undefined {
  if (value === undefined) return undefined;
  const rate = decodeAttributes(value);
  const [wide, narrow] = [rate.get(RATE.BITRATE32), rate.get(RATE.BITRATE)];
  const units = numberOf(wide) ?? (narrow !== undefined && narrow.length >= 2 ? u16(narrow, 0) : 0);
  return units === 0 ? undefined : units / 10;
}
