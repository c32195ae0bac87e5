/** What host, LAN and access points say of each other at one moment of a drill. A published shape (docs/guide/json.md). */
export interface Sight {
  readonly when: "before" | "during" | "after";
  /** ms, 0 = the fault. */
  readonly atMs: number;
  /** The bond, its MAC address in force and its active port. */
  readonly bond?: { readonly name: string; readonly mac: string; readonly activePort: string };
  /** The MAC address a machine of the LAN has for the host's address; "": none. */
  readonly neighbour?: { readonly node: string; readonly address: string; readonly mac: string };
  /** The host's radios: `iw dev PORT link`. */
  readonly links: readonly RadioLink[];
  /** Who has joined which access point: `iw dev INTERFACE station dump` there. */
  readonly stations: readonly Station[];
}

/** A radio of the host's as `iw dev PORT link` tells of it. */
export interface RadioLink {
  readonly port: string;
  /** The MAC address it speaks with. */
  readonly mac: string;
  /** The access point it has joined. Absent: none. */
  readonly bssid?: string;
  readonly ssid?: string;
  readonly frequencyMhz?: number;
  readonly signalDbm?: number;
}

/** A line of an access point's table, as `iw dev INTERFACE station dump` tells of it. */
export interface Station {
  /** The device with the access point. */
  readonly accessPoint: string;
  readonly mac: string;
  /** Whose radio it is: "host", or another device's name; "" where the plan has none of that address. */
  readonly whose: string;
  /** Its key is proven: data may pass. */
  readonly authorized: boolean;
  readonly signalDbm?: number;
  /** Frames the access point has had from it, and has sent to it, since it joined. */
  readonly rxPackets: number;
  readonly txPackets: number;
  readonly inactiveMs: number;
  readonly connectedS: number;
}
