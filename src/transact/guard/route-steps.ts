import type { Step } from "../../plan/change.ts";
import { shellQuote, shellWord } from "../../plan/shell-quote.ts";
import { deadEnds, type Hop, PROTO_RA, type Route } from "../../wire/route.ts";
import { familyWords, routerWords } from "../probes/route-words.ts";
import { linkAt, type Snapshot } from "../probes/snapshot.ts";
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
    // What takes the place of another of its metric would be all that's left of the two.
    const isBeside = [...kept, ...given.slice(0, at)].some((other) => isRival(route, other));
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

/** Default routes of one metric, which IPv4 has beside each other. Other routes are there already when nothing took them away, and the kernel
 *  refuses to put one beside itself. */
function isRival(one: Route, other: Route): boolean {
  return isDefault4(one) && isDefault4(other) && one.metric === other.metric && one.tos === other.tos;
}

function routeStep(now: Snapshot, route: Route, verb: "append" | "replace"): Step {
  const deadEnd = deadEnds.get(route.type);
  const ways = deadEnd === undefined ? waysOf(now, route) : [];
  const family = route.family === 2 ? "ipv4" : "ipv6";
  const to = route.to === "" ? "default" : `${route.to}/${route.prefix}`;
  const more = moreWords(route);
  const begin = (by: readonly Way[], how: "append" | "replace") => [
    ...familyWords(
      family,
      by.map(({ via }) => via),
    ),
    ...["route", how, ...(deadEnd === undefined ? [] : [deadEnd]), to],
  ];
  const wayWords = ({ via, name }: Way) => [...routerWords(family, via), "dev", name];
  const wordsOf = (way: Way) => [
    ...wayWords(way),
    ...(way.onLink === true ? ["onlink"] : []),
    ...(way.realms === undefined ? [] : ["realms", `${way.realms >>> 16}/${way.realms & 0xffff}`]),
  ];
  const by = deadEnd ?? ways.map(({ via, name }) => (via === "" ? name : via)).join(" and ");
  const why = `The route to ${to} is ${deadEnd === undefined ? "by " : ""}${by}`;
  const single = [...begin(ways, verb), ...ways.flatMap(wordsOf), ...more];
  const line = (words: readonly string[]) => ["ip", ...words].map(shellWord).join(" ");
  if (route.hops === undefined) {
    if (verb === "replace") return ip(single, why);
    const shown = [...(deadEnd === undefined ? [] : [deadEnd]), "default", ...ways.flatMap(wayWords)];
    return shell(why, `${unlessThere(route, [shown])}\n${line(single)}`);
  }
  const weighed = (way: Way) => ["weight", String(way.weight)];
  const hops = ways.flatMap((way) => ["nexthop", ...wordsOf(way), ...weighed(way)]);
  // A way's realm is shown between its router and its link.
  const shown = ways.flatMap((way) => [
    ["nexthop", ...routerWords(family, way.via)],
    ["dev", way.name, ...weighed(way)],
  ]);
  const singly = ways.map((way, at) => [...begin([way], at === 0 ? verb : "append"), ...wordsOf(way), ...more]);
  // The kernel takes all of its ways or none, for want of one's link. What is less than was promised counts as failed.
  const together = `${line([...begin(ways, verb), ...more, ...hops])} && exit`;
  const asked = verb === "append" ? [unlessThere(route, shown)] : [];
  return shell(why, [...asked, together, ...singly.map(line), "exit 1"].join("\n"));
}

/** Ends a script where ip(8) shows an IPv4 default route like this: the kernel refuses to have it twice, and nothing has failed then. */
function unlessThere({ metric }: Route, shown: readonly (readonly string[])[]): string {
  const pattern = shown.map((words) => shellQuote(`${words.join(" ")} `)).join("*");
  return `case $(ip -4 -o route show default metric ${metric}) in *${pattern}*) exit 0 ;; esac`;
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
