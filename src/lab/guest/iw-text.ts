import type { RadioLink, Station } from "../../measure/sight.ts";

/** Reads what `iw` prints (5.19): tables of keys behind a first line each. What isn't there, or isn't a number, is left out. */

/** `iw dev PORT link`; undefined where it has joined nothing ("Not connected."). */
export function readLinkText(text: string): Omit<RadioLink, "port" | "mac"> | undefined {
  const bssid = /^Connected to ([0-9a-f:]{17})/m.exec(text)?.[1];
  if (bssid === undefined) return undefined;
  const ssid = /^[ \t]+SSID: (.*)$/m.exec(text)?.[1];
  return {
    bssid,
    ...(ssid === undefined ? {} : { ssid }),
    ...numberAt(text, "freq", "frequencyMhz"),
    ...numberAt(text, "signal", "signalDbm"),
  };
}

/** `iw dev INTERFACE station dump`, every station of it. */
export function readStationsText(text: string): readonly Omit<Station, "accessPoint" | "whose">[] {
  return text.split(/^(?=Station )/m).flatMap((part): readonly Omit<Station, "accessPoint" | "whose">[] => {
    const mac = /^Station ([0-9a-f:]{17})/.exec(part)?.[1];
    if (mac === undefined) return [];
    return [
      {
        mac,
        authorized: /^[ \t]+authorized:[ \t]+yes$/m.test(part),
        ...numberAt(part, "signal", "signalDbm"),
        rxPackets: valueAt(part, "rx packets") ?? 0,
        txPackets: valueAt(part, "tx packets") ?? 0,
        inactiveMs: valueAt(part, "inactive time") ?? 0,
        connectedS: valueAt(part, "connected time") ?? 0,
      },
    ];
  });
}

function numberAt<Key extends string>(text: string, name: string, key: Key): { readonly [K in Key]?: number } {
  const value = valueAt(text, name);
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: number });
}

function valueAt(text: string, name: string): number | undefined {
  const found = new RegExp(`^[ \\t]+${name}:\\s+(-?\\d+)`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
