import type { HostBond, HostState } from "../../model/host-state.ts";
import { formatOption } from "../../model/option-value.ts";
import type { OptionName } from "../../model/options.ts";
import type { Step } from "../../plan/change.ts";
import { shellQuote, shellWord } from "../../plan/shell-quote.ts";
import type { LinkState } from "../../wire/link.ts";
import { type Hop, PROTO_RA, type Route } from "../../wire/route.ts";
import { familyWords, routerWords } from "../probes/route-words.ts";
import { linkAt, type Snapshot } from "../probes/snapshot.ts";

/** Made by the kernel itself with an address: nobody puts it back. */
const PROTO_KERNEL = 2;
/** Kinds of links that a network's configuration makes; containers' come and go by themselves. */
const made = ["bond", "bridge", "vlan"];

/** Makes the running network what it was, by ip(8) and a shell, whatever a command did to it. Every step may fail, be repeated, and find
 *  nothing to do. */
export function runtimeSteps(now: Snapshot, state: HostState): readonly Step[] {
  const links = now.links.filter(({ name }) => name !== "lo");
  return [
    shell("Links that weren't there are removed", removeUnknown(now.links.map(({ name }) => name))),
    ...state.bonds.flatMap(bondSteps),
    ...links.flatMap((link) => membership(now, link)),
    ...links.map((link) =>
      ip(["link", "set", "dev", link.name, link.isUp ? "up" : "down"], `${link.name} is as it was`),
    ),
    ...links.flatMap((link) => addressSteps(now, link)),
    ...routeSteps(now),
  ];
}

function removeUnknown(names: readonly string[]): string {
  return `for path in /sys/class/net/*; do
  name=\${path##*/}
  case $name in ${names.map(shellQuote).join("|")}) continue ;; esac
  case $(cat "$path/uevent") in *DEVTYPE=${made.join("* | *DEVTYPE=")}*) ip link delete dev "$name" ;; esac
done
true`;
}

function bondSteps({ name, options, ports }: HostBond): readonly Step[] {
  const mode = options.mode ?? "balance-rr";
  const folder = `/sys/class/net/${name}/bonding`;
  const settings = (Object.keys(options) as OptionName[])
    .filter((option) => option !== "mode" && option !== "active_slave" && option !== "primary")
    .map((option) => [option, formatOption(option, options[option] as never)] as const)
    // What the kernel shows empty it doesn't take empty.
    .filter(([, value]) => value !== "");
  const lines = settings.map(([option, value]) => setting(folder, option, value));
  const primary = options.primary === undefined ? [] : [setting(folder, "primary", options.primary)];
  return [
    shell(
      `There is a bond ${name}`,
      `[ -d ${folder} ] || ip link add dev ${shellQuote(name)} type bond mode ${mode} miimon 100`,
    ),
    shell(`${name} has its options`, [...lines, "true"].join("\n")),
    ...ports.map((port) =>
      shell(
        `${port} is in ${name}`,
        `[ "$(readlink /sys/class/net/${port}/master)" != "" ] && case $(readlink /sys/class/net/${port}/master) in */${name}) exit 0 ;; esac
ip link set dev ${shellQuote(port)} down; ip link set dev ${shellQuote(port)} master ${shellQuote(name)}`,
      ),
    ),
    ...(primary.length === 0 ? [] : [shell(`${name} prefers ${options.primary}`, primary.join("\n"))]),
  ];
}

function setting(folder: string, option: string, value: string): string {
  const file = `${folder}/${option}`;
  if (option === "arp_ip_target" || option === "ns_ip6_target") {
    return value
      .split(",")
      .map((one) => `grep -qwF ${shellQuote(one)} ${file} || echo ${shellQuote(`+${one}`)} >${file}`)
      .join("\n");
  }
  // The kernel shows "word number" and refuses some writes that change nothing.
  return `case "$(cat ${file} 2>/dev/null) " in ${shellQuote(`${value} `)}*) ;; *) echo ${shellQuote(value)} >${file} ;; esac`;
}

function membership(now: Snapshot, link: LinkState): readonly Step[] {
  const master = linkAt(now, link.master);
  // A bond's ports are the bond's.
  if (master?.kind === "bond") return [];
  if (master !== undefined)
    return [ip(["link", "set", "dev", link.name, "master", master.name], `${link.name} is in ${master.name}`)];
  const script = `[ ! -e /sys/class/net/${link.name}/master ] || ip link set dev ${shellQuote(link.name)} nomaster`;
  return [shell(`${link.name} stands alone`, script)];
}

function addressSteps(now: Snapshot, link: LinkState): readonly Step[] {
  const own = now.addresses
    .filter(({ index, scope }) => index === link.index && scope === "global")
    .map(({ ip: address, prefix }) => `${address}/${prefix}`);
  const known = own.length === 0 ? "" : `${own.map(shellQuote).join("|")}) ;; `;
  const script = `ip -o address show dev ${shellQuote(link.name)} scope global | while read -r number name family address rest; do
  case $address in ${known}*) ip address delete "$address" dev ${shellQuote(link.name)} ;; esac
done
true`;
  return [
    shell(`${link.name} has no addresses but its own`, script),
    ...own.map((cidr) => ip(["address", "replace", cidr, "dev", link.name], `${link.name} has ${cidr}`)),
    ...linkLocalSteps(now, link),
  ];
}

/** The kernel makes it when a link comes up, and not again when somebody takes it away: without one, IPv6 has no neighbours. */
function linkLocalSteps(now: Snapshot, link: LinkState): readonly Step[] {
  const had = now.addresses.find(
    ({ index, scope, ip }) => index === link.index && scope === "link" && ip.includes(":"),
  );
  if (had === undefined) return [];
  const name = shellQuote(link.name);
  const script = `[ -n "$(ip -6 -o address show dev ${name} scope link)" ] || ip address add ${had.ip}/${had.prefix} dev ${name}`;
  return [shell(`${link.name} has an address for its neighbours`, script)];
}

function routeSteps(now: Snapshot): readonly Step[] {
  // Routes on a link come first: a router may be reached by one of them.
  const inOrder = now.routes.toSorted((one, other) => Number(leadsOn(one)) - Number(leadsOn(other)));
  const given = inOrder.filter((route) => canBeGiven(now, route) && !isKernels(route));
  const kept = inOrder.filter((route) => !canBeGiven(now, route));
  const routes = given.map((route, at) => {
    // What takes the place of another of its metric would be all that's left of the two.
    const isBeside = [...kept, ...given.slice(0, at)].some((other) => isRival(route, other));
    return routeStep(now, route, isBeside ? "append" : "replace");
  });
  const defaults = "while ip -4 route delete default 2>/dev/null; do :; done";
  // A stranger's default route does less harm than one of the host's own that nobody can give back.
  const isSafe = kept.every(({ to, family }) => to !== "" || family !== 2);
  return [...(isSafe ? [shell("No default routes but the host's own", defaults)] : []), ...routes];
}

/** Whether it would be the same again: what it goes by is understood, and is there. */
function canBeGiven(now: Snapshot, route: Route): boolean {
  return route.isUnread !== true && waysOf(now, route).length > 0;
}

/** Routes that the kernel makes again with an address, or for a router's advertisement. Its own name no router and lead to one network;
 *  ifupdown2 says of its gateways that the kernel made them. */
function isKernels(route: Route): boolean {
  return route.protocol === PROTO_RA || (route.protocol === PROTO_KERNEL && !leadsOn(route) && route.to !== "");
}

/** Default routes of one metric, which IPv4 has beside each other. Other routes are there already when nothing took them away, and the kernel
 *  refuses to put one beside itself. */
function isRival(one: Route, other: Route): boolean {
  return [one, other].every(({ family, to }) => family === 2 && to === "") && one.metric === other.metric;
}

function routeStep(now: Snapshot, route: Route, verb: "append" | "replace"): Step {
  const ways = waysOf(now, route);
  const family = route.family === 2 ? "ipv4" : "ipv6";
  const to = route.to === "" ? "default" : `${route.to}/${route.prefix}`;
  const more = [
    ...(route.metric > 0 ? ["metric", String(route.metric)] : []),
    ...(route.source === "" ? [] : ["src", route.source]),
    // Whose it is: a daemon leaves alone for ever what seems to be somebody else's.
    ...(route.protocol > 0 ? ["proto", String(route.protocol)] : []),
  ];
  const begin = (by: readonly Way[], how: "append" | "replace") => [
    ...familyWords(
      family,
      by.map(({ via }) => via),
    ),
    ...["route", how, to],
  ];
  const wordsOf = ({ via, name, onLink }: Way) => [
    ...routerWords(family, via),
    ...["dev", name],
    ...(onLink === true ? ["onlink"] : []),
  ];
  const by = ways.map(({ via, name }) => (via === "" ? name : via)).join(" and ");
  const why = `The route to ${to} is by ${by}`;
  const singly = ways.map((way, at) => [...begin([way], at === 0 ? verb : "append"), ...wordsOf(way), ...more]);
  if (route.hops === undefined) return ip(singly[0] ?? [], why);
  const hops = ways.flatMap((way) => ["nexthop", ...wordsOf(way), "weight", String(way.weight)]);
  const line = (words: readonly string[]) => ["ip", ...words].map(shellWord).join(" ");
  // The kernel takes all of its ways or none, for want of one's link. What is less than was promised counts as failed.
  const together = `${line([...begin(ways, verb), ...more, ...hops])} && exit`;
  return shell(why, [together, ...singly.map(line), "exit 1"].join("\n"));
}

/** Whether a router, or several, take it further. */
function leadsOn({ via, hops }: Route): boolean {
  return via !== "" || hops !== undefined;
}

type Way = Hop & { readonly name: string };

/** The ways of a route whose links are there. */
function waysOf(now: Snapshot, { via, index, onLink, hops }: Route): readonly Way[] {
  const all = hops ?? [{ via, index, weight: 1, ...(onLink === undefined ? {} : { onLink }) }];
  return all.flatMap((hop) => {
    const link = linkAt(now, hop.index);
    return link === undefined ? [] : [{ ...hop, name: link.name }];
  });
}

function ip(words: readonly string[], why: string): Step {
  return { argv: ["ip", ...words], limitSeconds: 10, why, onFailure: "go-on" };
}

function shell(why: string, script: string): Step {
  return { argv: ["/bin/sh", "-c", script], limitSeconds: 20, why, onFailure: "go-on" };
}
