import { ipBytes } from "../wire/ip.ts";
import { MAIN_TABLE, PROTO_RA, type Route } from "../wire/route.ts";
import type { PortUplink } from "./plan.ts";
import type { RefreshTools } from "./refresh.ts";

/** Puts in what belongs to the uplink of a port: the host's own address there, a default route by its router, its name servers.
 *  What is declared, and only that; a port without an uplink changes nothing. */
export function useUplink(tools: RefreshTools, port: string): void {
  const { holder } = tools.view();
  const uplink = tools.uplinks().find((one) => one.port === port);
  if (holder === undefined || uplink === undefined) return;
  const { tables, resolver } = tools.host;
  const own = addressOf(uplink);
  if (own !== undefined) tell(tools, uplink, tables.changeAddress("add", { index: holder.index, ...own }));
  putDefault(tools, uplink, holder.index);
  if (tools.uplinks().every(({ dns }) => dns.length === 0)) return;
  resolver.use(holder.name, uplink.dns).then(
    (done) => tell(tools, uplink, done),
    () => {},
  );
}

/** Takes away IPv6 default routes by routers of the other side. The kernel would keep those that were advertised for half an
 *  hour, and share its packets out among all of one metric; routers of this side are solicited with the announcement. */
export function forgetAdvertised(tools: RefreshTools, port: string): void {
  const { holder } = tools.view();
  const here = tools.routerOf(port);
  if (holder === undefined) return;
  const others = tools.uplinks().flatMap((one) => (one.port === port ? [] : [one.gateway]));
  for (const { via, protocol, metric } of defaultsOf(tools, holder.index, 16)) {
    const bytes = ipBytes(via);
    const isOfOtherSide = protocol === PROTO_RA || others.includes(via);
    if (bytes === undefined || via === here || !isOfOtherSide) continue;
    tools.host.tables.changeRoute("remove", { via: bytes, index: holder.index, metric });
  }
}

/** Has nothing new begin with addresses of other uplinks. Of IPv4 addresses the kernel takes the one in the router's network by
 *  itself; of IPv6 addresses it might take any. */
export function retireOtherUplinks(tools: RefreshTools, port: string): void {
  const { holder } = tools.view();
  for (const uplink of othersPresent(tools, port)) {
    const own = addressOf(uplink);
    if (holder === undefined || own?.bytes.length !== 16) continue;
    tell(tools, uplink, tools.host.tables.changeAddress("retire", { index: holder.index, ...own }));
  }
}

/** Takes away the addresses that belong to uplinks of other ports: connections that still bear them lead nowhere from here. */
export function leaveOtherUplinks(tools: RefreshTools, port: string): void {
  const { holder } = tools.view();
  for (const uplink of othersPresent(tools, port)) {
    const own = addressOf(uplink);
    if (holder === undefined || own === undefined) continue;
    tell(tools, uplink, tools.host.tables.changeAddress("remove", { index: holder.index, ...own }));
  }
}

/** Uplinks of other ports whose own address the host still bears. */
function othersPresent(tools: RefreshTools, port: string): readonly PortUplink[] {
  const here = tools.uplinks().find((one) => one.port === port);
  if (here === undefined) return [];
  return tools.uplinks().filter(({ address }) => {
    const isThere = tools.addresses().some(({ ip }) => ip === address?.split("/")[0]);
    return isThere && address !== here.address;
  });
}

function addressOf({ address }: PortUplink): { readonly bytes: Uint8Array; readonly prefix: number } | undefined {
  const [ip = "", prefix = ""] = address?.split("/") ?? [];
  const bytes = ipBytes(ip);
  return bytes === undefined ? undefined : { bytes, prefix: Number(prefix) };
}

function putDefault(tools: RefreshTools, uplink: PortUplink, index: number): void {
  const via = ipBytes(uplink.gateway);
  if (via === undefined) return;
  const source = addressOf(uplink)?.bytes;
  const current = defaultsOf(tools, index, via.length)[0];
  const isRight =
    current?.via === uplink.gateway && (source === undefined || current.source === uplink.address?.split("/")[0]);
  if (isRight) return;
  const metric = current === undefined || current.metric === 0 ? {} : { metric: current.metric };
  const route = { via, index, ...metric, ...(source === undefined ? {} : { source }) };
  tell(tools, uplink, tools.host.tables.changeRoute("replace", route));
}

/** The main table's default routes of one family through the bond. */
function defaultsOf(tools: RefreshTools, index: number, width: number): readonly Route[] {
  const list = tools.host.tables.routes();
  if (!list.ok) return [];
  const isHere = (route: Route): boolean => route.prefix === 0 && route.index === index && route.table === MAIN_TABLE;
  return list.value.filter((route) => isHere(route) && (route.family === 2) === (width === 4));
}

function tell(
  tools: RefreshTools,
  uplink: PortUplink,
  done: { readonly ok: true } | { readonly ok: false; readonly error: { readonly message: string } },
): void {
  if (!done.ok) tools.onTrouble(`${uplink.name}: ${done.error.message}`);
}
