import type { HostRoute } from "../../plan/running-host.ts";
import { MAIN_TABLE, ownRouter } from "../../wire/route.ts";
import { linuxNet } from "./net.ts";
import { openRequests } from "./netlink-socket.ts";
import { linuxTables } from "./tables.ts";

/** RTN_UNICAST of linux/rtnetlink.h. */
const unicast = 1;

/** This host's routes through routers of their own family, of the main table. Needs no rights; undefined where the kernel doesn't answer. */
export function readHostRoutes(): readonly HostRoute[] | undefined {
  const requests = openRequests();
  if (!requests.ok) return undefined;
  try {
    const [links, routes] = [linuxNet(requests.value).links(), linuxTables(requests.value).routes()];
    if (!links.ok || !routes.ok) return undefined;
    const names = new Map(links.value.map(({ index, name }) => [index, name]));
    return routes.value
      .filter((route) => route.table === MAIN_TABLE && route.type === unicast && ownRouter(route) !== "")
      .map(({ to, prefix, via, index, metric }) => ({
        link: names.get(index) ?? "",
        to: to === "" ? "default" : `${to}/${prefix}`,
        via,
        metric,
      }));
  } finally {
    requests.value.close();
  }
}
