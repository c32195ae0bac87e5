import { networkOf, parseAddress, parseCidr } from "../../model/address.ts";
import type { IpSettings, Route } from "../../model/config.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import { entriesOf, type Here, itemsOf, refuse, shown, textOf, textsOf, wholeOf } from "../netplan/reading.ts";
import { maskBits } from "./mask.ts";

/** What the subnets of an interface say together. */
export interface Families {
  readonly ipv4: IpSettings;
  readonly ipv6: IpSettings;
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly mtu?: number;
  readonly isManual: boolean;
}

interface Family {
  method: IpSettings["method"];
  readonly addresses: string[];
  readonly routes: Route[];
  acceptRa?: boolean;
}

interface Drafted {
  readonly four: Family;
  readonly six: Family;
  readonly servers: string[];
  readonly search: string[];
  mtu?: number;
  isManual: boolean;
}

/** Reads `subnets` of version 1. */
export function readSubnets(tree: Tree | undefined, here: Here): Families {
  const empty = (): Family => ({ method: "none", addresses: [], routes: [] });
  const draft: Drafted = { four: empty(), six: empty(), servers: [], search: [], isManual: false };
  for (const item of tree === undefined || isNull(tree) ? [] : itemsOf(here, tree)) readSubnet(item, draft, here);
  return {
    ipv4: settled(draft.four),
    ipv6: settled(draft.six),
    servers: draft.servers,
    search: draft.search,
    ...(draft.mtu === undefined ? {} : { mtu: draft.mtu }),
    isManual: draft.isManual,
  };
}

function isNull(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

function settled({ method, addresses, routes, acceptRa }: Family): IpSettings {
  const isFixed = method === "none" && addresses.length > 0;
  const gateway = method === "none" ? routes.find(({ to, via }) => to === "default" && via !== undefined) : undefined;
  const rest = routes.filter((route) => route !== gateway);
  return {
    method: isFixed ? "static" : method,
    addresses,
    ...(gateway?.via === undefined ? {} : { gateway: gateway.via }),
    ...(gateway?.metric === undefined ? {} : { metric: gateway.metric }),
    ...(rest.length === 0 ? {} : { routes: rest }),
    ...(acceptRa === undefined ? {} : { acceptRa }),
  };
}

function readSubnet(item: Tree, draft: Drafted, outer: Here): void {
  const fields = new Map(
    entriesOf({ ...outer, keyAt: item.at }, item).map(({ key, value, keyAt }) => [key, { value, keyAt }]),
  );
  const text = (key: string): string | undefined => {
    const field = fields.get(key);
    return field === undefined || isNull(field.value)
      ? undefined
      : textOf({ ...outer, label: `${outer.label}: ${key}`, keyAt: field.keyAt }, field.value);
  };
  takeType(text("type") ?? "", draft, { ...outer, keyAt: item.at });
  if (text("control") === "manual") draft.isManual = true;
  const mtu = fields.get("mtu");
  const size = mtu === undefined ? undefined : wholeOf({ ...outer, keyAt: mtu.keyAt }, mtu.value);
  if (size !== undefined) draft.mtu ??= size;
  takeAddress(text("address"), text("netmask") ?? text("prefix"), /^static/.test(text("type") ?? ""), draft, {
    ...outer,
    keyAt: item.at,
  });
  const gateway = text("gateway");
  if (gateway !== undefined) addRoute({ to: "default", via: gateway }, draft, { ...outer, keyAt: item.at });
  for (const [key, list] of [
    ["dns_nameservers", draft.servers],
    ["dns_search", draft.search],
  ] as const) {
    const field = fields.get(key);
    if (field === undefined || isNull(field.value)) continue;
    const said =
      field.value.kind === "list"
        ? textsOf({ ...outer, keyAt: field.keyAt }, field.value).map(({ text: one }) => one)
        : (text(key) ?? "").split(/[\s,]+/);
    list.push(...said.filter((one) => one !== ""));
  }
  const routes = fields.get("routes");
  for (const route of routes === undefined || isNull(routes.value)
    ? []
    : itemsOf({ ...outer, keyAt: routes.keyAt }, routes.value))
    readRoute(route, draft, outer);
}

function takeType(type: string, draft: Drafted, here: Here): void {
  if (/^dhcp4?$/.test(type)) draft.four.method = "dhcp";
  else if (/^(dhcp6|ipv6_dhcpv6-stateful|ipv6_dhcpv6)$/.test(type)) draft.six.method = "dhcp";
  else if (type === "ipv6_dhcpv6-stateless" || type === "ipv6_slaac") draft.six.method = "auto";
  else if (!/^(static6?|manual|)$/.test(type))
    refuse(here, "bad-value", `${shown(type)} is no type of a subnet`, "Write dhcp4, dhcp6, static or static6.");
  if (type === "ipv6_dhcpv6-stateful") draft.six.acceptRa = true;
}

function takeAddress(
  address: string | undefined,
  mask: string | undefined,
  isStatic: boolean,
  draft: Drafted,
  here: Here,
): void {
  if (address === undefined || !isStatic) return;
  const family = address.includes(":") ? 6 : 4;
  const bits = address.includes("/")
    ? ""
    : `/${(mask === undefined ? undefined : maskBits(mask)) ?? (family === 4 ? 24 : 64)}`;
  const cidr = `${address}${bits}`;
  if (parseCidr(cidr).ok) (family === 4 ? draft.four : draft.six).addresses.push(cidr);
  else refuse(here, "bad-value", `${shown(address)} is no address`, "Write ADDRESS/PREFIX.");
}

function readRoute(tree: Tree, draft: Drafted, outer: Here): undefined {
  const fields = new Map(entriesOf({ ...outer, keyAt: tree.at }, tree).map(({ key, value }) => [key, value]));
  const text = (key: string): string | undefined => {
    const value = fields.get(key);
    return value === undefined || isNull(value) ? undefined : textOf({ ...outer, keyAt: tree.at }, value);
  };
  const network = text("network") ?? text("destination");
  const via = text("gateway");
  if (network === undefined || via === undefined) return;
  const mask = text("netmask") ?? text("prefix");
  const bits = network.includes("/")
    ? ""
    : `/${(mask === undefined ? undefined : maskBits(mask)) ?? (network.includes(":") ? 64 : 24)}`;
  const read = parseCidr(`${network}${bits}`);
  const metric = text("metric");
  if (!read.ok)
    return refuse(
      { ...outer, keyAt: tree.at },
      "bad-value",
      `${shown(network)} is no network`,
      "Write NETWORK/PREFIX.",
    );
  const to = read.value.prefix === 0 ? "default" : networkOf(read.value);
  addRoute(
    { to, via, ...(metric !== undefined && /^\d{1,9}$/.test(metric) ? { metric: Number(metric) } : {}) },
    draft,
    { ...outer, keyAt: tree.at },
  );
}

function addRoute(route: Route, draft: Drafted, here: Here): void {
  const via = route.via === undefined ? undefined : parseAddress(route.via);
  if (via?.ok === true) (via.value.family === 4 ? draft.four : draft.six).routes.push(route);
  else refuse(here, "bad-value", `the router ${shown(route.via ?? "")} is no address`, "Write an address.");
}
