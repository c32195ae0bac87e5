import { ipBytes } from "../wire/ip.ts";
import { MAIN_TABLE, type Route } from "../wire/route.ts";
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
  resolver.use(holder.name, uplink.dns, tools.dns()).then(
    (done) => tell(tools, uplink, done),
    () => {},
  );
}

/** Takes away the addresses that belong to uplinks of other ports: connections that still bear them lead nowhere from here. */
export function leaveOtherUplinks(tools: RefreshTools, port: string): void {
  const { holder } = tools.view();
  const here = tools.uplinks().find((one) => one.port === port);
  if (holder === undefined || here === undefined) return;
  for (const uplink of tools.uplinks()) {
    const own = addressOf(uplink);
    const isThere = tools.addresses().some(({ ip }) => ip === uplink.address?.split("/")[0]);
    if (own === undefined || !isThere || uplink.address === here.address) continue;
    tell(tools, uplink, tools.host.tables.changeAddress("remove", { index: holder.index, ...own }));
  }
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
