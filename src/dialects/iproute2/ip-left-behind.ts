import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { readRouteWords } from "../ip-route-words.ts";
import { routeSettings } from "../route-settings.ts";
import { addKeys, isOneOf, pairsOf, placeOfType, routeVerbs, setKeys, withoutIpOptions } from "./ip-commands.ts";

/** Something in a script that goes over to no other language. */
export interface Left {
  /** Names it, and goes on with " is left out: ". */
  readonly what: string;
  /** Absent: it makes no link, address or route. */
  readonly follows?: string;
  /** Absent: a warning. */
  readonly severity?: Diagnostic["severity"];
  readonly hint?: string;
}

/** ip's objects in its own order: of those that begin alike, the first is meant. Source: cmds of ip/ip.c, iproute2 6.1. */
const objects =
  `address addrlabel maddress route rule neighbor neighbour ntable ntbl link l2tp fou ila macsec tunnel tunl tuntap tap token tcpmetrics
   tcp_metrics monitor xfrm mroute mrule netns netconf vrf sr nexthop mptcp ioam help stats`.split(/\s+/);

/** Those that are played, and those that only show something. */
const quiet: ReadonlySet<string> = new Set(["address", "monitor", "netconf", "help", "stats"]);

const notMade = "nobody makes the link; only one that is there under its name is set up";

const rules: Omit<Left, "what"> = {
  follows:
    "packets that its rules sent to another table take the main one; with two uplinks, answers may leave by the wrong one, and the host is out of reach by the other",
  hint: "Say the rules in the new language's own words before you use the files, or have something else run the commands.",
};

/** What follows where an object is left out and more is lost than a setting. */
const consequences: Readonly<Record<string, Omit<Left, "what">>> = {
  rule: rules,
  mrule: rules,
  l2tp: { follows: notMade },
  tunnel: { follows: notMade },
  tunl: { follows: notMade },
  tuntap: { follows: notMade },
  tap: { follows: notMade },
  netns: { follows: "nothing is in a namespace of its own" },
  nexthop: { follows: "nobody makes the router, or the group of them: routes that name it by nhid are left out, too" },
  token: { follows: "of what the router advertises, the host makes itself another IPv6 address" },
};

/** What of `ip …` nobody plays. */
export function aboutIp(words: readonly string[]): readonly Left[] {
  const read = withoutIpOptions(words);
  const [short = "", verb = "show", ...rest] = read?.words ?? [];
  if (!/^[a-z]\w{0,20}$/.test(short)) return [];
  const object = objects.find((one) => one.startsWith(short)) ?? short;
  if (object === "link") return aboutLink(verb, rest);
  if (object === "route") return isOneOf(verb, ...routeVerbs) ? aboutRoute(readRouteWords(rest, read?.family)) : [];
  if (quiet.has(object) || isOneOf(verb, "show", "list", "lst", "get", "help", "save", "flush")) return [];
  return [{ what: `ip ${object}`, ...(Object.hasOwn(consequences, object) ? consequences[object] : {}) }];
}

/** One that isn't understood at all is told where it is read. */
function aboutRoute(line: ReturnType<typeof readRouteWords>): readonly Left[] {
  if (typeof line === "string") return [];
  return line.unsaid.map((word) => ({ what: `ip route … ${word}`, ...routeSettings[word] }));
}

function aboutLink(verb: string, words: readonly string[]): readonly Left[] {
  if (isOneOf(verb, "add")) return aboutMaking(words);
  if (!isOneOf(verb, "set", "change")) return [];
  const typeAt = placeOfType(words, setKeys);
  return aboutSetting(typeAt < 0 ? words : words.slice(0, typeAt));
}

function aboutMaking(words: readonly string[]): readonly Left[] {
  const typeAt = placeOfType(words, addKeys);
  const kind = words[typeAt + 1] ?? "";
  const pairs = pairsOf(words.slice(0, Math.max(0, typeAt)), addKeys);
  const name = pairs.get("name") ?? pairs.get("dev") ?? pairs.get("");
  if (typeAt < 0 || name === undefined || !/^[a-z]\w{0,20}$/.test(kind) || isPlayedKind(kind)) return [];
  return [{ what: `ip link add ${JSON.stringify(name.slice(0, 15))} type ${kind}`, follows: notMade }];
}

function isPlayedKind(kind: string): boolean {
  return ["bond", "bridge", "vlan"].includes(kind);
}

const advice: Omit<Left, "what"> = { severity: "advice" };

/** Words of `ip link set` that no other language is given. A virtual function's, without which it has no network, are more than a switch. */
const settings: ReadonlyMap<string, Omit<Left, "what">> = new Map([
  ...`txqueuelen txqlen qlen promisc multicast allmulticast arp dynamic trailers group protodown xdp`
    .split(" ")
    .map((word) => [word, advice] as const),
  ["addrgenmode", { ...advice, follows: "the kernel makes the link's IPv6 addresses as it does by itself" }],
  ["vf", {}],
  [
    "vrf",
    {
      follows:
        "the link stays outside: its addresses and routes go to the main table, where they may lead others astray",
    },
  ],
]);

function aboutSetting(words: readonly string[]): readonly Left[] {
  const left: Left[] = [];
  // ip, too, takes a word of its own for that, though an interface be called so and stand first.
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const setting = settings.get(word);
    if (setting !== undefined) left.push({ what: `ip link set … ${word}`, ...setting });
    if (setKeys.includes(word)) at++;
  }
  return left;
}
