import type { Places } from "./ports.ts";

/** Where everything is on a host. */
export const hostPlaces: Places = { state: "/var/lib/holdfast/tx", run: "/run/holdfast", within: ["/etc"] };
