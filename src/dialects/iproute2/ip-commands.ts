import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import { parseAddress } from "../../model/address.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import type { BondOptions, OptionName, PortOptions } from "../../model/options.ts";
import { optionRow } from "../../model/options.ts";
import { type RouteLine, readRouteWords } from "../ip-route-words.ts";
import { dropAddress, dropAddresses, reaching } from "./addresses.ts";
import { forgetRoutes, keepRoute, type Link, linkNamed, makeBond, type Network, routeKey } from "./network.ts";
import { join, readOptionText, setAddress, setOptions } from "./operate.ts";
import type { PlainCommand } from "./run-script.ts";
import { bridgeSettings, optionOfWord } from "./spelling.ts";

interface Ip {
  readonly network: Network;
  readonly at: Span;
  readonly diagnostics: Diagnostic[];
}

/** Plays `ip …` on the network: link, address and route; the rest is passed over. */
export function takeIp(
  network: Network,
  { at }: PlainCommand,
  words: readonly string[],
  diagnostics: Diagnostic[],
): void {
  const ip: Ip = { network, at, diagnostics };
  const read = withoutIpOptions(words);
  if (read === undefined) {
    sayNotFollowed(ip, "this happens in another namespace, or is in another file");
    return;
  }
  const [object = "", verb = "show", ...rest] = read.words;
  if (isShort(object, "address", "a")) takeAddress(ip, verb, rest);
  else if (isShort(object, "link", "l")) takeLink(ip, verb, rest);
  else if (isShort(object, "route", "r")) takeRoute(ip, verb, rest, read.family);
}

interface IpWords {
  readonly words: readonly string[];
  readonly family?: "ipv4" | "ipv6";
}

/** The words behind ip's options, and the family these name; undefined: they lead into another namespace, or to another file. */
export function withoutIpOptions(words: readonly string[]): IpWords | undefined {
  let from = 0;
  let family: "ipv4" | "ipv6" | undefined;
  for (; (words[from] ?? "").startsWith("-"); from++) {
    const option = words[from] ?? "";
    if (option === "-4") family = "ipv4";
    else if (option === "-6") family = "ipv6";
    else if (/^-{1,2}(n|netns|batch|b)$/.test(option)) return undefined;
    else if (/^-{1,2}(family|f)$/.test(option)) {
      family = words[from + 1] === "inet6" ? "ipv6" : "ipv4";
      from++;
    }
  }
  return { words: words.slice(from), ...(family === undefined ? {} : { family }) };
}

/** ip takes any beginning of a word. */
function isShort(word: string, whole: string, least: string): boolean {
  return word.length >= least.length && whole.startsWith(word);
}

/** Whether a word is one of ip's verbs, or the beginning of one. */
export function isOneOf(word: string, ...verbs: readonly string[]): boolean {
  return word !== "" && verbs.some((verb) => verb.startsWith(word));
}

function sayNotFollowed({ diagnostics, at }: Ip, message: string): void {
  diagnostics.push({
    code: "script-not-followed",
    severity: "warning",
    message: `${message}: Holdfast leaves the command out`,
    at,
  });
}

function takeAddress(ip: Ip, verb: string, words: readonly string[]): void {
  const devAt = words.indexOf("dev");
  const device = devAt < 0 ? undefined : words[devAt + 1];
  if (device === undefined || !isInterfaceName(device)) return;
  if (isOneOf(verb, "flush")) {
    const link = linkNamed(ip.network, device, ip.at);
    dropAddresses(link.ipv4.addresses);
    dropAddresses(link.ipv6.addresses);
    return;
  }
  const address = words[0] === "local" ? words[1] : words[0];
  if (address === undefined) return;
  if (isOneOf(verb, "delete", "del")) {
    const link = linkNamed(ip.network, device, ip.at);
    for (const family of ["ipv4", "ipv6"] as const) dropAddress(link[family].addresses, address);
    return;
  }
  if (!isOneOf(verb, "add", "replace", "change")) return;
  const link = linkNamed(ip.network, device, ip.at);
  ip.network.origins.set(`interface/${device}/${address.includes(":") ? "ipv6" : "ipv4"}/addresses`, ip.at);
  if (!setAddress(link, address))
    ip.diagnostics.push({
      code: "bad-value",
      severity: "error",
      message: `${device}: this is no address: ip refuses the command`,
      hint: "Write ADDRESS/PREFIX.",
      at: ip.at,
    });
}

/** Verbs behind which a route stands that there is to be. */
export const routeVerbs: readonly string[] = ["add", "replace", "append", "change", "prepend"];

function takeRoute(ip: Ip, verb: string, words: readonly string[], family: "ipv4" | "ipv6" | undefined): void {
  if (!isOneOf(verb, ...routeVerbs)) return;
  const line = readRouteWords(words, family);
  if (typeof line === "string") {
    ip.diagnostics.push({
      code: "route-not-understood",
      severity: "warning",
      message: `this route is not understood from ${JSON.stringify(line)} on`,
      hint: "Write it as ip route add DESTINATION via ROUTER dev INTERFACE.",
      at: ip.at,
    });
    return;
  }
  const { network } = ip;
  const owner = line.device === undefined ? reachable(network, line) : linkNamed(network, line.device, ip.at);
  if (owner === undefined) {
    sayNotFollowed(ip, "this route names no interface, and its router is in no subnet that is set before");
    return;
  }
  const key = routeKey(line.family, line.route);
  const earlier = network.routes.get(key);
  if (earlier !== undefined && isOneOf(verb, "replace", "change")) forgetRoutes(earlier[line.family], key);
  network.routes.set(key, owner);
  keepRoute(owner[line.family], key, line.route);
}

function reachable(network: Network, { route, family }: RouteLine): Link | undefined {
  const via = parseAddress(route.via ?? "");
  if (!via.ok) return undefined;
  // A router of the other family is none of these addresses' neighbours.
  if ((via.value.family === 6) !== (family === "ipv6")) return undefined;
  const isReaching = reaching(via.value);
  for (const link of network.links.values()) if (isReaching(link[family].addresses)) return link;
  return undefined;
}

function takeLink(ip: Ip, verb: string, words: readonly string[]): void {
  if (isOneOf(verb, "add")) addLink(ip, words);
  else if (isOneOf(verb, "set", "change")) setLink(ip, words);
  else if (isOneOf(verb, "delete")) {
    const name = words[0] === "dev" ? words[1] : words[0];
    if (name !== undefined) ip.network.links.delete(name);
  }
}

/* Words of `ip link` that a value follows, and those that stand for themselves. */
export const addKeys: readonly string[] = ["link", "name", "dev", "address", "mtu", "txqueuelen", "index"];
const setFlags = ["up", "down", "nomaster"];
export const setKeys: readonly string[] = [
  ...["dev", "master", "mtu", "address", "name", "txqueuelen", "txqlen", "alias", "netns"],
  ...["promisc", "multicast", "allmulticast", "arp"],
];

function addLink(ip: Ip, words: readonly string[]): void {
  const typeAt = placeOfType(words, addKeys);
  const before = typeAt < 0 ? words : words.slice(0, typeAt);
  const pairs = pairsOf(before, addKeys);
  const name = pairs.get("name") ?? pairs.get("dev") ?? pairs.get("");
  const kind = words[typeAt + 1];
  if (name === undefined || !isInterfaceName(name) || typeAt < 0 || kind === undefined) return;
  const { network, at, diagnostics } = ip;
  if (["bond", "bridge", "vlan"].includes(network.links.get(name)?.kind ?? "")) {
    diagnostics.push({
      code: "link-exists",
      severity: "warning",
      message: `${name} is made twice: the second command fails ("File exists") and sets nothing`,
      hint: "Remove one of the two, or use ip link set.",
      at,
    });
    return;
  }
  const rest = words.slice(typeAt + 2);
  if (kind === "bond") addBond(ip, name, rest);
  else if (kind === "bridge") {
    linkNamed(network, name, at).kind = "bridge";
    setBridge(linkNamed(network, name, at), rest);
  } else if (kind === "vlan") addVlan(ip, name, pairs.get("link"), rest);
  else linkNamed(network, name, at);
  const link = network.links.get(name);
  if (link !== undefined) setPlain(ip, link, pairs);
}

function addBond(ip: Ip, name: string, words: readonly string[]): void {
  const said = readOptions(ip, name, words, "bond");
  const bond = makeBond(ip.network, name, ip.at);
  if (said !== undefined && setOptions(bond, said as BondOptions, true, ip.network, ip.at, ip.diagnostics)) {
    for (const option of Object.keys(said)) ip.network.origins.set(`bond/${name}/option/${option}`, ip.at);
    return;
  }
  ip.network.links.delete(name);
}

function addVlan(ip: Ip, name: string, parent: string | undefined, words: readonly string[]): void {
  const idAt = words.indexOf("id");
  const id = Number(words[idAt + 1] ?? "x");
  if (parent === undefined || !isInterfaceName(parent) || idAt < 0 || !Number.isInteger(id) || id < 0 || id > 4094) {
    ip.diagnostics.push({
      code: "bad-value",
      severity: "error",
      message: `${name}: a VLAN needs its parent and a number from 0 to 4094: ip refuses the command`,
      hint: "Write ip link add link PARENT name NAME type vlan id NUMBER.",
      at: ip.at,
    });
    return;
  }
  const link = linkNamed(ip.network, name, ip.at);
  link.kind = "vlan";
  link.vlan = { parent, id };
}

function setBridge(link: Link, words: readonly string[]): void {
  for (let at = 0; at + 1 < words.length; at += 2) {
    const unit = bridgeSettings.get(words[at] ?? "");
    const value = words[at + 1] ?? "";
    if (unit !== undefined)
      link.settings[words[at] ?? ""] =
        unit === "hundredths" && /^\d+$/.test(value) ? String(Number(value) / 100) : value;
  }
}

/** Words in pairs; "" is the first word that begins none. */
export function pairsOf(
  words: readonly string[],
  keys: readonly string[],
  flags: readonly string[] = [],
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const next = words[at + 1];
    if (keys.includes(word) && next !== undefined) {
      pairs.set(word, next);
      at++;
    } else if (flags.includes(word)) pairs.set(word, word);
    else if (!pairs.has("")) pairs.set("", word);
  }
  return pairs;
}

/** Where the word "type" stands, or -1. An interface can be called so too: what follows a key is its value. */
export function placeOfType(words: readonly string[], keys: readonly string[]): number {
  for (let at = 0; at < words.length; at++) {
    if (words[at] === "type") return at;
    if (keys.includes(words[at] ?? "")) at++;
  }
  return -1;
}

/** MAC address and MTU, in add and set alike. */
function setPlain(ip: Ip, link: Link, pairs: ReadonlyMap<string, string>): void {
  const mtu = pairs.get("mtu");
  const mac = pairs.get("address")?.toLowerCase();
  if (mtu !== undefined && /^\d{2,5}$/.test(mtu)) {
    link.mtu = Number(mtu);
    ip.network.origins.set(`interface/${link.name}/mtu`, ip.at);
  }
  if (mac !== undefined && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) {
    link.mac = mac;
    ip.network.origins.set(`interface/${link.name}/mac`, ip.at);
  }
}

function setLink(ip: Ip, words: readonly string[]): void {
  const { network, at, diagnostics } = ip;
  const typeAt = placeOfType(words, setKeys);
  const pairs = pairsOf(typeAt < 0 ? words : words.slice(0, typeAt), setKeys, setFlags);
  const name = pairs.get("dev") ?? pairs.get("");
  if (name === undefined || !isInterfaceName(name)) return;
  if (pairs.has("netns") || pairs.has("name")) {
    sayNotFollowed(ip, `${name} gets another ${pairs.has("name") ? "name" : "namespace"} here`);
    return;
  }
  const link = linkNamed(network, name, at);
  const master = pairs.get("master");
  if (pairs.has("down")) link.up = false;
  if (master !== undefined && isInterfaceName(master)) join(network, name, master, at, diagnostics);
  if (pairs.has("nomaster")) delete link.master;
  setPlain(ip, link, pairs);
  if (typeAt >= 0) setType(ip, link, words[typeAt + 1] ?? "", words.slice(typeAt + 2));
  if (pairs.has("up")) link.up = true;
}

function setType(ip: Ip, link: Link, kind: string, words: readonly string[]): void {
  const { network, at, diagnostics } = ip;
  if (kind === "bridge") setBridge(link, words);
  else if (kind === "bond_slave") {
    const said = readOptions(ip, link.name, words, "port");
    if (said !== undefined) link.portOptions = { ...link.portOptions, ...(said as PortOptions) };
  } else if (kind === "bond") {
    if (link.kind !== "bond") makeBond(network, link.name, at);
    const said = readOptions(ip, link.name, words, "bond");
    if (said === undefined || !setOptions(link, said as BondOptions, false, network, at, diagnostics)) return;
    for (const option of Object.keys(said)) network.origins.set(`bond/${link.name}/option/${option}`, at);
  }
}

/** Options behind `type bond` or `type bond_slave`; undefined where ip refuses the command, which is told. */
function readOptions(
  ip: Ip,
  name: string,
  words: readonly string[],
  scope: "bond" | "port",
): Record<string, unknown> | undefined {
  const said: Record<string, unknown> = {};
  for (let at = 0; at < words.length; at += 2) {
    const word = words[at] ?? "";
    const option = optionOfWord(word);
    const text = words[at + 1];
    if (option === undefined || optionRow(option).scope !== scope || text === undefined) {
      ip.diagnostics.push({
        code: "bond-command-refused",
        severity: "error",
        message: `${name}: ip doesn't know ${JSON.stringify(word)} here, and refuses the command`,
        hint: word === "peer_notif_delay" ? "Write peer_notify_delay." : "See ip link help bond.",
        at: ip.at,
      });
      return undefined;
    }
    const value = readOptionText(option as OptionName, text, name, ip.at, ip.diagnostics);
    if (value === undefined) return undefined;
    said[option] = value;
  }
  return said;
}
