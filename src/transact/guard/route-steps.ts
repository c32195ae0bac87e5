import type { Step } from "../../plan/change.ts";
import { shellWord } from "../../plan/shell-quote.ts";
import { deadEnds, type Hop, PROTO_RA, type Route } from "../../wire/route.ts";
import { familyWords, routerWords } from "../probes/route-words.ts";
import { familyOf, linkAt, type Snapshot } from "../probes/snapshot.ts";
import { ip, shell } from "./step.ts";

/** Made by the kernel itself with an address: nobody puts it back. */
const PROTO_KERNEL = 2;

/** Makes the main table's routes what they were. */
export function routeSteps(now: Snapshot): readonly Step[] {
  // Routes on a link come first: a router may be reached by one of them. Of one metric, the first is used: those keep their order.
  const isLater = (route: Route) => leadsOn(route) || deadEnds.has(route.type);
  const inOrder = now.routes.toSorted((one, other) => Number(isLater(one)) - Number(isLater(other)));
  const given = inOrder.filter((route) => canBeGiven(now, route) && !isKernels(route));
  const kept = inOrder.filter((route) => !canBeGiven(now, route));
  const routes = given.map((route, at) => {
    // What takes the place of another of its metric would be all that's left of the two. Of IPv6's dead ends the kernel takes any but a
    // static router's for like, and puts the new one in its place.
    const others = deadEnds.has(route.type) ? inOrder.filter((other) => !given.includes(other)) : kept;
    const isBeside = [...others, ...given.slice(0, at)].some((other) => isRival(route, other));
    return routeStep(now, route, isBeside ? "append" : "replace");
  });
  return [shell("No default routes but the host's own", removeDefaults(now.routes, kept)), ...routes];
}

/** All of IPv4's, where the host's own can be given back. Else those alone whose metric none of the host's own had. */
function removeDefaults(all: readonly Route[], kept: readonly Route[]): string {
  if (!kept.some(isDefault4)) return "while ip -4 route delete default 2>/dev/null; do :; done";
  const metrics = new Set(all.filter(isDefault4).map(({ metric }) => metric));
  // Metric 0 is any to the kernel, which takes the first away: one without. A type of service stands apart from the others.
  return `ip -4 -o route show default | while read -r route; do
  case $route in *" tos "* | *" dscp "*) continue ;; esac
  case $route in *" metric "*) metric=\${route#* metric } ;; *) metric=0 ;; esac
  case \${metric%% *} in ${[...metrics].join("|")}) ;; *) ip -4 route delete default metric "\${metric%% *}" ;; esac
done
true`;
}

/** Whether it would be the same again: what it goes by is understood, and is there. */
function canBeGiven(now: Snapshot, route: Route): boolean {
  return route.isUnread !== true && (deadEnds.has(route.type) || waysOf(now, route).length > 0);
}

/** Routes that the kernel makes again with an address, or for a router's advertisement. Its own name no router and lead to one network;
 *  ifupdown2 says of its gateways that the kernel made them. */
function isKernels(route: Route): boolean {
  return route.protocol === PROTO_RA || (route.protocol === PROTO_KERNEL && !leadsOn(route) && route.to !== "");
}

function isDefault4({ family, to }: Route): boolean {
  return family === 2 && to === "";
}

/** Routes to one network of one metric, which the kernel can have beside each other. */
function isRival(one: Route, other: Route): boolean {
  const isSamePlace = one.family === other.family && one.to === other.to && one.prefix === other.prefix;
  return isSamePlace && one.metric === other.metric && one.tos === other.tos;
}

type Verb = "append" | "replace";

/** The kernel refuses to have the very same route twice: it is there then, and nothing has failed. */
const beside = `beside() {
  said=$(LC_ALL=C "$@" 2>&1) && return
  case $said in *"File exists"*) return 0 ;; esac
  echo "$said" >&2
  return 1
}`;

function routeStep(now: Snapshot, route: Route, verb: Verb): Step {
  const deadEnd = deadEnds.get(route.type);
  const ways = deadEnd === undefined ? waysOf(now, route) : [];
  const by = deadEnd ?? ways.map(({ via, name }) => (via === "" ? name : via)).join(" and ");
  const to = route.to === "" ? "default" : `${route.to}/${route.prefix}`;
  const why = `The route to ${to} is ${deadEnd === undefined ? "by " : ""}${by}`;
  const bare = (words: readonly string[]) => ["ip", ...words].map(shellWord).join(" ");
  const line = (words: readonly string[]) => (verb === "append" ? `beside ${bare(words)}` : bare(words));
  const script = (lines: readonly string[]) =>
    shell(why, [...(verb === "append" ? [beside] : []), ...lines].join("\n"));
  const tried = (tries: readonly (readonly string[])[]) => tries.map(line).join(" || ");
  if (route.hops === undefined) {
    const [words = [], ...more] = wordings(route, ways, verb);
    return verb === "replace" && more.length === 0 ? ip(words, why) : script([tried([words, ...more])]);
  }
  const each = ways.map((way, at) => tried(wordings(route, [way], at === 0 ? verb : "append")));
  const all = severalWords(route, ways, verb);
  // The kernel takes all of its ways or none, for want of one's link. What is less than was promised counts as failed. IPv6 has each way
  // apart: that one is there says nothing of the others.
  return script([`${route.family === 2 ? line(all) : bare(all)} && exit`, ...each, "exit 1"]);
}

/** All that is to be said of it, and what every ip(8) understands, BusyBox's too: a route without the rest is better than none. Packets that
 *  are too large are lost, so their size is not of the rest. Nor is a type of service: without it the route would be for everything. */
function wordings(route: Route, ways: readonly Way[], verb: Verb): readonly (readonly string[])[] {
  const words = routeWords(route, ways, verb);
  const metrics = (route.metrics ?? []).filter(({ name }) => name === "mtu");
  const few = ways.map(({ realms: _, ...way }) => way);
  const fewer = routeWords({ ...route, metrics }, few, verb);
  return words.length === fewer.length ? [words] : [words, fewer];
}

function routeWords(route: Route, ways: readonly Way[], verb: Verb): readonly string[] {
  return [...beginWords(route, ways, verb), ...ways.flatMap((way) => wayWords(route, way)), ...moreWords(route)];
}

function severalWords(route: Route, ways: readonly Way[], verb: Verb): readonly string[] {
  const hops = ways.flatMap((way) => ["nexthop", ...wayWords(route, way), "weight", String(way.weight)]);
  return [...beginWords(route, ways, verb), ...moreWords(route), ...hops];
}

function beginWords(route: Route, ways: readonly Way[], verb: Verb): readonly string[] {
  const deadEnd = deadEnds.get(route.type);
  const routers = ways.map(({ via }) => via);
  const to = route.to === "" ? "default" : `${route.to}/${route.prefix}`;
  return [...familyWords(familyOf(route), routers), "route", verb, ...(deadEnd === undefined ? [] : [deadEnd]), to];
}

function wayWords(route: Route, { via, name, onLink, realms }: Way): readonly string[] {
  return [
    ...[...routerWords(familyOf(route), via), "dev", name],
    ...(onLink === true ? ["onlink"] : []),
    ...(realms === undefined ? [] : ["realms", `${realms >>> 16}/${realms & 0xffff}`]),
  ];
}

function moreWords({ metric, tos, source, protocol, metrics = [] }: Route): readonly string[] {
  return [
    ...(metric > 0 ? ["metric", String(metric)] : []),
    ...(tos === undefined ? [] : ["tos", `0x${tos.toString(16)}`]),
    ...(source === "" ? [] : ["src", source]),
    // Whose it is: a daemon leaves alone for ever what seems to be somebody else's.
    ...(protocol > 0 ? ["proto", String(protocol)] : []),
    ...metrics.flatMap(({ name, value, isLocked }) => [name, ...(isLocked === true ? ["lock"] : []), value]),
  ];
}

/** Whether a router, or several, take it further. */
function leadsOn({ via, hops }: Route): boolean {
  return via !== "" || hops !== undefined;
}

type Way = Hop & { readonly name: string };

/** The ways of a route whose links are there. */
function waysOf(now: Snapshot, { via, index, onLink, realms, hops }: Route): readonly Way[] {
  const more = { ...(onLink === undefined ? {} : { onLink }), ...(realms === undefined ? {} : { realms }) };
  const all = hops ?? [{ via, index, weight: 1, ...more }];
  return all.flatMap((hop) => {
    const link = linkAt(now, hop.index);
    return link === undefined ? [] : [{ ...hop, name: link.name }];
  });
}
