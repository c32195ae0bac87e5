import type { Draft, Kind } from "./draft.ts";
import { entriesOf, type Here, refuse, shown, textOf } from "./reading.ts";
import { checked, flag, type Keys, kept, notKept, type Take, whole } from "./take.ts";
import {
  takeAddresses,
  takeGateway,
  takeLinkLocal,
  takeNameservers,
  takeOverrides,
  takeRoutes,
} from "./take-addresses.ts";
import { takeBondParameters, takeMembers } from "./take-bond.ts";
import { isId, macOf, takeBridgeParameters, takeMatch, wordList } from "./take-link.ts";
import { takeAccessPoints } from "./take-wifi.ts";

const takeRenderer: Take = (draft, tree, here) => {
  const text = textOf(here, tree);
  if (text === "networkd" || text === "NetworkManager") draft.renderer = text;
  else if (text === "sriov" && draft.kind === "vlans") notKept(here, "VLANs in hardware");
  else if (text !== undefined) badRenderer(text, here);
};

/** Refuses the name of a renderer. */
export function badRenderer(text: string, here: Here): void {
  refuse(here, "bad-value", `${shown(text)} is no renderer`, "Write networkd or NetworkManager.");
}

const takeActivation = checked(
  (text) => text === "manual" || text === "off",
  "activation-mode",
  "Write manual or off.",
  (draft, text) => {
    draft.isManual = true;
    if (text === "off") draft.extra.set("activation-mode", { key: "activation-mode", value: '"off"', from: "netplan" });
  },
);

const takeMac: Take = (draft, tree, here) => {
  // Newer versions know words for what to do with the address: the model has no address then.
  if (tree.kind === "scalar" && /^(permanent|preserve|random|stable|stable-ssid)$/.test(tree.source))
    return kept("macaddress")(draft, tree, here);
  const mac = macOf(here, tree);
  if (mac === undefined) return;
  draft.mac = mac;
  draft.places.set("mac", here.keyAt);
};

/** Keys of every definition that the model has no words for. */
const keptKeys = [
  "critical",
  "dhcp-identifier",
  "ignore-carrier",
  "ipv6-address-generation",
  "ipv6-address-token",
  "ipv6-mtu",
  "ipv6-privacy",
  "neigh-suppress",
  "networkmanager",
  "port-mac-learning",
  "hairpin",
  "ra-overrides",
  "routing-policy",
] as const;

const physicalKeptKeys = [
  "emit-lldp",
  "receive-checksum-offload",
  "transmit-checksum-offload",
  "tcp-segmentation-offload",
  "tcp6-segmentation-offload",
  "generic-segmentation-offload",
  "generic-receive-offload",
  "large-receive-offload",
  "wakeonlan",
] as const;

const ethernetKeptKeys = [
  "virtual-function-count",
  "embedded-switch-mode",
  "delay-virtual-functions-rebind",
  "infiniband-mode",
  "link",
] as const;

/** Keys whose value is kept as it stands and written again by this dialect. */
export const extraKeys: ReadonlySet<string> = new Set([
  ...keptKeys,
  ...physicalKeptKeys,
  ...ethernetKeptKeys,
  "link-local",
  "macaddress",
  "openvswitch",
  "optional-addresses",
  "path-cost",
  "port-priority",
  "regulatory-domain",
  "wakeonwlan",
]);

function keeping(keys: readonly string[]): Keys {
  return Object.fromEntries(keys.map((key) => [key, kept(key)]));
}

const common: Keys = {
  ...keeping(keptKeys),
  "accept-ra": flag((draft, value, at) => {
    draft.acceptRa = value;
    draft.places.set("ipv6/acceptRa", at);
  }),
  "activation-mode": takeActivation,
  addresses: takeAddresses,
  dhcp4: flag((draft, value, at) => {
    draft.dhcp4 = value;
    draft.places.set("ipv4/method", at);
  }),
  dhcp6: flag((draft, value, at) => {
    draft.dhcp6 = value;
    draft.places.set("ipv6/method", at);
  }),
  "dhcp4-overrides": takeOverrides(4),
  "dhcp6-overrides": takeOverrides(6),
  gateway4: takeGateway(4),
  gateway6: takeGateway(6),
  "link-local": takeLinkLocal,
  macaddress: takeMac,
  mtu: whole((draft, value, at) => {
    // 0 is netplan's word for nothing.
    if (value > 0) draft.mtu = value;
    draft.places.set("mtu", at);
  }),
  nameservers: takeNameservers,
  openvswitch: (draft, tree, here) => {
    const entries = entriesOf(here, tree);
    const isPlain = entries.length > 0 && entries.every(({ key }) => key === "external-ids" || key === "other-config");
    draft.isOvs ||= draft.kind === "bonds" || draft.kind === "bridges" || !isPlain;
    kept("openvswitch")(draft, tree, here);
  },
  optional: flag((draft, value, at) => {
    draft.optional = value;
    draft.places.set("optional", at);
  }),
  "optional-addresses": wordList("optional-addresses"),
  renderer: takeRenderer,
  routes: takeRoutes,
};

const physical: Keys = {
  ...keeping(physicalKeptKeys),
  match: takeMatch,
  "set-name": checked(isId, "name", "Write the new name.", (draft, text, at) => {
    draft.setName = text;
    draft.places.set("match", at);
  }),
  wakeonwlan: wordList("wakeonwlan"),
  auth: (_, tree, here) => {
    entriesOf(here, tree);
    notKept(here, "802.1X on a wire");
  },
};

/** Keys of kinds the model knows only the addresses of. */
function unread(what: string, keys: readonly string[]): Keys {
  const once: Take = (draft, _, here) => {
    if (draft.places.has("unread")) return;
    draft.places.set("unread", here.keyAt);
    notKept(here, what);
  };
  return { ...common, ...Object.fromEntries(keys.map((key) => [key, once])) };
}

/** The keys of a definition, by its section. Source: the handler tables in netplan's parse.c, 0.106 to 1.2. */
export const keysOf: Readonly<Record<Kind, Keys>> = {
  ethernets: { ...common, ...physical, ...keeping(ethernetKeptKeys) },
  wifis: { ...common, ...physical, "access-points": takeAccessPoints, "regulatory-domain": kept("regulatory-domain") },
  bonds: { ...common, interfaces: takeMembers, parameters: takeBondParameters },
  bridges: { ...common, interfaces: takeMembers, parameters: takeBridgeParameters },
  vlans: {
    ...common,
    id: whole((draft, value, at) => {
      draft.vlanId = value;
      draft.places.set("vlan", at);
    }),
    link: checked(isId, "definition", "Name the definition it stands on.", (draft: Draft, id, at) => {
      draft.vlanLink = { id, at };
    }),
  },
  modems: unread("the modem's own settings", [
    "apn",
    "auto-config",
    "device-id",
    "match",
    "network-id",
    "number",
    "password",
    "pin",
    "set-name",
    "sim-id",
    "sim-operator-id",
    "username",
  ]),
  tunnels: unread("the tunnel's own settings", [
    "mode",
    "local",
    "remote",
    "ttl",
    "key",
    "keys",
    "mark",
    "port",
    "peers",
    "id",
    "link",
    "type-of-service",
    "mac-learning",
    "ageing",
    "aging",
    "limit",
    "arp-proxy",
    "notifications",
    "short-circuit",
    "checksums",
    "extensions",
    "port-range",
    "flow-label",
    "do-not-fragment",
  ]),
  vrfs: unread("the VRF's table and members", ["table", "interfaces"]),
  "dummy-devices": common,
  "virtual-ethernets": unread("the other end of the pair", ["peer"]),
  "nm-devices": unread("a profile of NetworkManager's own", ["match", "set-name", "passthrough", "access-points"]),
};
