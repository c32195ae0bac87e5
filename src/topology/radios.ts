import type { Wifi } from "../model/bond.ts";
import { Secret } from "../model/bond.ts";
import type { Config } from "../model/config.ts";
import type { Graph, GraphEdge } from "./graph.ts";
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

/** Radio links with what each comes to: a network, or why it is a plain wire ("": as wished). */
export type RadioEdges = ReadonlyMap<GraphEdge, Radio | string>;

/** The host's radio links, and those of clients that join the same access point. */
export function radioEdges(graph: Graph, config: Config, links: RadioLinks): RadioEdges {
  const edges = graph.edges.filter((edge) => edge.medium === "radio");
  const found = new Map<GraphEdge, Radio | string>();
  for (const edge of edges.filter(({ port }) => port !== undefined)) {
    const wifi = config.interfaces.find(({ name }) => name === edge.port)?.wifi;
    const radio = wifi === undefined ? "nothing is said of the network it joins" : radioOf(wifi);
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
    const security = radio.security === "open" ? "no key" : "WPA2";
    return `${port} is a simulated radio here, joined (${security}) to the real hostapd on ${to}: no fading, no neighbours, ${air} on the air`;
  });
}
