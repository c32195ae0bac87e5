import type { Result } from "../model/result.ts";
import { ok } from "../model/result.ts";
import type { LabError } from "./lab.ts";

/** What the guest's runner calls, by package. */
export const guestPackages: readonly string[] = ["ifupdown", "ifenslave", "isc-dhcp-client", "dnsmasq-base", "iproute2", "nftables", "kmod"];

export async function packageLayer(_packages: readonly string[] = guestPackages): Promise<Result<string, LabError>> {
  return ok("");
}
