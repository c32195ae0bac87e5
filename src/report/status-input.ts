/** How a bond is right now, as the agent knows it, or as the kernel alone tells it. Times are wall clock, ms since 1970. */
export interface StatusDocument {
  /** kernel: no agent runs; paths aren't probed, so `paths` is empty and redundancy is only what carriers say. */
  readonly source: "agent" | "kernel";
  readonly at: number;
  /** null: this host has no bond. */
  readonly bond: StatusBond | null;
  /** In order of preference. */
  readonly ports: readonly StatusPort[];
  readonly paths: readonly StatusPath[];
  /** null: not known yet. */
  readonly redundancy: StatusRedundancy | null;
  /** Since when the active port has been carrying traffic; null: not known. */
  readonly since: number | null;
  /** The outage under way, or the latest that no drill made; null: none is known. */
  readonly lastOutage: StatusOutage | null;
  /** Whether anything beyond the only router answers. Absent: nothing there is declared, or the ports probe it themselves. */
  readonly internet?: StatusInternet;
  /** What the operator ordered; "auto" where nothing was. */
  readonly order: "auto" | { readonly pinned: string };
  readonly ups?: StatusUps;
  /** Only from an agent. */
  readonly agent?: StatusAgent;
  /** Names of further bonds of this host. */
  readonly otherBonds: readonly string[];
  /** What the latest drill has shown. Absent: none is known. */
  readonly proven?: StatusProof;
}

/** The latest drill of this host, in short. */
export interface StatusProof {
  readonly at: number;
  readonly verdict: "held" | "missed";
  /** The longest outage of it, ms; null: it never ended while watched. */
  readonly outageMs: number | null;
  /** Which cut: "carrier-em1". The one that was missed, else the longest. */
  readonly cut: string;
}

export interface StatusBond {
  readonly name: string;
  /** As the kernel spells it: "active-backup". */
  readonly mode: string;
  readonly carrier: boolean;
  /** "" none. */
  readonly active: string;
  /** The primary that is configured, also while the agent has cleared the kernel's; "" none. */
  readonly primary: string;
  /** ms; 0: that monitor is off. */
  readonly miimon: number;
  readonly arpInterval: number;
  /** "192.168.1.105/24" */
  readonly addresses: readonly string[];
}

export interface StatusPort {
  readonly name: string;
  readonly medium: "wired" | "radio" | "unknown";
  readonly carrier: boolean;
  /** The device is there and in the bond. */
  readonly present: boolean;
  readonly active: boolean;
  readonly drained: boolean;
  readonly metered: boolean;
  /** Could carry traffic now, as far as is known. */
  readonly usable: boolean;
  /** Why it isn't usable, or what to know of it: "no carrier", "192.168.1.254 doesn't answer". "" nothing. */
  readonly note: string;
  /** Mbit/s; null: not known. */
  readonly speedMbps: number | null;
  /** The kernel's count of lost carriers since the port joined; null: not known. */
  readonly failures: number | null;
  /** What its radio has joined. Absent: it is none, or that isn't known. */
  readonly radio?: StatusRadio;
}

/** A radio that joins a network, and the access point as it hears it. null: not known. */
export interface StatusRadio {
  /** Its key is accepted; false: it carries nothing, whatever its carrier says. */
  readonly joined: boolean;
  /** "" none. */
  readonly ssid: string;
  readonly bssid: string;
  readonly channel: number | null;
  readonly frequencyMhz: number | null;
  readonly signalDbm: number | null;
  /** Mbit/s on the air, of the latest frames. */
  readonly sendsMbps: number | null;
  readonly hearsMbps: number | null;
  /** What shows that it would carry traffic. hearing: frames of the LAN that come by radio. association: nothing but that it has joined.
   *  nothing: the bond's fail_over_mac lets nothing through it. */
  readonly provenBy: "probes" | "hearing" | "association" | "nothing";
  /** How long ago the LAN was last heard by radio, ms; null: not yet, or it isn't listened for. */
  readonly heardAgoMs: number | null;
}

export interface StatusPath {
  readonly port: string;
  /** Address or name of what is probed. */
  readonly target: string;
  /** silent: the target has never answered, so it says nothing of the path. untried: no answer due yet. */
  readonly state: "alive" | "dead" | "silent" | "untried";
  /** Smoothed round trip, ms; null: no answer yet. */
  readonly rttMs: number | null;
  /** 0 to 1, over the last minutes; null: not known. */
  readonly loss: number | null;
  /** How long ago the last answer came, ms; null: none yet. */
  readonly answeredAgoMs: number | null;
}

export interface StatusRedundancy {
  /** Ports that could carry traffic now. */
  readonly usable: number;
  readonly declared: number;
  readonly missing: readonly string[];
}

export interface StatusOutage {
  /** When the first sign of it came. */
  readonly at: number;
  /** null: it lasts. */
  readonly lastedMs: number | null;
  /** A cause of the watch, such as "carrier-lost". */
  readonly cause: string;
  /** The port that failed; "" where not known. */
  readonly port: string;
  /** group: every port was lost together, so that there was none to move to. Absent: not known. */
  readonly extent?: "port" | "group";
  /** It lasts, and a drill made it. */
  readonly isDrill?: boolean;
}

/** What lies beyond a router that no port leads around. */
export interface StatusInternet {
  /** unknown: none of the targets has answered yet. */
  readonly state: "answers" | "lost" | "unknown";
  /** Since when; null: not known. */
  readonly since: number | null;
  readonly targets: readonly string[];
}

/** A UPS as NUT reports it. */
export interface StatusUps {
  readonly name: string;
  readonly state: "mains" | "battery" | "low" | "unknown";
  /** Since when it has fed its load from there, as far as it was watched. Absent or null: not known. */
  readonly since?: number | null;
  /** 0 to 100; null: not told. */
  readonly chargePercent: number | null;
  readonly runtimeMs: number | null;
}

export interface StatusAgent {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  /** How the store of events is. */
  readonly store: {
    readonly state: "fine" | "trouble";
    readonly reason: string;
    readonly pending: number;
    readonly lost: number;
  };
}
