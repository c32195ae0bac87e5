import type { LinkFile } from "./read-link.ts";
import type { NetDev } from "./read-netdev.ts";
import type { NetworkFile } from "./read-network.ts";

/** Everything networkd and udev would know of a host from its files. */
export interface Host {
  readonly devices: ReadonlyMap<string, NetDev>;
  readonly links: ReadonlyMap<string, LinkFile>;
  readonly networks: readonly NetworkFile[];
}
