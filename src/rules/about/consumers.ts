import type { Config } from "../../model/config.ts";
import type { Subject } from "../rule.ts";
import { interfaceNamed } from "./bonds.ts";

/** What a dialect says of an interface and the model has no word for; undefined where it doesn't. */
export function extraOf(config: Config, name: string, key: string): string | undefined {
  return interfaceNamed(config, name)?.extra.find((one) => one.key === key)?.value;
}

/** Whether systemd-networkd makes this device, as it does of its own files and of netplan's. */
export function isMadeByNetworkd({ dialect, config }: Subject, name: string): boolean {
  if (dialect === "networkd") return true;
  return dialect === "netplan" && extraOf(config, name, "renderer")?.includes("NetworkManager") !== true;
}

/** Whether systemd works out a MAC address for a device that is given none: networkd does for what it makes, unless told none. */
export function hasGeneratedMac(subject: Subject, name: string): boolean {
  if (!isMadeByNetworkd(subject, name) || interfaceNamed(subject.config, name)?.mac !== undefined) return false;
  return extraOf(subject.config, name, "netdev/NetDev.MACAddress") !== "none";
}
