import type { Interface, IpSettings, Route } from "../../model/config.ts";
import type { Draft, Overrides } from "./draft.ts";
import { type IpSaid, settingsOf } from "./ip-meaning.ts";
import type { Placed } from "./meaning.ts";
import { type Here, ignore } from "./reading.ts";

/** What a definition says of addresses and names, as netplan writes it for NetworkManager, and what it leaves out. */
export function managedIp({ draft }: Placed, here: Here): Pick<Interface, "ipv4" | "ipv6" | "dns"> {
  const four = draft.dhcp4 || draft.addresses4.length > 0;
  // IPv6 name servers alone make netplan write method=manual without an address.
  const six = draft.dhcp6 || draft.addresses6.length > 0 || draft.dns6.length > 0;
  if (six && !draft.dhcp6 && draft.addresses6.length === 0) tellRefused(here, draft);
  tellLeftOut(draft, four, six, here);
  const ipv4 = familyOf(draft.dhcp4 ? "dhcp" : four ? "static" : "none", four, draft, "4");
  // NetworkManager's method auto is advertisements, and DHCP where those ask for it.
  const ipv6 = familyOf(
    draft.addresses6.length > 0 ? "static" : draft.dhcp6 ? "auto" : six ? "static" : "none",
    six,
    draft,
    "6",
  );
  const isBoth = draft.dhcp6 && draft.addresses6.length > 0;
  const servers = [...draft.dns4, ...(six ? draft.dns6 : [])];
  const search = four || six ? draft.search : [];
  return {
    ipv4,
    ipv6: isBoth ? { ...ipv6, acceptRa: true } : ipv6,
    ...(servers.length + search.length === 0 ? {} : { dns: { servers, search } }),
  };
}

function familyOf(method: IpSettings["method"], isOn: boolean, draft: Draft, family: "4" | "6"): IpSettings {
  const isDynamic = family === "4" ? draft.dhcp4 : draft.dhcp6;
  const { useRoutes, ...overrides }: Overrides = family === "4" ? draft.overrides4 : draft.overrides6;
  // Of IPv6 the metric is the connection's, with DHCP or without.
  const metric = isDynamic || (family === "6" && isOn) ? overrides.metric : undefined;
  const gateway = family === "4" ? draft.gateway4 : draft.gateway6;
  const addresses = family === "4" ? draft.addresses4 : draft.addresses6;
  const routes = family === "4" ? draft.routes4 : draft.routes6;
  const ranked = routes.map(
    (route): Route => (metric === undefined || route.metric !== undefined ? route : { ...route, metric }),
  );
  const said: IpSaid = {
    method,
    addresses,
    // A gateway without an address is refused there; use-routes: false becomes never-default.
    gateway: addresses.length > 0 && useRoutes !== false ? gateway : undefined,
    routes: isOn ? ranked : [],
  };
  return settingsOf(said, {
    ...(metric === undefined ? {} : { metric }),
    ...(isDynamic && useRoutes === false ? { dhcp: { useRoutes } } : {}),
  });
}

function tellRefused({ reading, keyAt, label }: Here, draft: Draft): void {
  reading.problems.push({
    code: "netplan-profile-refused",
    severity: "error",
    message: `${label}: NetworkManager refuses the profile netplan writes: IPv6 name servers, and neither an IPv6 address nor dhcp6`,
    hint: "Set dhcp6: true, or leave the IPv6 name servers out.",
    at: draft.places.get("dns") ?? keyAt,
  });
}

/** netplan says nothing of it to NetworkManager. */
function tellLeftOut(draft: Draft, four: boolean, six: boolean, here: Here): void {
  const place = (field: string): Here => ({ ...here, keyAt: draft.places.get(field) ?? here.keyAt });
  if (draft.acceptRa !== undefined)
    ignore(
      place("ipv6/acceptRa"),
      "accept-ra is left out with the renderer NetworkManager",
      "Write dhcp6: true: NetworkManager's method auto takes advertisements.",
    );
  if ((!four && draft.routes4.length > 0) || (!six && draft.routes6.length > 0))
    ignore(
      place("ipv4/routes"),
      "routes are left out with the renderer NetworkManager where the family has no address and no DHCP",
      "Add an address.",
    );
  if ((!six && draft.dns6.length > 0) || (!four && !six && draft.search.length > 0))
    ignore(
      place("dns"),
      "name servers and search domains are left out with the renderer NetworkManager where the family has no address and no DHCP",
      "Add an address.",
    );
  if ([draft.overrides4, draft.overrides6].some(({ useDns }) => useDns === false))
    ignore(
      place("ipv4/method"),
      "use-dns: false is left out with the renderer NetworkManager",
      "Set ignore-auto-dns in NetworkManager.",
    );
}
