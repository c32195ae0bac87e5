import type { WifiBand, WifiOffer } from "./config.ts";

/** The band of a channel an access point can be put on by hand; undefined: it is none, or one that must be listened to for radar
 *  before it may be used (52 to 144). Source: IEEE 802.11-2020, annex E. */
export function bandOfChannel(channel: number): WifiBand | undefined {
  if (channel >= 1 && channel <= 13) return "2.4GHz";
  const isFree = (from: number, to: number): boolean => channel >= from && channel <= to && (channel - from) % 4 === 0;
  return isFree(36, 48) || isFree(149, 165) ? "5GHz" : undefined;
}

/** The channel an access point is on where nobody says: one that every country allows, or in 5 GHz nearly every one. */
export function channelOf({ band, channel }: Pick<WifiOffer, "band" | "channel">): number {
  return channel ?? (band === "5GHz" ? 36 : 6);
}

/** Another channel of the same band, where an access point would move to. */
export function otherChannel(channel: number): number {
  if (channel > 14) return channel === 44 ? 36 : 44;
  return channel > 6 ? 1 : 11;
}

/** A channel's frequency, MHz. */
export function frequencyOf(channel: number): number {
  return channel > 14 ? 5000 + 5 * channel : 2407 + 5 * channel;
}
