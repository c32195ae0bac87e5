import type { SeenRouter } from "./host-surroundings.ts";

/** What a host hears of the network around it while it only listens: who speaks on the wires of its ports, who answers at its routers'
 *  addresses, which access points its radios have joined. */
export interface NetworkSight {
  /** How long the ports were listened at, ms; 0: not at all. */
  readonly listenedMs: number;
  /** The ports that were listened at. */
  readonly ports: readonly PortSight[];
  readonly routers: readonly SeenRouter[];
  readonly accessPoints: readonly SeenAccessPoint[];
}

/** What came in at one port. */
export interface PortSight {
  readonly port: string;
  /** Who said by LLDP what it is. */
  readonly neighbours: readonly LldpNeighbour[];
  /** Whose spanning tree messages came. */
  readonly bridges: readonly SeenBridge[];
  /** MAC addresses, lower case with colons, of whoever sent to many; none of this host's own. */
  readonly stations: readonly string[];
  /** What this host itself sent through another port came in here. */
  readonly hearsOwn: boolean;
}

/** An LLDP neighbour. Source: IEEE 802.1AB. */
export interface LldpNeighbour {
  readonly chassis: LldpId;
  /** The neighbour's own port, at which we hang. */
  readonly port: LldpId;
  /** That port in words; "" it doesn't say. */
  readonly portDescription: string;
  /** How long what it says holds, seconds; 0: it takes its leave. */
  readonly ttlSeconds: number;
  /** "" it doesn't say. */
  readonly systemName: string;
  /** What it says it is just now; empty: it doesn't say. */
  readonly roles: readonly LldpRole[];
}

/** What an LLDP neighbour calls its chassis or its port; two are the same when kind and value are. */
export interface LldpId {
  readonly kind: "component" | "alias" | "port-component" | "mac" | "address" | "name" | "circuit" | "local";
  /** MAC and IP addresses as usual, all else as text without control characters. */
  readonly value: string;
}

export type LldpRole =
  | "other"
  | "repeater"
  | "bridge"
  | "access-point"
  | "router"
  | "telephone"
  | "cable-modem"
  | "station";

/** A bridge by what its spanning tree says. */
export interface SeenBridge {
  /** Its own address, lower case with colons. */
  readonly mac: string;
  /** The number it gives its port there; twice the same number: both are on one segment behind that port. */
  readonly port: number;
  /** The root of its tree. */
  readonly root: string;
}

export interface SeenAccessPoint {
  readonly link: string;
  /** Lower case with colons. */
  readonly bssid: string;
  readonly ssid: string;
}

/** Nobody listened. */
export const nothingHeard: NetworkSight = { listenedMs: 0, ports: [], routers: [], accessPoints: [] };
