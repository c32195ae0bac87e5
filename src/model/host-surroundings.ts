/** What stands around a running host, as far as it shows there without a packet being sent: routers it has spoken to, name servers,
 *  radio networks, power supplies. Empty where nothing was seen. */
export interface HostSurroundings {
  /** Of the resolver, without those on the host itself. */
  readonly nameServers: readonly string[];
  readonly search: readonly string[];
  readonly routers: readonly SeenRouter[];
  readonly radios: readonly SeenRadio[];
  readonly supplies: readonly SeenSupply[];
}

/** A next hop of a default route. */
export interface SeenRouter {
  readonly address: string;
  /** Lower case with colons; "" unresolved. */
  readonly mac: string;
  readonly link: string;
}

export interface SeenRadio {
  readonly link: string;
  /** The network it has joined; absent: none, or not seen. */
  readonly ssid?: string;
  /** "2.4 GHz", "5 GHz", "6 GHz"; empty: not seen. */
  readonly bands: readonly string[];
}

/** A UPS that Network UPS Tools know here. */
export interface SeenSupply {
  readonly name: string;
  readonly model?: string;
  /** How long it would carry its load, by its own estimate, ms. */
  readonly runtimeMs?: number;
}

/** A host of whose surroundings nothing was seen. */
export const nothingAround: HostSurroundings = { nameServers: [], search: [], routers: [], radios: [], supplies: [] };
