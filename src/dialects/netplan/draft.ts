import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Wifi } from "../../model/bond.ts";
import type { Extra, Route } from "../../model/config.ts";
import type { OptionName } from "../../model/options.ts";

/** What netplan makes of a definition: the section it stands in. */
export type Kind =
  | "ethernets"
  | "wifis"
  | "bonds"
  | "bridges"
  | "vlans"
  | "modems"
  | "tunnels"
  | "vrfs"
  | "dummy-devices"
  | "virtual-ethernets"
  | "nm-devices";

/** Who carries a definition out; "any": whatever the host has, as with cloud-init. */
export type Renderer = "networkd" | "NetworkManager" | "any";

/** Another definition, by its id, and where it is named. */
export interface Reference {
  readonly id: string;
  readonly at: Span;
}

/** What a definition says of DHCP's answers of one family, as far as the model has words. */
export interface Overrides {
  metric?: number;
  useDns?: boolean;
  useRoutes?: boolean;
}

/** A definition as the files have said it so far: later files add to its lists and change the rest. */
export interface Draft {
  readonly id: string;
  readonly kind: Kind;
  readonly at: Span;
  /** Places of what was said, by the model's names of it. Where it was said twice, the last. */
  readonly places: Map<string, Span>;
  /** As the definition says itself, or its section did. */
  renderer?: Renderer;
  match?: { name?: string; mac?: string; drivers?: readonly string[] };
  setName?: string;
  dhcp4: boolean;
  dhcp6: boolean;
  overrides4: Overrides;
  overrides6: Overrides;
  acceptRa?: boolean;
  readonly addresses4: string[];
  readonly addresses6: string[];
  gateway4?: string;
  gateway6?: string;
  readonly routes4: Route[];
  readonly routes6: Route[];
  readonly dns4: string[];
  readonly dns6: string[];
  readonly search: string[];
  mtu?: number;
  mac?: string;
  optional?: boolean;
  isManual?: boolean;
  wifi?: Wifi;
  vlanId?: number;
  vlanLink?: Reference;
  /** Of a bond or a bridge. */
  readonly members: Map<string, Span>;
  /** What was written for each option, still to be judged by who carries it out. */
  readonly options: Map<OptionName, { readonly text: string; readonly at: Span }>;
  arpTargets: string[];
  primary?: Reference;
  readonly bridgeSettings: Map<string, string>;
  /** Carried out by Open vSwitch, which makes no bond or bridge of the kernel's. */
  isOvs: boolean;
  readonly extra: Map<string, Extra>;
}

/** A definition of which nothing has been said. */
export function newDraft(id: string, kind: Kind, at: Span): Draft {
  return {
    id,
    kind,
    at,
    places: new Map(),
    dhcp4: false,
    dhcp6: false,
    overrides4: {},
    overrides6: {},
    addresses4: [],
    addresses6: [],
    routes4: [],
    routes6: [],
    dns4: [],
    dns6: [],
    search: [],
    members: new Map(),
    options: new Map(),
    arpTargets: [],
    bridgeSettings: new Map(),
    isOvs: false,
    extra: new Map(),
  };
}
