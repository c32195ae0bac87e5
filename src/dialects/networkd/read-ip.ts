import type { Span } from "../../diagnostic/diagnostic.ts";
import { addressFamily, cidrFamily, parseAddress } from "../../model/address.ts";
import type { Extra, IpSettings, Route } from "../../model/config.ts";
import { type IniEntry, type IniSection, wordsOf } from "../../syntax/ini.ts";
import { wholeExtra } from "./extras.ts";
import { settleReach } from "./reach.ts";
import { type Problems, report, reportValue, shown } from "./report.ts";
import { allOf, lastOf, type Sheet } from "./units.ts";
import { parseBoolean, parseNumber } from "./values.ts";

/** Both families of a .network, where each part was said, and the sections that the model has no words for. */
export interface IpSaid {
  readonly ipv4: IpSettings;
  readonly ipv6: IpSettings;
  readonly extras: readonly Extra[];
  readonly places: ReadonlyMap<string, Span>;
}

interface Draft {
  /** In order, each once. */
  readonly addresses: Set<string>;
  readonly gateways: string[];
  readonly routes: Route[];
}

interface Reading {
  readonly sheet: Sheet;
  readonly problems: Problems;
  readonly inet: Draft;
  readonly inet6: Draft;
  readonly extras: Extra[];
  readonly places: Map<string, Span>;
}

/** Reads addresses, routes, DHCP and router advertisements of a .network. */
export function readIp(sheet: Sheet, problems: Problems): IpSaid {
  const reading: Reading = {
    sheet,
    problems,
    inet: { addresses: new Set(), gateways: [], routes: [] },
    inet6: { addresses: new Set(), gateways: [], routes: [] },
    extras: [],
    places: new Map(),
  };
  for (const entry of allOf(sheet, "Network.Address")) takeAddress(reading, entry);
  for (const entry of allOf(sheet, "Network.Gateway")) takeGateway(reading, entry);
  for (const section of sheet.unit.sections) {
    if (section.name === "Address") takeAddressSection(reading, section);
    if (section.name === "Route") takeRouteSection(reading, section);
  }
  const dhcp = dhcpOf(reading);
  const ipv4 = inetSettings(reading, dhcp.inet);
  const ipv6 = inet6Settings(reading, dhcp.inet6);
  return { ipv4, ipv6, extras: reading.extras, places: reading.places };
}

function note(reading: Reading, field: string, at: Span): void {
  if (!reading.places.has(field)) reading.places.set(field, at);
}

function takeAddress(reading: Reading, entry: IniEntry): void {
  const cidr = withLength(entry.value);
  if (cidr === undefined) {
    reportValue(reading.problems, entry, "no address with a prefix length");
    return;
  }
  if (cidr !== entry.value) {
    const message = `Address=${shown(entry.value)} has no prefix length: systemd 252 guesses ${cidr}, later versions take the address alone`;
    report(
      reading.problems,
      "networkd-address-without-length",
      "warning",
      message,
      entry.valueAt,
      "Write it as ADDRESS/LENGTH.",
    );
  }
  const isSix = cidr.includes(":");
  (isSix ? reading.inet6 : reading.inet).addresses.add(cidr);
  note(reading, isSix ? "ipv6/addresses" : "ipv4/addresses", entry.valueAt);
  note(reading, "address", entry.valueAt);
}

/** The address as networkd 252 takes it; without a length it goes by the classes of old. */
function withLength(text: string): string | undefined {
  if (cidrFamily(text) !== undefined) return text;
  const address = parseAddress(text);
  if (!address.ok || address.value.family === 6) return undefined;
  const first = Number(text.split(".")[0]);
  if (first >= 224) return undefined;
  return `${text}/${first < 128 ? 8 : first < 192 ? 16 : 24}`;
}

function takeGateway(reading: Reading, entry: IniEntry): void {
  if (addressFamily(entry.value) === undefined) {
    // _dhcp4 and _ipv6ra stand for routers that are not known yet.
    if (/^_(dhcp[46]?|ipv6ra)$/.test(entry.value)) reading.sheet.understood.delete(entry);
    else reportValue(reading.problems, entry, "no address");
    return;
  }
  const isSix = entry.value.includes(":");
  (isSix ? reading.inet6 : reading.inet).gateways.push(entry.value);
  note(reading, isSix ? "ipv6/gateway" : "ipv4/gateway", entry.valueAt);
  note(reading, "gateway", entry.valueAt);
}

/** The last assignment of each key in one section. */
function assignments(section: IniSection): ReadonlyMap<string, IniEntry> {
  return new Map(section.entries.filter(({ value }) => value !== "").map((entry) => [entry.key, entry]));
}

function takeAddressSection(reading: Reading, section: IniSection): void {
  const said = assignments(section);
  const address = said.get("Address");
  if (address === undefined) {
    const message = "[Address] without Address= is passed over";
    report(reading.problems, "networkd-bad-value", "warning", message, section.at);
    return;
  }
  takeAddress(reading, address);
  if (said.size > 1) reading.extras.push(wholeExtra("network", section));
}

const routeKeys = new Set([
  "Destination",
  "Gateway",
  "Metric",
  "GatewayOnLink",
  "GatewayOnlink",
  "Table",
  "PreferredSource",
]);

function takeRouteSection(reading: Reading, section: IniSection): void {
  const said = assignments(section);
  if (said.size === 0) return;
  const route = [...said.keys()].every((key) => routeKeys.has(key)) ? routeOf(said) : undefined;
  if (route === undefined) {
    reading.extras.push(wholeExtra("network", section));
    return;
  }
  const isSix = (route.via ?? route.to).includes(":") || route.to.includes(":");
  (isSix ? reading.inet6 : reading.inet).routes.push(route);
  note(reading, isSix ? "ipv6/routes" : "ipv4/routes", section.at);
}

/** A route in the model's words, or undefined where it has none for this one. */
function routeOf(said: ReadonlyMap<string, IniEntry>): Route | undefined {
  const text = (key: string) => said.get(key)?.value;
  const number = (key: string) => {
    const value = text(key);
    return value === undefined ? undefined : (parseNumber(value) ?? Number.NaN);
  };
  const via = text("Gateway");
  const to = destinationOf(text("Destination"), via);
  const metric = number("Metric");
  const table = number("Table");
  const source = text("PreferredSource");
  const onLink = text("GatewayOnLink") ?? text("GatewayOnlink");
  const isOnLink = onLink === undefined ? undefined : parseBoolean(onLink);
  const isPlain =
    to !== undefined &&
    (via === undefined || addressFamily(via) !== undefined) &&
    !Number.isNaN(metric) &&
    !Number.isNaN(table) &&
    table !== 0 &&
    (source === undefined || addressFamily(source) !== undefined) &&
    (onLink === undefined || isOnLink !== undefined);
  if (!isPlain) return undefined;
  return {
    to,
    ...(via === undefined ? {} : { via }),
    ...(metric === undefined ? {} : { metric }),
    ...(isOnLink === true ? { onLink: true } : {}),
    ...(table === undefined ? {} : { table }),
    ...(source === undefined ? {} : { source }),
  };
}

function destinationOf(text: string | undefined, via: string | undefined): string | undefined {
  if (text === undefined) return via === undefined ? undefined : "default";
  if (cidrFamily(text) !== undefined) return /^(0\.0\.0\.0|::)\/0$/.test(text) && via !== undefined ? "default" : text;
  const address = parseAddress(text);
  return address.ok ? `${text}/${address.value.family === 4 ? 32 : 128}` : undefined;
}

const oldWords: ReadonlyMap<string, string> = new Map([
  ["both", "yes"],
  ["v4", "ipv4"],
  ["v6", "ipv6"],
  ["none", "no"],
]);

function dhcpOf({ sheet, problems, places }: Reading): { readonly inet: boolean; readonly inet6: boolean } {
  const entry = lastOf(sheet, "Network.DHCP");
  if (entry === undefined) return { inet: false, inet6: false };
  const old = oldWords.get(entry.value);
  if (old !== undefined) {
    const message = `DHCP=${entry.value} is an old word, which networkd takes with a warning`;
    report(problems, "networkd-old-word", "advice", message, entry.valueAt, `Write DHCP=${old}.`);
  }
  const word = old ?? entry.value;
  const both = parseBoolean(word);
  if (both === undefined && word !== "ipv4" && word !== "ipv6")
    reportValue(problems, entry, "none of yes, no, ipv4, ipv6", "no DHCP client runs");
  places.set("dhcp", entry.valueAt);
  return { inet: both === true || word === "ipv4", inet6: both === true || word === "ipv6" };
}

/** A boolean of a section, and an extra where the model's place for it is taken by another meaning. */
function booleanOf({ sheet, problems }: Reading, key: string): boolean | undefined {
  const entry = lastOf(sheet, key);
  if (entry === undefined) return undefined;
  const value = parseBoolean(entry.value);
  if (value === undefined) reportValue(problems, entry, "no boolean");
  return value;
}

function metricOf({ sheet, problems }: Reading, key: string): number | undefined {
  const entry = lastOf(sheet, key);
  if (entry === undefined) return undefined;
  const value = parseNumber(entry.value);
  if (value === undefined) reportValue(problems, entry, "no number");
  return value;
}

/** What of an answer is left aside; only a "no" says something. */
function asideOf(useDns: boolean | undefined, useRoutes: boolean | undefined): Pick<IpSettings, "dhcp"> {
  const dhcp = { ...(useDns === undefined ? {} : { useDns }), ...(useRoutes === undefined ? {} : { useRoutes }) };
  return Object.keys(dhcp).length === 0 ? {} : { dhcp };
}

function inetSettings(reading: Reading, isDhcp: boolean): IpSettings {
  const addresses = [...reading.inet.addresses];
  const method = isDhcp ? "dhcp" : addresses.length > 0 ? "static" : "none";
  const metric = isDhcp ? metricOf(reading, "DHCPv4.RouteMetric") : undefined;
  const aside = isDhcp ? asideOf(booleanOf(reading, "DHCPv4.UseDNS"), booleanOf(reading, "DHCPv4.UseRoutes")) : {};
  return { method, addresses, ...reachOf(reading.inet, metric, isDhcp), ...aside };
}

function inet6Settings(reading: Reading, isDhcp: boolean): IpSettings {
  const addresses = [...reading.inet6.addresses];
  const { sheet } = reading;
  const old = lastOf(sheet, "Network.IPv6AcceptRouterAdvertisements");
  if (old !== undefined) reading.sheet.understood.add(old);
  const acceptRa =
    booleanOf(reading, "Network.IPv6AcceptRA") ?? (old === undefined ? undefined : parseBoolean(old.value));
  const autonomous = lastOf(sheet, "IPv6AcceptRA.UseAutonomousPrefix");
  const isAutonomous = autonomous !== undefined && parseBoolean(autonomous.value) === true;
  if (autonomous !== undefined && !isAutonomous) sheet.understood.delete(autonomous);
  // Beside addresses, taking advertisements is an addition to them, unless the file says in so many words that it makes addresses.
  const isAuto = acceptRa === true && !isDhcp && (addresses.length === 0 || isAutonomous);
  const method = isDhcp ? "dhcp" : isAuto ? "auto" : addresses.length > 0 ? "static" : "none";
  const isLearning = isDhcp || isAuto;
  const metric = isLearning ? metricOf(reading, "IPv6AcceptRA.RouteMetric") : undefined;
  const useDns = isDhcp ? "DHCPv6.UseDNS" : "IPv6AcceptRA.UseDNS";
  return {
    method,
    addresses,
    ...reachOf(reading.inet6, metric, isLearning),
    ...(acceptRa === undefined || isAuto ? {} : { acceptRa }),
    ...(isLearning ? asideOf(booleanOf(reading, useDns), undefined) : {}),
  };
}

/** Gateways have no metric of their own. */
function reachOf(
  { gateways, routes }: Draft,
  metric: number | undefined,
  isLearning: boolean,
): ReturnType<typeof settleReach> {
  const all: readonly Route[] = [...gateways.map((via) => ({ to: "default", via })), ...routes];
  return settleReach(all, isLearning ? { metric } : undefined);
}

/** Name servers and search domains; decorated ones (a port, a server's name, "~" domains) stay for the extras. */
export function readDns(
  sheet: Sheet,
  problems: Problems,
): { readonly servers: readonly string[]; readonly search: readonly string[] } | undefined {
  const servers: string[] = [];
  for (const entry of allOf(sheet, "Network.DNS")) {
    const words = wordsOf(entry);
    const plain = words.filter(({ text }) => addressFamily(text) !== undefined);
    if (plain.length === words.length) servers.push(...plain.map(({ text }) => text));
    else if (words.every(({ text }) => /^[\w.:[\]%#-]+$/.test(text))) sheet.understood.delete(entry);
    else reportValue(problems, entry, "no address of a name server");
  }
  const search: string[] = [];
  for (const entry of allOf(sheet, "Network.Domains")) {
    const words = wordsOf(entry);
    if (words.some(({ text }) => /^~|^\*$/.test(text))) sheet.understood.delete(entry);
    else search.push(...words.map(({ text }) => text));
  }
  return servers.length + search.length === 0 ? undefined : { servers, search };
}
