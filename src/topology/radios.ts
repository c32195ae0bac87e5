import type { Wifi } from "../model/bond.ts";
import { Secret } from "../model/bond.ts";
import type { Config } from "../model/config.ts";
import type { Radio } from "./lab-plan.ts";

/** How the plan makes radio links: with simulated radios, or as plain wires where the kernel or the programs for them are lacking. */
export type RadioLinks = "radios" | "wires";

/** The key of networks whose own is kept in a file: what is rehearsed is the joining, and that needs any key both sides know. */
const standIn = "not the real key, the lab's";

/** The network a port's settings ask for, as the lab's access point offers it; a reason where it can't. */
export function radioOf(wifi: Wifi): Radio | string {
  const words = (wifi.settings?.["key_mgmt"] ?? "").toUpperCase().split(/\s+/).filter(Boolean);
  const bytes = new TextEncoder().encode(wifi.ssid).length;
  if (bytes < 1 || bytes > 32) return "its SSID is not of 1 to 32 bytes";
  // Channel 6: allowed in every country, so no rules need to be loaded.
  const network = { ssid: wifi.ssid, channel: 6 };
  const hasKey = wifi.psk !== undefined;
  if (hasKey && (words.length === 0 || words.includes("WPA-PSK"))) return { ...network, security: "wpa2-psk" };
  if (!hasKey && (words.length === 0 || words.includes("NONE"))) return { ...network, security: "open" };
  return `the lab's access points offer WPA2 with a key, or no key at all, and it asks for ${words.join(" ") || "another"}`;
}

/** The keys of the radio networks that ports join, by SSID: as the files say them, or the lab's own. */
export function radioKeys(config: Config): Readonly<Record<string, string>> {
  const keyed = config.interfaces.flatMap(({ wifi }) => (wifi?.psk === undefined ? [] : [{ ...wifi, psk: wifi.psk }]));
  return Object.fromEntries(keyed.map(({ ssid, psk }) => [ssid, "inline" in psk ? psk.inline.reveal() : standIn]));
}

/** The configuration with the lab's own key wherever the real one is kept in a file: so rendered, radios can join. */
export function withLabKeys(config: Config): Config {
  const interfaces = config.interfaces.map((one) =>
    one.wifi?.psk === undefined || "inline" in one.wifi.psk
      ? one
      : { ...one, wifi: { ...one.wifi, psk: { inline: new Secret(standIn) } } },
  );
  return { ...config, interfaces };
}
