import type { Span } from "../../diagnostic/diagnostic.ts";
import { canonicalAddress, canonicalCidr } from "../../model/address.ts";
import type { Interface, Route } from "../../model/config.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import { itemsAt, mapAt, numberAt, type Reading, textAt, textOf } from "./tree.ts";

/** A route with the interface it leaves by. */
export interface PlacedRoute {
  readonly iface: string;
  readonly family: "ipv4" | "ipv6";
  readonly route: Route;
  readonly at: Span;
}

const largest = 4_294_967_295;

/** Reads routes.config. Routes that are to be removed, and those without an interface, are reported and left out. */
export function readRoutes(root: Tree, reading: Reading): readonly PlacedRoute[] {
  return itemsAt(mapAt(root, "routes"), "config").flatMap((item) => {
    const iface = textAt(item, "next-hop-interface");
    const to = canonicalCidr(textAt(item, "destination") ?? "");
    const hop = canonicalAddress(textAt(item, "next-hop-address") ?? "");
    if (textAt(item, "state") === "absent" || iface === undefined || to === undefined) {
      const isGone = textAt(item, "state") === "absent";
      const what = isGone
        ? "a route that is to be removed is no part of what is declared"
        : "a route without a network or an interface is not kept";
      reading.report("advice", isGone ? "nmstate-not-here" : "nmstate-not-kept", what, item.at);
      return [];
    }
    const metric = numberAt(item, "metric", [0, largest]);
    const table = numberAt(item, "table-id", [1, largest]);
    const source = canonicalAddress(textAt(item, "source") ?? "");
    return [
      {
        iface,
        at: item.at,
        family: to.includes(":") ? ("ipv6" as const) : ("ipv4" as const),
        route: {
          to: /^(?:0\.0\.0\.0|::)\/0$/.test(to) ? "default" : to,
          ...(hop === undefined || hop === "0.0.0.0" || hop === "::" ? {} : { via: hop }),
          ...(metric === undefined ? {} : { metric }),
          // 254 is the main table.
          ...(table === undefined || table === 254 ? {} : { table }),
          ...(source === undefined ? {} : { source }),
        },
      },
    ];
  });
}

/** The name servers and search domains of the whole host. */
export function readDns(root: Tree): NonNullable<Interface["dns"]> {
  const config = mapAt(mapAt(root, "dns-resolver"), "config");
  const texts = (key: string): readonly string[] => [
    ...new Set(itemsAt(config, key).flatMap((item) => textOf(item) ?? [])),
  ];
  const servers = texts("server").flatMap((text) => {
    const address = canonicalAddress(text.split("%")[0] ?? "");
    return address === undefined ? [] : [address];
  });
  return { servers, search: texts("search") };
}

/** The interface that the host's name servers belong to: one that leads out by a fixed route, else by a learnt one, else the first with
 *  an address. nmstate chooses alike: it keeps them in the profile of an interface that can reach them. */
export function holderOfDns(interfaces: readonly Interface[]): Interface | undefined {
  const leads = ({ ipv4, ipv6 }: Interface): boolean =>
    [ipv4, ipv6].some(
      ({ gateway, routes }) => gateway !== undefined || (routes ?? []).some(({ to }) => to === "default"),
    );
  const learns = ({ ipv4, ipv6 }: Interface): boolean =>
    [ipv4, ipv6].some(({ method, acceptRa }) => method === "dhcp" || method === "auto" || acceptRa === true);
  const holds = ({ ipv4, ipv6 }: Interface): boolean => ipv4.addresses.length + ipv6.addresses.length > 0;
  return interfaces.find(leads) ?? interfaces.find(learns) ?? interfaces.find(holds);
}
