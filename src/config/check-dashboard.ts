import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import type { Config } from "../model/config.ts";
import { endpointOf, isLoopback } from "../model/dashboard.ts";

/** What only several keys of `dashboard` together show. */
export function checkDashboard(config: Config, origins: Origins): readonly Diagnostic[] {
  const { listen, tls, proxied } = config.sections?.dashboard ?? {};
  const endpoint = listen === undefined ? undefined : endpointOf(listen);
  if (endpoint === undefined || isLoopback(endpoint.address) || tls !== undefined) return [];
  const span = origins.get("dashboard/listen");
  const hint =
    proxied === true
      ? "Listen on 127.0.0.1, so that only the proxy reaches it."
      : "Add tls: {certificate: FILE, key: FILE}, or listen on 127.0.0.1 and go there by ssh -L or a proxy.";
  return [
    {
      code: "dashboard-in-clear",
      severity: "error",
      message: `dashboard.listen: on ${endpoint.address} passwords would travel the network unencrypted`,
      hint,
      ...(span === undefined ? {} : { at: span }),
    },
  ];
}
