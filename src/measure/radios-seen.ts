import type { Config } from "../model/config.ts";
import type { LabPlan, Radio } from "../topology/lab-plan.ts";
import type { RadioSeen, RadioTrouble } from "./rehearsal.ts";

/** What became of the host's radios. `up`: who had joined before the first fault, and why the others had not. */
export function radiosSeen(
  plan: LabPlan,
  up: { readonly joined?: readonly string[]; readonly troubles?: Readonly<Record<string, RadioTrouble>> },
): readonly RadioSeen[] {
  return plan.wires.flatMap(({ a, b, radio }): readonly RadioSeen[] => {
    if (radio === undefined || a.node !== "host") return [];
    const { ssid, security, channel, ...offered } = radio;
    const band = channel > 14 ? "5GHz" : "2.4GHz";
    const joined = up.joined?.includes(a.dev) ?? false;
    const trouble = up.troubles?.[a.dev];
    const seen = { port: a.dev, accessPoint: b.node, ssid, security, band, channel, ...offered, joined } as const;
    return [trouble === undefined ? seen : { ...seen, trouble }];
  });
}

/** For people: that a radio never joined, why, and what would let it. */
export function notJoined(seen: RadioSeen, config: Config): string {
  const { port, accessPoint, channel, country, trouble = "not-found" } = seen;
  const why = {
    "wrong-key": `its key isn't that of ${accessPoint}'s network`,
    refused: refusal(seen, config),
    "not-offered": `${accessPoint} may not use channel ${channel} by the rules of ${country ?? "the world"}`,
    "no-answer": `${accessPoint} doesn't answer it`,
    "not-found": unfound(seen, config),
  }[trouble];
  return `${port} never joined its network: ${why}. Nothing here went through it`;
}

function refusal({ accessPoint, port, macFilter }: RadioSeen, config: Config): string {
  if (macFilter === undefined) return `${accessPoint} turned it away`;
  const bond = config.bonds.find(({ ports }) => ports.includes(port));
  const own = bond?.options.fail_over_mac;
  const admits = `${accessPoint}'s MAC filter lets in ${macFilter.join(", ") || "nobody"}`;
  if (bond === undefined || own === "active") return `${admits}, and it has another address`;
  return `${admits}, and with fail_over_mac ${own ?? "none"} it joins with ${bond.name}'s address. Set fail_over_mac: active, or let that address in`;
}

/** Beacons of a network that a station could not make use of are none to it. An access point doesn't answer the search of one that its
 *  filter keeps out, either: such a one is refused only if it happens to hear a beacon. */
function unfound(seen: RadioSeen, config: Config): string {
  const { accessPoint, port, security, hidden, macFilter } = seen;
  const bond = config.bonds.find(({ ports }) => ports.includes(port));
  const joinsAsBond = bond !== undefined && bond.options.fail_over_mac !== "active";
  if (macFilter !== undefined && joinsAsBond) return refusal(seen, config);
  const { psk, settings = {} } = config.interfaces.find(({ name }) => name === port)?.wifi ?? {};
  if (hidden && settings["scan_ssid"] !== "1")
    return "it is hidden, and wasn't asked for by its name. Set scan_ssid: 1";
  const asked = (settings["key_mgmt"] ?? (psk === undefined ? "NONE" : "WPA-PSK")).toUpperCase().split(/\s+/);
  if (!speaks[security].some((word) => asked.includes(word))) {
    return `${accessPoint} offers ${speaks[security].join(" or ")}, and it asks for ${asked.join(" or ")}`;
  }
  // WPA3 without protected management frames is none; some managers can't ask for them.
  const isShielded = security !== "wpa3-sae" || settings["ieee80211w"] !== undefined;
  const cure = isShielded ? "" : " (WPA3 needs protected management frames: ieee80211w 2)";
  return `it found no network of ${accessPoint}'s that it could join${cure}`;
}

const speaks = {
  open: ["NONE"],
  "wpa2-psk": ["WPA-PSK"],
  "wpa3-sae": ["SAE"],
  "wpa2-wpa3": ["WPA-PSK", "SAE"],
} as const satisfies Record<Radio["security"], readonly string[]>;

/** A flow whose other end is a station of the access point that a port of the host's has joined too. */
export interface SharedAir {
  readonly flow: string;
  readonly peer: string;
  readonly port: string;
  readonly accessPoint: string;
}

/** Those flows of a plan; at most one port each. */
export function sharedAir(plan: LabPlan): readonly SharedAir[] {
  const radios = plan.wires.filter(({ radio }) => radio !== undefined);
  return plan.flows.flatMap(({ id, peer }): readonly SharedAir[] => {
    const station = radios.find(({ a }) => a.node === peer);
    const own = radios.find(({ a, b }) => a.node === "host" && b.node === station?.b.node);
    return own === undefined ? [] : [{ flow: id, peer, port: own.a.dev, accessPoint: own.b.node }];
  });
}
