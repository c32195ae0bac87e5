/** The middle frequency of a channel in a band, MHz, or undefined where there is none. Source: IEEE 802.11, annex E. */
export function frequencyOf(band: "2.4" | "5", channel: number): number | undefined {
  if (band === "2.4") {
    if (channel === 14) return 2484;
    return channel >= 1 && channel <= 13 ? 2407 + 5 * channel : undefined;
  }
  return channel >= 7 && channel <= 196 ? 5000 + 5 * channel : undefined;
}

/** The channel of a frequency in MHz, or undefined where it is the middle of none. */
export function channelOf(frequency: number): { readonly band: "2.4" | "5"; readonly channel: number } | undefined {
  if (frequency === 2484) return { band: "2.4", channel: 14 };
  const band = frequency < 5000 ? "2.4" : "5";
  const channel = (frequency - (band === "2.4" ? 2407 : 5000)) / 5;
  return Number.isInteger(channel) && frequencyOf(band, channel) === frequency ? { band, channel } : undefined;
}
