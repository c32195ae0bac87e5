import type { RadioLink } from "../host/ports.ts";
import type { RadioChange } from "../watch/effect.ts";
import { channelOf, reasonInWords } from "../wire/nl80211.ts";

/** What is known of a port's radio: pure transitions, from what the kernel says. */
export interface Association {
  /** May send. True also where the driver lists no access point and the carrier must do. */
  readonly joined: boolean;
  /** It has associated, and its key isn't proven yet. */
  readonly waiting: boolean;
  /** It has left, and neither associated anew since nor been seen without carrier, which may still be on its way. */
  readonly isOut: boolean;
  /** Its driver lists access points: where none is listed, it has joined none. */
  readonly lists: boolean;
  readonly bssid: string;
  /** How often its key wasn't accepted since it last was. */
  readonly refusals: number;
  /** As last read; undefined: not yet. */
  readonly link: RadioLink | undefined;
}

/** What to tell the brain; undefined: nothing has changed. */
export interface Told {
  readonly joined: boolean;
  readonly news: RadioChange | "";
  readonly evidence: string;
}

type Step = readonly [Association, Told | undefined];

/** A radio that has just been looked at for the first time: how it is, is no news. */
export function firstLook(link: RadioLink, hasCarrier: boolean): Step {
  const now = seen(undefined, link, hasCarrier);
  return [now, { joined: now.joined, news: "", evidence: "" }];
}

/** A radio that was looked at again. */
export function looked(before: Association, link: RadioLink, hasCarrier: boolean): Step {
  const now = seen(before, link, hasCarrier);
  if (now.joined && !before.joined) return [now, { joined: true, news: "joined", evidence: describeLink(link) }];
  // An access point that left without a word, or whose leaving went unheard.
  if (!now.joined && before.joined)
    return [now, { joined: false, news: "left", evidence: now.waiting ? "" : "no carrier" }];
  const isOther = now.joined && before.bssid !== "" && now.bssid !== "" && now.bssid !== before.bssid;
  return [now, isOther ? { joined: true, news: "roamed", evidence: describeLink(link) } : undefined];
}

/** It has associated: whether its key is accepted is to be seen. */
export function connected(before: Association, bssid: string): Step {
  const told = before.joined ? { joined: false, news: "" as const, evidence: "" } : undefined;
  // Where no access point is ever listed, no key is seen to be accepted either.
  return [{ ...before, joined: false, waiting: before.lists, isOut: false, bssid }, told];
}

/** It has left, or was thrown out. Refused again and again, it says so once. */
export function disconnected(
  before: Association,
  { byAccessPoint, reason }: { readonly byAccessPoint: boolean; readonly reason: number },
): Step {
  const refusals = before.refusals + (before.waiting && !before.joined ? 1 : 0);
  const now = { ...before, joined: false, waiting: false, isOut: true, refusals };
  const who = byAccessPoint ? `thrown out by ${before.bssid || "its access point"}` : "left by itself";
  const evidence = `${who}: ${reasonInWords(reason)}`;
  if (before.joined) return [now, { joined: false, news: "left", evidence }];
  return [now, refusals === 1 && before.refusals === 0 ? { joined: false, news: "refused", evidence } : undefined];
}

function seen(before: Association | undefined, link: RadioLink, hasCarrier: boolean): Association {
  const { station } = link;
  const lists = station !== undefined || before?.lists === true;
  const isOut = station === undefined && hasCarrier && before?.isOut === true;
  // Some drivers list no access point; a carrier is their word for one.
  const joined = station === undefined ? hasCarrier && !lists && !isOut : station.isAuthorized !== false;
  return {
    joined,
    waiting: station === undefined ? before?.waiting === true && hasCarrier : !joined,
    isOut,
    lists,
    bssid: station?.bssid ?? (joined ? (before?.bssid ?? "") : ""),
    refusals: joined ? 0 : (before?.refusals ?? 0),
    link,
  };
}

/** "Home, channel 6, by 02:00:00:00:01:06, -52 dBm" */
export function describeLink({ interface: { ssid, frequencyMhz }, station }: RadioLink): string {
  const channel = frequencyMhz === undefined ? undefined : channelOf(frequencyMhz);
  return [
    ...(ssid === "" ? [] : [ssid]),
    ...(channel === undefined ? [] : [`channel ${channel}`]),
    ...(station === undefined ? [] : [`by ${station.bssid}`]),
    ...(station?.signalDbm === undefined ? [] : [`${station.signalDbm} dBm`]),
  ].join(", ");
}
