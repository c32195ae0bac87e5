import { addressFamily, cidrFamily, parseCidr } from "../../model/address.ts";
import type { Json, Route } from "../../model/config.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import type { Draft } from "./draft.ts";
import { boolOf, entriesOf, type Here, itemsOf, jsonOf, refuse, shown, textOf, textsOf, wholeOf } from "./reading.ts";
import { keep, notKept, type Take, takeKeys, unknownKey } from "./take.ts";

/** 4 or 6, or undefined where the text is no address. */
export function familyOf(address: string): 4 | 6 | undefined {
  return addressFamily(address);
}

/** `addresses`: each once, the families apart. One may be a map whose value has its lifetime and label. */
export const takeAddresses: Take = (draft, tree, here) => {
  for (const item of itemsOf(here, tree)) {
    const [entry] = item.kind === "map" ? item.entries : [];
    if (entry === undefined) takeAddress(draft, textOf(here, item), item, here);
    else {
      takeAddress(draft, entry.key, item, here);
      notKept({ ...here, keyAt: entry.keyAt }, "lifetimes and labels of addresses");
    }
  }
};

function takeAddress(draft: Draft, text: string | undefined, tree: Tree, here: Here): void {
  if (text === undefined) return;
  const read = parseCidr(text);
  if (read.ok && read.value.prefix > 0) {
    const list = read.value.family === 4 ? draft.addresses4 : draft.addresses6;
    if (!list.includes(text)) list.push(text);
    draft.places.set(read.value.family === 4 ? "ipv4/addresses" : "ipv6/addresses", here.keyAt);
    return;
  }
  const hint = text.includes("/") ? "Write ADDRESS/PREFIX." : "Add the length of the prefix, as in 192.168.1.5/24.";
  refuse(here, "bad-value", `${shown(text)} is no address with a prefix`, hint, tree.at);
}

/** `gateway4` and `gateway6`, which still work and shall not. */
export function takeGateway(family: 4 | 6): Take {
  return (draft, tree, here) => {
    const text = textOf(here, tree);
    if (text === undefined) return;
    if (familyOf(text) !== family)
      return refuse(
        here,
        "bad-value",
        `${shown(text)} is no IPv${family} address`,
        "Write the router's address.",
        tree.at,
      );
    here.reading.problems.push({
      code: "netplan-deprecated",
      severity: "advice",
      message: `${here.label}: netplan warns that this key will go`,
      hint: `Write routes: [{to: default, via: ${family === 4 ? text : `"${text}"`}}].`,
      at: here.keyAt,
    });
    draft[family === 4 ? "gateway4" : "gateway6"] = text;
    draft.places.set(`ipv${family}/gateway`, here.keyAt);
  };
}

/** `nameservers`. netplan adds to the lists and hands the IPv4 servers on before the IPv6 ones. */
export const takeNameservers: Take = (draft, tree, here) => {
  takeKeys(
    draft,
    {
      addresses: (_, list, inner) => {
        for (const { text, at } of textsOf(inner, list)) {
          const family = familyOf(text);
          if (family === undefined)
            refuse(inner, "bad-value", `${shown(text)} is no address`, "Write an IPv4 or IPv6 address.", at);
          else (family === 4 ? draft.dns4 : draft.dns6).push(text);
        }
      },
      search: (_, list, inner) => {
        for (const { text } of textsOf(inner, list)) draft.search.push(text);
      },
    },
    entriesOf(here, tree),
    here,
  );
  draft.places.set("dns", here.keyAt);
};

interface RouteDraft {
  to?: string;
  via?: string;
  from?: string;
  metric?: number;
  table?: number;
  onLink?: boolean;
  scope?: string;
  /** It has a part the model has no word for. */
  isOdd: boolean;
}

/** `routes`. A route with a type, or a part the model lacks, is kept whole beside the others. */
export const takeRoutes: Take = (draft, tree, here) => {
  const odd: Tree[] = [];
  for (const item of itemsOf(here, tree)) {
    const route = readRoute(item, here);
    if (route === undefined) continue;
    if (route.isOdd) odd.push(item);
    else addRoute(draft, route, item, here);
  }
  for (const item of odd) keepRoute(draft, item);
  draft.places.set("ipv4/routes", here.keyAt);
  draft.places.set("ipv6/routes", here.keyAt);
};

const oddRouteKeys = ["type", "mtu", "congestion-window", "advertised-receive-window", "advertised-mss"];
const routeKeys = ["to", "via", "from", "metric", "table", "on-link", "scope", ...oddRouteKeys];

function readRoute(tree: Tree, outer: Here): RouteDraft | undefined {
  const route: RouteDraft = { isOdd: false };
  const before = outer.reading.problems.length;
  for (const { key, keyAt, value } of entriesOf({ ...outer, keyAt: tree.at }, tree)) {
    const here = { ...outer, label: `${outer.label}: ${key}`, keyAt };
    if (key === "metric") set(route, "metric", wholeOf(here, value));
    else if (key === "table") set(route, "table", wholeOf(here, value));
    else if (key === "on-link") set(route, "onLink", boolOf(here, value));
    else if (key === "to" || key === "via" || key === "from") set(route, key, addressOf(here, value, key));
    else if (key === "scope") set(route, "scope", textOf(here, value)?.toLowerCase());
    else if (oddRouteKeys.includes(key)) route.isOdd ||= key !== "type" || textOf(here, value) !== "unicast";
    else unknownKey(key, routeKeys, { ...outer, keyAt });
  }
  return outer.reading.problems.length > before ? undefined : route;
}

function set<K extends keyof RouteDraft>(route: RouteDraft, key: K, value: RouteDraft[K] | undefined): void {
  if (value !== undefined) route[key] = value;
}

function addressOf(here: Here, tree: Tree, key: string): string | undefined {
  const text = textOf(here, tree);
  if (text === undefined || (key === "to" && text === "default")) return text;
  const isNet = key === "to" && text.includes("/");
  if (isNet ? cidrFamily(text) !== undefined : familyOf(text) !== undefined) return text;
  return refuse(
    here,
    "bad-value",
    `${shown(text)} is no address`,
    "Write an address, and behind to: a network or default.",
    tree.at,
  );
}

function addRoute(draft: Draft, route: RouteDraft, tree: Tree, outer: Here): undefined {
  const here = { ...outer, keyAt: tree.at };
  const { to, via, from, scope = "global" } = route;
  if (to === undefined || (via === undefined && scope === "global"))
    return refuse(
      here,
      "missing-key",
      "a route needs both to and via",
      "Add the missing one, or scope: link for a network on the wire.",
    );
  const families = [via, from, to === "default" ? undefined : to.split("/", 1)[0]].flatMap((one) =>
    one === undefined ? [] : [familyOf(one)],
  );
  const [family] = families;
  if (family === undefined)
    return refuse(
      here,
      "missing-key",
      "default of which family? netplan 0.106 crashes here",
      "Write 0.0.0.0/0 or ::/0, or add via.",
    );
  if (families.some((one) => one !== family))
    return refuse(here, "bad-value", "the route mixes IPv4 and IPv6", "Write addresses of one family.");
  if (scope !== "global" && (via !== undefined || scope !== "link")) return keepRoute(draft, tree);
  const said: Route = {
    to,
    ...(via === undefined ? {} : { via }),
    ...(route.metric === undefined ? {} : { metric: route.metric }),
    ...(route.onLink === true ? { onLink: true } : {}),
    ...(route.table === undefined ? {} : { table: route.table }),
    ...(from === undefined ? {} : { source: from }),
  };
  const list = family === 4 ? draft.routes4 : draft.routes6;
  if (!list.some((one) => JSON.stringify(one) === JSON.stringify(said))) list.push(said);
}

/** A route the model has no words for, beside those already kept. */
function keepRoute(draft: Draft, tree: Tree): undefined {
  const before = draft.extra.get("routes");
  const all = [...(before === undefined ? [] : (JSON.parse(before.value) as Json[])), jsonOf(tree) ?? null];
  draft.extra.set("routes", { key: "routes", value: JSON.stringify(all), from: "netplan" });
}

const overrideKeys = ["hostname", "send-hostname", "use-domains", "use-hostname", "use-mtu", "use-ntp"] as const;

/** `dhcp4-overrides` and `dhcp6-overrides`. */
export function takeOverrides(family: 4 | 6): Take {
  return (draft, tree, here) => {
    const said = family === 4 ? draft.overrides4 : draft.overrides6;
    const name = `dhcp${family}-overrides`;
    const rest = overrideKeys.map((key): [string, Take] => [
      key,
      (_, value, inner) => keep(draft, `${name}/${key}`, value, inner),
    ]);
    const keys = {
      "route-metric": takeMetric,
      "use-dns": takeUse("useDns"),
      "use-routes": takeUse("useRoutes"),
      ...Object.fromEntries(rest),
    };
    takeKeys(draft, keys, entriesOf(here, tree), here);
    if (said.metric !== undefined) draft.places.set(`ipv${family}/metric`, here.keyAt);
    function takeMetric(_: Draft, value: Tree, inner: Here): void {
      const metric = wholeOf(inner, value);
      if (metric !== undefined) said.metric = metric;
    }
    function takeUse(what: "useDns" | "useRoutes"): Take {
      return (_, value, inner) => {
        const use = boolOf(inner, value);
        if (use !== undefined) said[what] = use;
      };
    }
  };
}

/** `link-local`: the families that get an address of that kind. IPv6 alone is what netplan does by itself. */
export const takeLinkLocal: Take = (draft, tree, here) => {
  const words = textsOf(here, tree);
  for (const { text, at } of words)
    if (!/^ipv[46]$/i.test(text))
      return refuse(here, "bad-value", `${shown(text)} is no family`, "Write ipv4, ipv6, both or [].", at);
  const said = words.map(({ text }) => text.toLowerCase());
  if (said.length > 0 && said.every((word) => word === "ipv6")) draft.extra.delete("link-local");
  else keep(draft, "link-local", tree, here);
};
