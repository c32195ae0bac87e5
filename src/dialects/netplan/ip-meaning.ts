import type { IpSettings, Route } from "../../model/config.ts";
import type { Overrides } from "./draft.ts";
import type { Placed } from "./meaning.ts";
import { type Here, ignore } from "./reading.ts";

/** What a definition says of IPv4, as its renderer carries it out. */
export function ipv4Of(one: Placed, here: Here): IpSettings {
  const { draft } = one;
  const method = draft.dhcp4 ? "dhcp" : draft.addresses4.length > 0 ? "static" : "none";
  const said = { method, addresses: draft.addresses4, gateway: draft.gateway4, routes: draft.routes4 } as const;
  return settingsOf(said, draft.dhcp4 ? overridesOf(draft.overrides4, one, here, 4) : {});
}

/** What a definition says of IPv6. accept-ra alone is the method "auto". */
export function ipv6Of(one: Placed, here: Here): IpSettings {
  const { draft } = one;
  const isAuto = draft.acceptRa === true && !draft.dhcp6 && draft.addresses6.length === 0;
  const method = draft.dhcp6 ? "dhcp" : draft.addresses6.length > 0 ? "static" : isAuto ? "auto" : "none";
  const said = { method, addresses: draft.addresses6, gateway: draft.gateway6, routes: draft.routes6 } as const;
  const more = draft.dhcp6 ? overridesOf(draft.overrides6, one, here, 6) : isAuto ? advertisedMetric(one) : {};
  return settingsOf(said, { ...more, ...(isAuto || draft.acceptRa === undefined ? {} : { acceptRa: draft.acceptRa }) });
}

/** With systemd-networkd the metric of DHCP's routes is that of advertised ones as well. */
function advertisedMetric({ draft, renderer }: Placed): Partial<IpSettings> {
  const { metric } = draft.overrides4;
  return renderer === "networkd" && draft.dhcp4 && metric !== undefined ? { metric } : {};
}

/** What was said of one family. */
export interface IpSaid {
  readonly method: IpSettings["method"];
  readonly addresses: readonly string[];
  readonly gateway: string | undefined;
  readonly routes: readonly Route[];
}

/** The gateway stands apart from the routes only where its metric cannot be taken for that of DHCP's own. */
export function settingsOf({ method, addresses, gateway, routes }: IpSaid, more: Partial<IpSettings>): IpSettings {
  const all = gateway === undefined ? routes : [{ to: "default", via: gateway }, ...routes];
  const first = method === "dhcp" || method === "auto" ? undefined : all.find(isPlainDefault);
  const rest = all.filter((route) => route !== first);
  return {
    method,
    addresses,
    ...(first?.via === undefined ? {} : { gateway: first.via }),
    ...(first?.metric === undefined ? {} : { metric: first.metric }),
    ...(rest.length === 0 ? {} : { routes: rest }),
    ...more,
  };
}

/** Whether a route says no more than a gateway and its metric. */
export function isPlainDefault({ to, via, onLink, table, source }: Route): boolean {
  const isDefault = to === "default" || to === "0.0.0.0/0" || to === "::/0";
  return isDefault && via !== undefined && onLink === undefined && table === undefined && source === undefined;
}

function overridesOf(said: Overrides, { renderer, draft }: Placed, here: Here, family: 4 | 6): Partial<IpSettings> {
  const { metric, useDns, useRoutes } = said;
  const isPointless = useRoutes === false && renderer === "networkd" && family === 6;
  // Beside DHCPv4 netplan wants the same said for both.
  if (isPointless && draft.overrides4.useRoutes !== false)
    ignore(
      { ...here, keyAt: draft.places.get("ipv6/method") ?? here.keyAt },
      "use-routes in dhcp6-overrides comes to nothing: IPv6 routes come from router advertisements",
      "Write accept-ra: false if they shall not be taken.",
    );
  const dhcp = {
    ...(useDns === false ? { useDns } : {}),
    ...(useRoutes === false && !isPointless ? { useRoutes } : {}),
  };
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(Object.keys(dhcp).length === 0 ? {} : { dhcp }),
  };
}
