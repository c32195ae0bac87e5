import type { Config, Extra, Interface } from "../model/config.ts";
import { optionInForce } from "../model/defaults.ts";
import { isOffered } from "./default-route-aside.ts";
import type { Language, Loss } from "./dialect.ts";

/* As who a host is known: the MAC address of a bond or bridge that is given none, and by what it asks for an address. systemd-networkd
 * works both out from the machine-id; elsewhere it is the MAC address of the port that joined first. A host that moves from one to the
 * other is another one to DHCP servers, to switches that let known addresses in, to neighbours.
 * Source: systemd.netdev(5), MACAddress=; systemd.network(5), ClientIdentifier=; bond_enslave() of the kernel's bonding */

type Identifier = "mac" | "duid";

/** The setting by which a language says how DHCP knows the host. */
const saying: Readonly<Record<string, { readonly key: string; readonly mac: string }>> = {
  netplan: { key: "dhcp-identifier", mac: '"mac"' },
  networkd: { key: "network/DHCPv4.ClientIdentifier", mac: "mac" },
  networkmanager: { key: "ipv4.dhcp-client-id", mac: "mac" },
};

/** Where the MAC address of a bond or bridge is said. */
const macKeys: Readonly<Record<string, string>> = {
  ifupdown: "hwaddress",
  ifupdown2: "hwaddress",
  "ifupdown-ng": "hwaddress",
  "ifcfg-rh": "MACADDR=",
  netplan: "macaddress:",
  networkd: "MACAddress= in [NetDev]",
  networkmanager: "cloned-mac-address= in [ethernet]",
  nmstate: "mac-address:",
  wicked: "LLADDR=",
  iproute2: "ip link set … address",
};

/** Whether networkd carries out what is said of the interface. */
function isByNetworkd({ name }: Pick<Language, "name">, { extra }: Interface): boolean {
  if (name !== "netplan") return name === "networkd";
  return !extra.some(
    ({ key, value, from }) => from === "netplan" && key === "renderer" && value.includes("NetworkManager"),
  );
}

function isSaying({ name }: Pick<Language, "name">, { key, from }: Extra): boolean {
  return from === name && saying[name]?.key === key;
}

/** undefined: it says something of its own. */
function identifierOf(language: Pick<Language, "name">, iface: Interface): Identifier | undefined {
  const said = iface.extra.find((extra) => isSaying(language, extra))?.value.trim();
  if (said === undefined) return isByNetworkd(language, iface) ? "duid" : "mac";
  if (said === saying[language.name]?.mac) return "mac";
  return isByNetworkd(language, iface) && /^"?duid"?$/.test(said) ? "duid" : undefined;
}

/** The languages whose programs are known to ask by one of the two. */
function isKnown({ name }: Pick<Language, "name">): boolean {
  return name in macKeys && name !== "wicked";
}

/** The configuration with the way DHCP knows the host said in the target's words, where the target has some. Of a target that is not
 *  known to ask by one of the two nothing is promised: the source's setting stays, to be told as lost. */
export function withIdentifierKept(config: Config, source: Language, target: Language): Config {
  // NetworkManager does so by itself.
  const own = target.name === "networkmanager" ? undefined : saying[target.name];
  if (source.name === target.name || !isKnown(source) || !isKnown(target)) return config;
  return {
    ...config,
    interfaces: config.interfaces.map((iface) => {
      const identifier = identifierOf(source, iface);
      if (iface.ipv4.method !== "dhcp" || identifier === undefined) return iface;
      const extra = iface.extra.filter((one) => !isSaying(source, one));
      const said = { key: own?.key ?? "", value: own?.mac ?? "", from: target.name };
      return { ...iface, extra: own !== undefined && identifier === "mac" ? [...extra, said] : extra };
    }),
  };
}

/** What becomes of a host's MAC addresses and of its name at the DHCP server under another program. `config`: as it was read. */
export function identityLosses(config: Config, source: Language, target: Language): readonly Loss[] {
  if (source.name === target.name || !isKnown(source)) return [];
  return config.interfaces.flatMap((iface) => {
    const mac = macLoss(config, iface, source, target);
    const identifier = identifierLoss(iface, source, target);
    return [mac, identifier].flatMap((loss) => loss ?? []);
  });
}

function macLoss(config: Config, iface: Interface, source: Language, target: Language): Loss | undefined {
  const bond = config.bonds.find(({ name }) => name === iface.name);
  const isMade = bond !== undefined || iface.bridge !== undefined;
  if (!isMade || iface.mac !== undefined || !isReachedBy(config, iface)) return undefined;
  // Then it is the active port's, whatever it was at first.
  if (bond !== undefined && optionInForce(bond.options, "fail_over_mac") === "active") return undefined;
  const isWorkedOut = isByNetworkd(target, { ...iface, extra: [] });
  if (isByNetworkd(source, iface) === isWorkedOut) return undefined;
  const asks = users(config, iface).some(({ ipv4, ipv6 }) => isOffered(ipv4) || isOffered(ipv6));
  const whose = isWorkedOut
    ? `networkd works one out from the machine-id and the name, where ${source.name} took a port's`
    : "it takes that of the port that joins first, where networkd worked one out";
  const key = macKeys[target.name];
  const follows = asks
    ? "a DHCP server that knows the old one gives another address"
    : "who lets in only the address he knows (a hoster, a switch) lets it in no longer";
  return {
    code: "identity-changes",
    severity: asks ? "warning" : "advice",
    message: `${iface.name}: its MAC address may be another one than before: ${whose}; ${follows}`,
    hint: `Read the one it has now (cat /sys/class/net/${iface.name}/address), and write it for ${iface.name}${key === undefined ? "" : `: ${key}`}.`,
    about: `interface/${iface.name}/mac`,
  };
}

/** The interfaces that bear this one's MAC address: itself, and VLANs on it. */
function users({ interfaces }: Config, { name }: Interface): readonly Interface[] {
  return interfaces.filter((one) => one.name === name || (one.vlan?.parent === name && one.mac === undefined));
}

function isReachedBy(config: Config, iface: Interface): boolean {
  return users(config, iface).some(
    ({ ipv4, ipv6 }) => isOffered(ipv4) || isOffered(ipv6) || ipv4.addresses.length + ipv6.addresses.length > 0,
  );
}

function identifierLoss(iface: Interface, source: Language, target: Language): Loss | undefined {
  const isAsked = iface.ipv4.method === "dhcp" && identifierOf(source, iface) === "duid";
  if (!isAsked || isByNetworkd(target, { ...iface, extra: [] }) || !isKnown(target)) return undefined;
  return {
    code: "identity-changes",
    severity: "warning",
    message: `${iface.name}: it asks for its address by its MAC address, where networkd asked by an identifier made from the machine-id: the DHCP server may give another address`,
    hint: "Reserve the address for the MAC address, or give the host a fixed one.",
    about: `interface/${iface.name}/ipv4`,
  };
}
