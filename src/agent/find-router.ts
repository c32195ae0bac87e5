import type { Route } from "../wire/route.ts";
import { MAIN_TABLE } from "../wire/route.ts";
import type { AgentPlan } from "./plan.ts";

/** A plan whose ports without a declared router get the one the host's default route leads to (DHCP, router advertisements):
 *  the router of the holder's routes with the least metric, IPv4 before IPv6. The same plan when there is nothing to fill in. */
export function withFoundRouter(plan: AgentPlan, routes: readonly Route[], holder: number | undefined): AgentPlan {
  if (plan.watch.ports.every(({ router }) => router !== undefined)) return plan;
  const found = routes
    .filter((route) => route.prefix === 0 && route.table === MAIN_TABLE && route.index === holder && route.via !== "")
    .toSorted((a, b) => a.family - b.family || a.metric - b.metric)[0]?.via;
  if (found === undefined) return plan;
  const ports = plan.watch.ports.map((port) => (port.router === undefined ? { ...port, router: found } : port));
  return { ...plan, watch: { ...plan.watch, ports } };
}
