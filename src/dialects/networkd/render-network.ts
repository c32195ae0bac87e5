import type { Interface, IpSettings, Route } from "../../model/config.ts";
import type { Lose, SayableHost } from "../sayable.ts";
import { isLearning, routesOf, settleReach } from "./reach.ts";
import { addExtras, saysExtra } from "./render-extras.ts";
import { addConditions, type Recognition } from "./render-link.ts";
import { parseBoolean } from "./values.ts";
import { addLine, addSection, type Page } from "./write-unit.ts";

/** Where an interface stands among the others. */
export interface Place {
  readonly bond?: string;
  readonly isPrimary: boolean;
  readonly isActive: boolean;
  readonly bridge?: string;
  readonly vlans: readonly string[];
  /** A .netdev makes it. */
  readonly isMade: boolean;
}

/** The place of every interface. */
export function placesOf(host: SayableHost, made: ReadonlySet<string>): ReadonlyMap<string, Place> {
  const bonds = new Map(host.bonds.map((bond) => [bond.name, bond]));
  const vlans = new Map<string, string[]>();
  for (const { name, vlan } of host.interfaces) {
    if (vlan === undefined) continue;
    const list = vlans.get(vlan.parent);
    if (list === undefined) vlans.set(vlan.parent, [name]);
    else list.push(name);
  }
  return new Map(
    host.interfaces.map(({ name }) => {
      const bond = host.masterOf.get(name);
      const bridge = host.bridgeOf.get(name);
      const options = bond === undefined ? {} : (bonds.get(bond)?.options ?? {});
      const place: Place = {
        ...(bond === undefined ? {} : { bond }),
        isPrimary: options.primary === name,
        isActive: options.active_slave === name,
        ...(bridge === undefined ? {} : { bridge }),
        vlans: vlans.get(name) ?? [],
        isMade: made.has(name),
      };
      return [name, place];
    }),
  );
}

/** The .network of an interface. */
export function networkPage(iface: Interface, place: Place, recognition: Recognition | undefined, lose: Lose): Page {
  const page: Page = { kind: "network", sections: [] };
  const isHardware = recognition !== undefined && Object.keys(recognition).some((key) => key !== "kernelName");
  if (isHardware) addConditions(page, recognition, "Name");
  else addLine(page, "Match", `Name=${iface.name}`);
  addLink(page, iface, place, lose);
  addPlace(page, iface, place);
  if (place.bond === undefined) addFamilies(page, iface, lose);
  addExtras(page, place.isMade ? withoutOurOwn(iface) : iface, lose);
  return page;
}

const waitsForNobody = "network/Network.ConfigureWithoutCarrier";

/** A made device's extras, less what is written of every made device. */
function withoutOurOwn(iface: Interface): Interface {
  return { ...iface, extra: iface.extra.filter((extra) => !isOurOwn(extra)) };
}

function isOurOwn({ from, key, value }: Interface["extra"][number]): boolean {
  return from === "networkd" && key === waitsForNobody && parseBoolean(value) === true;
}

function addLink(page: Page, iface: Interface, place: Place, lose: Lose): void {
  const line = (text: string) => addLine(page, "Link", text);
  if (iface.mac !== undefined && !place.isMade) line(`MACAddress=${iface.mac}`);
  if (iface.mtu !== undefined) line(`MTUBytes=${iface.mtu}`);
  const isRequired = iface.optional === undefined && place.bond === undefined ? undefined : iface.optional === false;
  if (isRequired !== undefined && !saysExtra(iface, "network/Link.RequiredForOnline"))
    line(`RequiredForOnline=${isRequired ? "yes" : "no"}`);
  const isSaid = saysExtra(iface, "network/Link.ActivationPolicy") || saysExtra(iface, "network/Link.Unmanaged");
  if (iface.start === "manual" && !isSaid) line("ActivationPolicy=manual");
  if (iface.start === "hotplug")
    lose(
      `interface/${iface.name}/start`,
      "it is set up whenever it appears, at boot too: networkd knows no other way",
      {
        severity: "advice",
      },
    );
}

function addPlace(page: Page, iface: Interface, place: Place): void {
  const line = (text: string) => addLine(page, "Network", text);
  if (place.bond !== undefined) {
    line(`Bond=${place.bond}`);
    if (place.isPrimary) line("PrimarySlave=yes");
    if (place.isActive) line("ActiveSlave=yes");
    if (!saysExtra(iface, "network/Network.LinkLocalAddressing")) line("LinkLocalAddressing=no");
  }
  if (place.bridge !== undefined) line(`Bridge=${place.bridge}`);
  for (const vlan of place.vlans) line(`VLAN=${vlan}`);
  if (place.isMade && (iface.extra.some(isOurOwn) || !saysExtra(iface, waitsForNobody)))
    line("ConfigureWithoutCarrier=yes");
}

function addFamilies(page: Page, iface: Interface, lose: Lose): void {
  const { ipv4, ipv6, dns } = iface;
  const line = (text: string) => addLine(page, "Network", text);
  const dhcp = [ipv4, ipv6].map(({ method }) => method === "dhcp");
  if (dhcp[0] || dhcp[1]) line(`DHCP=${dhcp[0] && dhcp[1] ? "yes" : dhcp[0] ? "ipv4" : "ipv6"}`);
  const takesRa = ipv6.method === "auto" ? true : ipv6.acceptRa;
  if (takesRa !== undefined) line(`IPv6AcceptRA=${takesRa ? "yes" : "no"}`);
  // Addresses with more to them stand in sections of their own, which are kept whole.
  const sections = iface.extra.filter(({ from, key }) => from === "networkd" && key === "network/Address");
  const apart = new Set(sections.flatMap(({ value }) => /^Address=(.*)$/m.exec(value)?.[1] ?? []));
  for (const address of [...ipv4.addresses, ...ipv6.addresses]) if (!apart.has(address)) line(`Address=${address}`);
  const ways = [waysOut(ipv4), waysOut(ipv6)] as const;
  for (const { gateway } of ways) if (gateway !== undefined) line(`Gateway=${gateway}`);
  addDns(page, iface.name, dns, lose);
  addRoutes(page, ways[0].routes, "0.0.0.0/0");
  addRoutes(page, ways[1].routes, "::/0");
  addLearning(page, iface, lose);
}

function addDns(page: Page, name: string, dns: Interface["dns"], lose: Lose): void {
  if (dns === undefined) return;
  const servers = dns.servers.filter((server) => /^[0-9.]+$|^[0-9a-fA-F.]*:[0-9a-fA-F:.]*$/.test(server));
  if (servers.length < dns.servers.length)
    lose(`interface/${name}/dns/servers`, "a name server is left out: it is no address");
  for (const server of servers) addLine(page, "Network", `DNS=${server}`);
  const search = dns.search.filter((domain) => /^[A-Za-z0-9_.-]{1,253}$/.test(domain));
  if (search.length < dns.search.length)
    lose(`interface/${name}/dns/search`, "a search domain is left out: it is none");
  if (search.length > 0) addLine(page, "Network", `Domains=${search.join(" ")}`);
}

function addRoutes(page: Page, routes: readonly Route[], everywhere: string): void {
  for (const { to, via, metric, onLink, table, source } of routes) {
    addSection(page, "Route", [
      ...(to === "default" ? (via === undefined ? [`Destination=${everywhere}`] : []) : [`Destination=${to}`]),
      ...(via === undefined ? [] : [`Gateway=${via}`]),
      ...(metric === undefined ? [] : [`Metric=${metric}`]),
      ...(onLink === true ? ["GatewayOnLink=yes"] : []),
      ...(table === undefined ? [] : [`Table=${table}`]),
      ...(source === undefined ? [] : [`PreferredSource=${source}`]),
    ]);
  }
}

/** The gateway as a line of [Network] where it has no metric, and all other routes. */
function waysOut(family: IpSettings): { readonly gateway: string | undefined; readonly routes: readonly Route[] } {
  const settled = settleReach(routesOf(family), isLearning(family) ? { metric: family.metric } : undefined);
  const { gateway, metric, routes = [] } = settled;
  if (gateway === undefined || metric === undefined) return { gateway, routes };
  return { gateway: undefined, routes: [{ to: "default", via: gateway, metric }, ...routes] };
}

/** What of DHCP and of advertisements is taken, and at what metric. */
function addLearning(page: Page, { name, ipv4, ipv6 }: Interface, lose: Lose): void {
  if (ipv4.method === "dhcp") {
    if (ipv4.metric !== undefined) addLine(page, "DHCPv4", `RouteMetric=${ipv4.metric}`);
    addUse(page, "DHCPv4", "UseDNS", ipv4.dhcp?.useDns);
    addUse(page, "DHCPv4", "UseRoutes", ipv4.dhcp?.useRoutes);
  }
  if (ipv6.method !== "dhcp" && ipv6.method !== "auto") return;
  if (ipv6.metric !== undefined) addLine(page, "IPv6AcceptRA", `RouteMetric=${ipv6.metric}`);
  addUse(page, ipv6.method === "dhcp" ? "DHCPv6" : "IPv6AcceptRA", "UseDNS", ipv6.dhcp?.useDns);
  // Said in so many words, as addresses beside it would else be all there is.
  if (ipv6.method === "auto" && ipv6.addresses.length > 0) addLine(page, "IPv6AcceptRA", "UseAutonomousPrefix=yes");
  if (ipv6.dhcp?.useRoutes === false)
    lose(
      `interface/${name}/ipv6/dhcp/useRoutes`,
      "leaving routes of IPv6 aside is left out: they come by router advertisements, not by DHCP",
      { hint: "Add UseGateway=no and UseRoutePrefix=no to [IPv6AcceptRA]." },
    );
}

function addUse(page: Page, section: string, key: string, isUsed: boolean | undefined): void {
  if (isUsed !== undefined) addLine(page, section, `${key}=${isUsed ? "yes" : "no"}`);
}
