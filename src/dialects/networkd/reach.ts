import type { IpSettings, Route } from "../../model/config.ts";

/** The ways out of one family in one form: the first plain default route is the gateway's, with its metric, where the family's metric
 *  has no other meaning. `learnt` is the metric of what DHCP or advertisements bring, for a family that has either. */
export function settleReach(
  routes: readonly Route[],
  learnt: { readonly metric: number | undefined } | undefined,
): Pick<IpSettings, "gateway" | "metric" | "routes"> {
  const at = routes.findIndex((route) => isPlainDefault(route) && (learnt === undefined || fits(route, learnt.metric)));
  const found = routes[at];
  const rest = found === undefined ? routes : routes.toSpliced(at, 1);
  const metric = learnt === undefined ? found?.metric : learnt.metric;
  return {
    ...(found?.via === undefined ? {} : { gateway: found.via }),
    ...(metric === undefined ? {} : { metric }),
    ...(rest.length === 0 ? {} : { routes: rest }),
  };
}

function fits(route: Route, metric: number | undefined): boolean {
  return route.metric === metric;
}

function isPlainDefault({ to, via, onLink, table, source }: Route): boolean {
  return to === "default" && via !== undefined && onLink !== true && table === undefined && source === undefined;
}

/** All routes of a family, the gateway's first. */
export function routesOf({ gateway, metric, routes = [] }: IpSettings): readonly Route[] {
  if (gateway === undefined) return routes;
  return [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }, ...routes];
}

/** Whether a family's metric is that of what it learns. */
export function isLearning({ method }: IpSettings): boolean {
  return method === "dhcp" || method === "auto";
}
