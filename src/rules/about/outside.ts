import { linkNamed } from "../../model/host-state.ts";
import type { Subject } from "../rule.ts";

/** Kinds whose links take the place on a device that a bond needs. Source: netdev_rx_handler_register(). */
export const receiverKinds: readonly string[] = ["macvlan", "macvtap", "ipvlan", "ipvtap"];

/** Whether another rule tells why a declared port is outside its bond. */
export function isExplainedAway({ host }: Subject, bond: string, port: string): boolean {
  if (host === undefined) return false;
  const link = linkNamed(host, port);
  const isBlocked = host.radios.some(({ links, blocked }) => blocked !== "no" && links.includes(port));
  const isStolen = link !== undefined && link.master !== "" && link.master !== bond;
  const isTaken = host.links.some(({ kind, on }) => receiverKinds.includes(kind) && on.includes(port));
  const isElsewhere = link === undefined && host.namespaces.length > 0;
  const isLeftOut = host.inCharge === "networkmanager" && link?.owners.includes("networkmanager") === true;
  return isBlocked || isStolen || isTaken || isElsewhere || isLeftOut;
}
