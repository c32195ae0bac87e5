/** The keys that NetworkManager's keyfile reader knows in the sections we look into; others it passes over without a word.
 *  Source: libnm's settings of 1.42, with what 1.44 to 1.52 added. */
const keys: Readonly<Record<string, string>> = {
  connection:
    "id uuid interface-name type permissions autoconnect autoconnect-priority autoconnect-retries multi-connect timestamp read-only zone master slave-type autoconnect-slaves secondaries gateway-ping-timeout metered lldp mdns llmnr dns-over-tls mptcp-flags stable-id auth-retries wait-device-timeout mud-url wait-activation-delay controller port-type autoconnect-ports down-on-poweroff ip-ping-addresses ip-ping-addresses-require-all ip-ping-timeout",
  ipv4: "method dns dns-search dns-options dns-priority addresses gateway routes routing-rules route-metric route-table ignore-auto-routes ignore-auto-dns dhcp-hostname dhcp-hostname-flags dhcp-send-hostname never-default may-fail dad-timeout dhcp-timeout required-timeout dhcp-iaid dhcp-reject-servers dhcp-dscp dhcp-ipv6-only-preferred dhcp-send-release auto-route-ext-gw replace-local-rule dhcp-client-id dhcp-fqdn dhcp-vendor-class-identifier link-local shared-dhcp-range shared-dhcp-lease-time forwarding routed-dns",
  ipv6: "method dns dns-search dns-options dns-priority addresses gateway routes routing-rules route-metric route-table ignore-auto-routes ignore-auto-dns dhcp-hostname dhcp-hostname-flags dhcp-send-hostname never-default may-fail dad-timeout dhcp-timeout required-timeout dhcp-iaid dhcp-reject-servers dhcp-send-release auto-route-ext-gw replace-local-rule ip6-privacy addr-gen-mode token dhcp-duid dhcp-pd-hint ra-timeout mtu temp-valid-lifetime temp-preferred-lifetime shared-dhcp-range shared-dhcp-lease-time routed-dns",
  ethernet:
    "port speed duplex auto-negotiate mac-address cloned-mac-address generate-mac-address-mask mac-address-blacklist mac-address-denylist mtu s390-subchannels s390-nettype s390-options wake-on-lan wake-on-lan-password accept-all-mac-addresses",
  "bond-port": "queue-id prio",
  bridge:
    "mac-address stp priority forward-delay hello-time max-age ageing-time group-address group-forward-mask multicast-hash-max multicast-last-member-count multicast-last-member-interval multicast-membership-interval multicast-router multicast-querier multicast-querier-interval multicast-query-interval multicast-query-response-interval multicast-query-use-ifaddr multicast-snooping multicast-startup-query-count multicast-startup-query-interval vlan-filtering vlan-default-pvid vlan-protocol vlan-stats-enabled vlans interface-name",
  vlan: "parent id flags protocol ingress-priority-map egress-priority-map interface-name",
  wifi: "ssid mode band channel bssid rate tx-power mac-address cloned-mac-address generate-mac-address-mask mac-address-blacklist mac-address-denylist mtu seen-bssids hidden powersave mac-address-randomization wake-on-wlan ap-isolation channel-width security",
  "wifi-security":
    "key-mgmt wep-tx-keyidx auth-alg proto pairwise group pmf leap-username wep-key0 wep-key1 wep-key2 wep-key3 wep-key-flags wep-key-type psk psk-flags leap-password leap-password-flags wps-method fils",
  match: "interface-name kernel-command-line driver path",
};

const known = new Map(Object.entries(keys).map(([section, words]) => [section, new Set(words.split(" "))]));

/** Sections by their present names; the older ones are still read. */
const sectionAliases: Readonly<Record<string, string>> = {
  "802-3-ethernet": "ethernet",
  "802-11-wireless": "wifi",
  "802-11-wireless-security": "wifi-security",
};

/** The present name of a section. */
export function sectionNamed(name: string): string {
  return Object.hasOwn(sectionAliases, name) ? (sectionAliases[name] ?? name) : name;
}

/** Whether NetworkManager reads a key; true for all of a section that is not in the table. */
export function isKnownKey(section: string, key: string): boolean {
  const words = known.get(section);
  if (words === undefined || words.has(key)) return true;
  return (
    (section === "ipv4" || section === "ipv6") && /^(?:addresse?s?|routes?|routing-rule|dns)\d*(?:_options)?$/.test(key)
  );
}

/** The keys of a section: what a misspelt one is compared with. */
export function keysOf(section: string): Iterable<string> {
  return known.get(section) ?? [];
}

/** Whether a key's value is a secret, or may be one: it must not reach the model as plain text. */
export function isSecretKey(key: string): boolean {
  return /(?:^|-)(?:psk|password(?:-raw)?|passphrase|wep-key[0-3]|pin|key|cak|secret)$/.test(key);
}
