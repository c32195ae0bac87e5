import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import type { Dialect } from "../../src/dialects/dialect.ts";
import { netplan } from "../../src/dialects/netplan/netplan.ts";
import { networkd } from "../../src/dialects/networkd/networkd.ts";
import { networkmanager } from "../../src/dialects/networkmanager/networkmanager.ts";
import type { Config, Interface, IpSettings } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { generate } from "./netplan-generate.ts";

/** How our reading of netplan files and our reading of what netplan makes of them differ. */
export type Beside =
  | { readonly outcome: "equal" }
  | { readonly outcome: "refused-by-both" }
  /** Two renderers in one host: no one dialect reads both. */
  | { readonly outcome: "two-renderers" }
  | { readonly outcome: "different"; readonly keys: readonly string[] };

/** Reads netplan files ourselves, lets netplan turn them into files for systemd-networkd or NetworkManager and reads those, and
 *  compares the two meanings. Extras are each dialect's own and are not compared. */
export function besideNetplan(files: FileSet): Beside {
  const ours = netplan.parse(files);
  const isRefused = ours.diagnostics.some(
    ({ code, severity }) => severity === "error" && !/-refused$|-lost$/.test(code),
  );
  const theirs = generate(files);
  if ("refusal" in theirs)
    return isRefused
      ? { outcome: "refused-by-both" }
      : { outcome: "different", keys: [`refused: ${theirs.refusal.split("\n").slice(0, 2).join(" ")}`] };
  if (isRefused) return { outcome: "different", keys: ["refused by us alone"] };
  const made = renderersOf(theirs.files);
  if (made === "mixed") return { outcome: "two-renderers" };
  const read = withLinkFiles(made.parse(inPlace(theirs.files)).config, theirs.files);
  const keys = differences(
    made.spellOutDefaults(comparable(netplan.spellOutDefaults(ours.config))),
    made.spellOutDefaults(comparable(read)),
  );
  return keys.length === 0 ? { outcome: "equal" } : { outcome: "different", keys };
}

/** Who the files are for. For NetworkManager netplan writes .link files besides, which say nothing that counts here. */
function renderersOf(files: FileSet): Dialect | "mixed" {
  const profiles = [...files.keys()].filter((path) => path.endsWith(".nmconnection")).length;
  const networks = [...files.keys()].filter((path) => path.endsWith(".network")).length;
  if (profiles > 0 && networks > 0) return "mixed";
  return profiles > 0 ? networkmanager : networkd;
}

/** netplan starts wpa_supplicant by a unit and a path of its own. */
function inPlace(files: FileSet): FileSet {
  return new Map(
    [...files].map(([path, text]) => [
      path.replace(/^\/run\/netplan\/wpa-(.*)\.conf$/, "/etc/wpa_supplicant/wpa_supplicant-$1.conf"),
      text,
    ]),
  );
}

/** Names by MAC address are given by udev's .link files, whoever carries out the rest. */
function withLinkFiles(config: Config, files: FileSet): Config {
  const links = networkd.parse(new Map([...files].filter(([path]) => path.endsWith(".link")))).config.interfaces;
  const matches = new Map(links.flatMap(({ name, match }) => (match === undefined ? [] : [[name, match] as const])));
  return {
    ...config,
    interfaces: config.interfaces.map((iface): Interface => {
      const match = iface.match ?? matches.get(iface.name);
      return match === undefined ? iface : { ...iface, match };
    }),
  };
}

/** Without extras. netplan gives an interface without IPv4 a link-local address where NetworkManager carries it out, which the
 *  model calls another method and we call nothing said; the kind of a network's key goes without saying where there is a pass phrase, and where there is none; and an interface that is
 *  known by nothing but its definition is called after the file netplan wrote for it. */
function comparable(config: Config): Config {
  const own = (name: string) => name.replace(/^netplan-/, "");
  return {
    ...config,
    bonds: config.bonds.map((bond) => {
      const { primary } = bond.options;
      const { primary: _, ...others } = bond.options;
      // A primary that is no port is none.
      const isPort = primary !== undefined && bond.ports.includes(primary);
      const options = isPort ? { ...others, primary: own(primary) } : others;
      return { ...bond, ports: bond.ports.map(own), options };
    }),
    interfaces: config.interfaces.map((iface): Interface => {
      const { wifi, ...rest } = iface;
      const { key_mgmt, ...settings } = wifi?.settings ?? {};
      const isPlain = key_mgmt === (wifi?.psk === undefined ? "NONE" : "WPA-PSK");
      return {
        ...rest,
        ...(wifi === undefined ? {} : { wifi: isPlain ? { ...wifi, settings } : wifi }),
        name: own(iface.name),
        ...(iface.vlan === undefined ? {} : { vlan: { ...iface.vlan, parent: own(iface.vlan.parent) } }),
        ...(iface.bridge === undefined ? {} : { bridge: { ...iface.bridge, ports: iface.bridge.ports.map(own) } }),
        ...matched(iface),
        ipv4: routed(iface.ipv4.method === "other" ? { ...iface.ipv4, method: "none" } : iface.ipv4),
        ipv6: routed(iface.ipv6),
        extra: [],
      };
    }),
  };
}

/** Found by its MAC address, an interface may have any name: a profile does not say so. */
function matched({ match }: Interface): Pick<Interface, "match"> {
  if (match?.pattern !== "*" || match.mac === undefined) return {};
  const { pattern: _, ...rest } = match;
  return { match: rest };
}

/** The gateway as the default route it is: netplan writes it as one, and a profile may have either. */
function routed({ gateway, dhcp, ...plain }: IpSettings): IpSettings {
  // What is left aside of an answer counts where there is one.
  const isAsked = dhcp !== undefined && (plain.method === "dhcp" || plain.method === "auto");
  const rest: IpSettings = { ...plain, ...(isAsked ? { dhcp } : {}) };
  if (gateway === undefined) return rest;
  const isRanked = rest.method === "static" && rest.metric !== undefined;
  const route = { to: "default", via: gateway, ...(isRanked ? { metric: rest.metric } : {}) };
  return { ...rest, routes: [route, ...(rest.routes ?? [])] } as IpSettings;
}
