import type { Wifi } from "../model/bond.ts";
import { Secret } from "../model/bond.ts";
import type { Config, WifiOffer, WifiSecurity } from "../model/config.ts";
import { channelOf } from "../model/wifi-channels.ts";
import { type Graph, type GraphEdge, nodeNamed } from "./graph.ts";
import type { Radio } from "./lab-plan.ts";

/** How the plan makes radio links: with simulated radios, or as plain wires where the kernel or the programs for them are lacking. */
export type RadioLinks = "radios" | "wires";

/** The key of networks whose own is kept in a file: what is rehearsed is the joining, and that needs any key both sides know. */
const standIn = "not the real key, the lab's";

/** The network a port's settings ask for, as the lab's access point offers it; a reason where it can't. What is declared of the access
 *  point counts: a port that asks for something else doesn't join, here as there. */
export function radioOf(wifi: Wifi, offers: WifiOffer = {}): Radio | string {
  const bytes = new TextEncoder().encode(wifi.ssid).length;
  if (bytes < 1 || bytes > 32) return "its SSID is not of 1 to 32 bytes";
  const asked = securityAsked(wifi);
  const security = offers.security === undefined ? asked : securities[offers.security];
  if (security === undefined) {
    const words = wordsOf(wifi).join(" ") || "another";
    return `the lab's access points offer WPA2 or WPA3 with a key, or no key at all, and it asks for ${words}`;
  }
  const key = wifi.psk !== undefined && "inline" in wifi.psk ? wifi.psk.inline.reveal() : standIn;
  const isRaw = /^[0-9a-f]{64}$/i.test(key);
  if (isRaw && security === "wpa3-sae") return "WPA3 takes the pass phrase, and its key is one worked out for WPA2";
  const bytesOfKey = new TextEncoder().encode(key).length;
  // No access point takes such a key, and no station: there is nothing to be joined.
  if (!isRaw && security !== "open" && (bytesOfKey < 8 || bytesOfKey > 63)) return "its key is not of 8 to 63 bytes";
  const channel = channelOf(offers);
  // In 5 GHz no channel is every country's: without rules nobody may begin to send there.
  const country = offers.country ?? (channel > 14 ? labCountry : undefined);
  return {
    ssid: wifi.ssid,
    security,
    channel,
    ...(country === undefined ? {} : { country }),
    ...(offers.hidden === true ? { hidden: true } : {}),
    ...(offers.clientIsolation === true ? { clientIsolation: true } : {}),
    ...(offers.macFilter === undefined ? {} : { macFilter: offers.macFilter }),
  };
}

const labCountry = "DE";

const securities = {
  wpa2: "wpa2-psk",
  "wpa3-sae": "wpa3-sae",
  "wpa2-wpa3": "wpa2-wpa3",
  open: "open",
} as const satisfies Record<WifiSecurity, Radio["security"]>;

function wordsOf(wifi: Wifi): readonly string[] {
  return (wifi.settings?.["key_mgmt"] ?? "").toUpperCase().split(/\s+/).filter(Boolean);
}

function securityAsked(wifi: Wifi): Radio["security"] | undefined {
  const words = wordsOf(wifi);
  if (wifi.psk === undefined) return words.length === 0 || words.includes("NONE") ? "open" : undefined;
  if (words.length === 0 || words.includes("WPA-PSK")) return "wpa2-psk";
  return words.includes("SAE") ? "wpa3-sae" : undefined;
}

/** The keys of the radio networks that ports join, by SSID: as the files say them, or the lab's own. */
export function radioKeys(config: Config): Readonly<Record<string, string>> {
  const declared = (config.topology?.devices ?? []).flatMap(({ wifi }) =>
    wifi === undefined ? [] : [[wifi, standIn]],
  );
  const keyed = config.interfaces.flatMap(({ wifi }) => (wifi?.psk === undefined ? [] : [{ ...wifi, psk: wifi.psk }]));
  const said = keyed.map(({ ssid, psk }) => [ssid, "inline" in psk ? psk.inline.reveal() : standIn]);
  return Object.fromEntries([...declared, ...said]);
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

/** Radio links with what each comes to: a network, or why it is a plain wire ("": as wished). */
export type RadioEdges = ReadonlyMap<GraphEdge, Radio | string>;

/** The host's radio links, and those of clients that join the same access point. */
export function radioEdges(graph: Graph, config: Config, links: RadioLinks): RadioEdges {
  const edges = graph.edges.filter((edge) => edge.medium === "radio");
  const found = new Map<GraphEdge, Radio | string>();
  for (const edge of edges.filter(({ port }) => port !== undefined)) {
    const wifi = config.interfaces.find(({ name }) => name === edge.port)?.wifi;
    const point = nodeNamed(graph, edge.to)?.device;
    const offers = wifi !== undefined && point?.wifi === wifi.ssid ? point.offers : undefined;
    const radio = wifi === undefined ? "nothing is said of the network it joins" : radioOf(wifi, offers);
    // An access point has one network here: of two that ports ask of it, the first.
    const other = [...found].find(([one]) => one.to === edge.to)?.[1];
    const isOther = typeof other === "object" && typeof radio === "object" && other.ssid !== radio.ssid;
    found.set(edge, links === "wires" ? "" : isOther ? `its access point offers ${other.ssid} already` : radio);
  }
  for (const edge of edges.filter(({ port }) => port === undefined)) {
    const ssid = graph.nodes.find(({ name }) => name === edge.from)?.device?.wifi;
    const same = [...found].find(
      ([one, radio]) => one.to === edge.to && typeof radio === "object" && radio.ssid === ssid,
    );
    if (same !== undefined) found.set(edge, same[1]);
  }
  return found;
}

/** For people: what of the radio links is real, a sentence each. */
export function radioNotes(radios: RadioEdges): readonly string[] {
  const clients = [...radios.keys()].filter(({ port }) => port === undefined).map(({ from }) => from);
  const air = clients.length === 0 ? "nobody else" : `nobody but ${clients.join(" and ")}`;
  return [...radios].flatMap(([{ port, to }, radio]) => {
    if (port === undefined) return [];
    if (typeof radio === "string") {
      const why = radio === "" ? "" : ` (${radio})`;
      return `${port} is a plain wire here: its radio, association and access point's rules are not rehearsed${why}`;
    }
    return `${port} is a simulated radio here, joined (${radioText(radio)}) to the real hostapd on ${to}: no fading, no neighbours, ${air} on the air`;
  });
}

const securityNames = {
  "wpa2-psk": "WPA2",
  "wpa3-sae": "WPA3",
  "wpa2-wpa3": "WPA2 and WPA3",
  open: "no key",
} as const satisfies Record<Radio["security"], string>;

/** "WPA3, hidden, channel 36 in 5 GHz by the rules of GB": what isn't as usual. */
function radioText(radio: Radio): string {
  const rules = radio.country === undefined ? "" : ` by the rules of ${radio.country}`;
  const isUsual = radio.channel === channelOf({}) && rules === "";
  return [
    securityNames[radio.security],
    ...(radio.hidden ? ["hidden"] : []),
    ...(isUsual ? [] : [`channel ${radio.channel}${radio.channel > 14 ? " in 5 GHz" : ""}${rules}`]),
    ...(radio.clientIsolation ? ["its clients kept apart"] : []),
    ...(radio.macFilter ? ["a MAC filter"] : []),
  ].join(", ");
}
