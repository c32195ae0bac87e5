import type { Extra } from "../model/config.ts";
import { familyWithoutDefault } from "./default-route-aside.ts";
import type { Lose } from "./sayable.ts";

/** What becomes of a setting that only its own program knows, in words that go on from "… is left out: ". */
export interface Consequence {
  readonly words: string;
  /** Absent: a warning. error: the host is without what it needs. advice: the same in effect. */
  readonly severity?: "error" | "advice";
  readonly hint?: string;
}

/** What follows where a setting without a word in the model is not carried over to another program: what is known of it, else that
 *  nothing is. `program`: who takes over. */
export function consequenceOf(extra: Extra, program: string): Consequence {
  const from = extra.from ?? "ifupdown";
  if (familyWithoutDefault(extra) !== undefined) return allRoutesAside;
  const rows = isInterfacesFile(from) ? stanzaSettings : Object.hasOwn(settingsOf, from) ? settingsOf[from] : [];
  for (const row of rows ?? []) if (row.key.test(extra.key) && row.value?.test(extra.value) !== false) return row;
  return { words: `it is ${from}'s, and Holdfast knows nothing like it in ${program}` };
}

/** Written so by default-route-aside.ts. */
const allRoutesAside: Consequence = {
  words: "it is written as leaving all offered routes aside, not the default one alone",
  severity: "advice",
};

/** Reports that a setting is not carried over. `own`: how the program's own settings are marked, where one of those may be lost too. */
export function loseForeign(name: string, extra: Extra, program: string, lose: Lose, own?: string): void {
  const isOwn = own !== undefined && extra.from === own;
  const { words, severity, hint } = isOwn ? misplaced : consequenceOf(extra, program);
  lose(`interface/${name}/extra`, `${JSON.stringify(extra.key.slice(0, 80))} is left out: ${words}`, {
    ...(severity === undefined ? {} : { severity }),
    ...(hint === undefined ? {} : { hint }),
  });
}

const misplaced: Consequence = { words: "in this place it would be read as something else, or not at all" };

function isInterfacesFile(from: string): boolean {
  return from === "ifupdown" || from === "ifupdown2" || from === "ifupdown-ng";
}

interface Row extends Consequence {
  readonly key: RegExp;
  /** Of these values only. */
  readonly value?: RegExp;
}

const usual: Consequence = { words: "it is what is usual anyway", severity: "advice" };
const noFourLinkLocal = "it gets no IPv4 link-local address (169.254.…)";
const linkLocal = "it gets an IPv6 link-local address all the same, and may take router advertisements";
const otherHost = "a DHCP server may take the host for another one, and give it another address";
const otherZone = "firewalld puts it into its default zone: other rules may hold for it";
const openVswitch =
  "nothing is made by Open vSwitch; what was to hang on it hangs on nothing, or on a bridge of the kernel's";
const vlansUnnamed = "where the bridge filters VLANs, only VLAN 1 gets through; where it doesn't, all do";
const addressMaking =
  "its IPv6 address is made the way that is usual there (from the MAC address, or at random), and may be another one than before";

/** Of /etc/network/interfaces, whoever reads it. */
const stanzaSettings: readonly Row[] = [
  {
    key: /^wpa-(conf|roam)$/,
    words: "the radio's network and key stand in a file of wpa_supplicant's, which isn't read; the radio joins nothing",
    severity: "error",
    hint: "Say the network and its key (wpa-ssid and wpa-psk, copied from that file) before you convert.",
  },
  { key: /^bond-give-a-chance$/, words: "it is a leftover without effect", severity: "advice" },
  // Advice at a bond's port: weigh-loss.ts.
  {
    key: /^wpa-bridge$/,
    words: "at a port of a bond it has no effect; in a bridge wpa_supplicant has to be told of it, and now isn't",
  },
  { key: /^wireless-mode$/, value: /^(managed|auto)$/i, ...usual },
  {
    key: /^wireless-(essid|key\d*|mode|ap)$/,
    words: "the radio joins nothing",
    severity: "error",
    hint: "Say wpa-ssid and wpa-psk.",
  },
  { key: /^wireless-/, words: "the radio does what its driver does by itself, power saving too" },
  { key: /^bridge[-_](vids|pvid)$/, words: vlansUnnamed },
  { key: /^ovs[-_]/, words: openVswitch },
  { key: /^(mstpctl|clagd?)-/, words: "nothing is said to mstpd or clagd" },
  { key: /^link-down$/, value: /^(yes|y|on|true|1)$/i, words: "it comes up" },
  { key: /^link-down$/, ...usual },
  {
    key: /^link-type$/,
    words: "it is not made; only a link that is there under its name is set up",
    severity: "error",
  },
  {
    key: /^(link-(speed|duplex|autoneg|fec)$|ethernet-|hardware-)/,
    words: "speed, duplex and the card's own settings stay as both ends agree on them",
  },
  { key: /^allow-/, words: "it only says for which `ifup --allow` it comes up", severity: "advice" },
  { key: /^(alias|description|comment)$/, words: "it is a label", severity: "advice" },
  { key: /^network$/, words: "it follows from the address and its prefix", severity: "advice" },
  // Advice where that is the one it says: weigh-loss.ts.
  { key: /^broadcast$/, words: "the usual one is used: the last address of the prefix" },
  { key: /^request_prefix$/, words: "no IPv6 prefix is asked for" },
  { key: /^privext$/, words: "temporary IPv6 addresses are used as the host does elsewhere" },
  { key: /^bond[-_](?!lacp-bypass)/, words: "where it stands nobody took it; nothing changes", severity: "advice" },
  {
    key: /^(address|netmask|gateway|vlan-raw-device|mtu|hwaddress)$/,
    words: "it has no effect where it stands: its method or its value is none that works with it",
  },
];

const byHand = "Write the route without what the model has no word for (mtu, type …), or have something else set it.";
const noWayOut: Consequence = {
  words:
    "a default route is among what is lost, and without another one nothing beyond the host's own network is reached",
  severity: "error",
  hint: byHand,
};
const routeMissing: Consequence = {
  words: "the route is not set: packets there take another one, mostly the default route",
  hint: byHand,
};

const localKey = /^network\/Network\.LinkLocalAddressing$/;

const settingsOf: Readonly<Record<string, readonly Row[]>> = {
  networkd: [
    { key: localKey, value: /^(no|false|0|off|n|f)$/i, words: linkLocal },
    { key: localKey, value: /^ipv4/i, words: `${noFourLinkLocal}; ${linkLocal}` },
    { key: localKey, value: /^ipv6$/i, ...usual },
    { key: localKey, words: noFourLinkLocal },
    {
      key: /^network\/Network\.BindCarrier$/,
      words: "it stays up, and keeps its routes, when none of the links it was bound to has carrier",
    },
    { key: /^network\/Network\.ActiveSlave$/, words: "the kernel picks the first active port itself" },
    {
      key: /^network\/Network\.(MulticastDNS|LLMNR|DNSSEC|DNSOverTLS|DNSDefaultRoute)$/,
      words: "names are looked up as the host's resolver does elsewhere",
    },
    { key: /^network\/DHCPv[46]\.(ClientIdentifier|DUIDType|DUIDRawData|IAID)$/, words: otherHost },
    { key: /^network\/DHCPv[46]\.UseDomains$/, words: "search domains of DHCP answers are used as is usual there" },
    { key: /^network\/Match\.Type$/, words: "any kind of link that is called so is meant" },
    { key: /^network\/Route$/, value: /^Type=|^Destination=(?!(0\.0\.0\.0|::)\/0$)/m, ...routeMissing },
    { key: /^network\/Route$/, ...noWayOut },
    { key: /^network\/RoutingPolicyRule$/, words: "packets that the rule sent to another table take the main one" },
    {
      key: /^network\/(Network\.(EmitLLDP|LLDP)|LLDP)$/,
      words: "nothing is said to the switch, or heard from it, by LLDP",
    },
    { key: /^(network|link|netdev)\/(NetDev|Link)\.(Description|Alias)$/, words: "it is a label", severity: "advice" },
  ],
  netplan: [
    { key: /^link-local$/, value: /^\[\]$/, words: linkLocal },
    { key: /^link-local$/, value: /^\["ipv4"\]$/, words: `${noFourLinkLocal}; ${linkLocal}` },
    { key: /^link-local$/, value: /"ipv4"/, words: noFourLinkLocal },
    { key: /^link-local$/, ...usual },
    { key: /^openvswitch$/, words: openVswitch },
    { key: /^dhcp-identifier$/, words: otherHost },
    { key: /^wakeonlan$/, words: "whether a packet wakes the host is left to the card's driver" },
    {
      key: /^(virtual-function-count|embedded-switch-mode|delay-virtual-functions-rebind)$/,
      words: "nobody makes the card's virtual functions; what is built on them finds none",
    },
    { key: /^kind$/, words: "it is not made; only a link that is there under its name is set up" },
    { key: /^ipv6-(address-generation|privacy)$/, words: addressMaking },
    { key: /^routes$/, value: /"to":"(default|0\.0\.0\.0\/0|::\/0)"(?![^}]*"type")/, ...noWayOut },
    { key: /^routes$/, ...routeMissing },
    { key: /^routing-policy$/, words: "packets that the rules sent to another table take the main one" },
  ],
  networkmanager: [
    { key: /^ipv6\.method$/, value: /^disabled$/, words: linkLocal },
    // "default" is NetworkManager's own: an address made from a secret (stable-privacy).
    { key: /^ipv6\.addr-gen-mode$/, value: /^(eui64|default-or-eui64)$/, ...usual },
    { key: /^ipv6\.(addr-gen-mode|ip6-privacy|token)$/, words: addressMaking },
    { key: /^ethernet\.(speed|duplex|auto-negotiate)$/, words: "speed and duplex stay as both ends agree on them" },
    { key: /^connection\.zone$/, words: otherZone },
    { key: /^ipv4\.dhcp-(client-id|iaid)$|^ipv6\.dhcp-(duid|iaid)$/, words: otherHost },
    // What is written for a radio in a bond keeps it awake by itself.
    { key: /^wifi\.powersave$/, value: /^(2|disable)$/, ...usual },
    { key: /^wifi\.powersave$/, words: "the radio's power saving is as it is usual there: off in a bond" },
    { key: /\.wake-on-(w?lan)(-password)?$/, words: "whether a packet wakes the host is left to the card's driver" },
    {
      key: /^connection\.autoconnect-(priority|retries)$/,
      words: "there is one configuration for it, and it comes up as it can",
      severity: "advice",
    },
    { key: /^ipv[46]\.may-fail$/, words: "it counts as up with one family alone, or not, as is usual there" },
  ],
  nmstate: [
    { key: /^ipv6\.enabled$/, value: /^false$/, words: linkLocal },
    { key: /^ovs|^bridge\.ovs/, words: openVswitch },
    { key: /^infiniband$/, words: "the InfiniBand link is not made" },
    { key: /^copy-mac-from$/, words: "it gets its MAC address from the port that joins first" },
  ],
  wicked: [{ key: /^ZONE$/, words: otherZone }],
  "ifcfg-rh": [
    { key: /^ZONE$/, words: otherZone },
    { key: /^NM_CONTROLLED$/, words: "it only said which program is in charge", severity: "advice" },
    { key: /^IPV[46]_FAILURE_FATAL$/, words: "it counts as up with one family alone" },
    { key: /^IPV6_(ADDR_GEN_MODE|PRIVACY|TOKEN)$/, words: addressMaking },
    { key: /^(DHCLIENTARGS|PERSISTENT_DHCLIENT)$/, words: "the DHCP client runs as is usual there" },
    { key: /^OVS/, words: openVswitch },
    { key: /^USERCTL$/, words: "only administrators bring it up or down", severity: "advice" },
    { key: /^IPV6INIT$/, value: /^no$/i, words: linkLocal },
  ],
};

/** What follows where a bridge's setting is left to the kernel, behind the words that say so: empty where nothing does. */
export function bridgeConsequence(setting: string, value: string): string {
  if (setting === "vlan_filtering") return value === "0" ? "" : "; every VLAN gets to every port of the bridge";
  return /^(vids|pvid)$/.test(setting) ? `; ${vlansUnnamed}` : "";
}
