import type { Hook, Route } from "../model/config.ts";
import { isRoute, readRouteWords } from "./ip-route-words.ts";

/** Settings /etc/network/interfaces has no option for (a route, an MTU beside DHCP) are written as one command of a fixed form and
 *  read back from it. */
export type SettingCommand =
  | { readonly sets: "route"; readonly family: "inet" | "inet6"; readonly route: Route }
  | { readonly sets: "mtu"; readonly mtu: number }
  | { readonly sets: "mac"; readonly mac: string }
  | { readonly sets: "accept-ra"; readonly acceptRa: boolean };

const whole = "(0|[1-9]\\d{0,9})";
const routePattern = /^ip( -6)? route replace ([\w.:/ $]{1,160})$/;
const mtuPattern = new RegExp(`^ip link set dev \\$IFACE mtu ${whole}$`);
const macPattern = /^ip link set dev \$IFACE address ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/;
const advertisementsPattern = /^sysctl -qw net\/ipv6\/conf\/\$IFACE\/accept_ra=([01])$/;

/** Reads a command of the fixed form; undefined for every other, which stays a hook word for word. */
export function readSettingCommand(when: Hook["when"], command: string): SettingCommand | undefined {
  if (when !== "up" || command.length > 200) return undefined;
  const mtu = mtuPattern.exec(command)?.[1];
  if (mtu !== undefined) return isMtu(Number(mtu)) ? { sets: "mtu", mtu: Number(mtu) } : undefined;
  const mac = macPattern.exec(command)?.[1];
  if (mac !== undefined) return { sets: "mac", mac };
  const accepted = advertisementsPattern.exec(command)?.[1];
  if (accepted !== undefined) return { sets: "accept-ra", acceptRa: accepted === "1" };
  return readRouteCommand(command);
}

function readRouteCommand(command: string): SettingCommand | undefined {
  const [, six, words = ""] = routePattern.exec(command) ?? [];
  if (words === "") return undefined;
  const family = six === undefined ? "inet" : "inet6";
  const ip = six === undefined ? "ipv4" : "ipv6";
  const read = readRouteWords(words.split(" "), ip);
  if (typeof read === "string" || read.family !== ip || !isRoute(read.route, ip)) return undefined;
  return routeCommand(family, read.route) === command ? { sets: "route", family, route: read.route } : undefined;
}

/** The command that sets a route: `replace`, so that a route already there does not make ifup fail. */
export function routeCommand(family: "inet" | "inet6", { to, via, source, metric, table, onLink }: Route): string {
  return [
    `ip${family === "inet6" ? " -6" : ""} route replace ${to}`,
    ...(via === undefined ? [] : [`via ${via}`]),
    "dev $IFACE",
    ...(source === undefined ? [] : [`src ${source}`]),
    ...(metric === undefined ? [] : [`metric ${metric}`]),
    ...(table === undefined ? [] : [`table ${table}`]),
    ...(onLink === true ? ["onlink"] : []),
  ].join(" ");
}

/** Whether links take it: IPv4 needs 68 bytes, and a packet's length has 16 bits. Source: net/ipv4/devinet.c, ETH_MAX_MTU. */
export function isMtu(mtu: number): boolean {
  return Number.isInteger(mtu) && mtu >= 68 && mtu <= 65_535;
}

/** The command that sets the MTU where the method has no option for it. */
export function mtuCommand({ mtu }: { readonly mtu?: number }): string {
  return `ip link set dev $IFACE mtu ${mtu}`;
}

/** The command that sets the MAC address where the method has no option for it. */
export function macCommand({ mac }: { readonly mac?: string }): string {
  return `ip link set dev $IFACE address ${mac}`;
}

/** The command that has router advertisements taken or left. With slashes, the dot in a VLAN's name is a dot. */
export function advertisementsCommand(acceptRa: boolean): string {
  return `sysctl -qw net/ipv6/conf/$IFACE/accept_ra=${acceptRa ? 1 : 0}`;
}
