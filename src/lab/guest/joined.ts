import { readFileSync } from "node:fs";
import type { LabPlan } from "../../topology/lab-plan.ts";

/** The host's ports that are radios in this plan. */
export function hostRadios(plan: LabPlan): readonly string[] {
  return plan.wires.flatMap(({ a, radio }) => (radio === undefined || a.node !== "host" ? [] : [a.dev]));
}

/** Has a radio joined its network, key and all? Carrier says less: it comes with the association, before the key was proven.
 *  Source: IF_OPER_DORMANT, set by wpa_supplicant until the handshake is done. */
export function hasJoined(dev: string): boolean {
  try {
    return readFileSync(`/sys/class/net/${dev}/operstate`, "utf8").trim() === "up";
  } catch {
    return false;
  }
}
