import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { addKeys, isOneOf, pairsOf, placeOfType, setKeys, withoutIpOptions } from "./ip-commands.ts";

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
const quiet: ReadonlySet<string> = new Set(["address", "route", "monitor", "netconf", "help", "stats"]);

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
};

/** What of `ip …` nobody plays. */
export function aboutIp(words: readonly string[]): readonly Left[] {
  const [short = "", verb = "show", ...rest] = withoutIpOptions(words)?.words ?? [];
  if (!/^[a-z]\w{0,20}$/.test(short)) return [];
  const object = objects.find((one) => one.startsWith(short)) ?? short;
  if (object === "link") return aboutLink(verb, rest);
  if (quiet.has(object) || isOneOf(verb, "show", "list", "lst", "get", "help", "save", "flush")) return [];
  return [{ what: `ip ${object}`, ...(Object.hasOwn(consequences, object) ? consequences[object] : {}) }];
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

/** Words of `ip link set` that no other language is given; a virtual function's, without which it has no network, is more than a switch. */
const settings: ReadonlySet<string> = new Set(
  "vf txqueuelen txqlen qlen promisc multicast allmulticast arp dynamic trailers group addrgenmode protodown xdp vrf".split(
    " ",
  ),
);

function aboutSetting(words: readonly string[]): readonly Left[] {
  const left: Left[] = [];
  for (let at = words[0] !== undefined && setKeys.includes(words[0]) ? 0 : 1; at < words.length; at++) {
    const word = words[at] ?? "";
    const what = `ip link set … ${word}`;
    if (settings.has(word)) left.push(word === "vf" ? { what } : { what, severity: "advice" });
    if (setKeys.includes(word)) at++;
  }
  return left;
}
