import type { Hook, Interface } from "../../model/config.ts";
import { isCidr, isIpv4, isIpv6, readMac } from "./addresses.ts";

/** Settings ifupdown has no option for (a route, an MTU beside DHCP) are written as one command of a fixed form and read back from it. */
export type SettingCommand =
  | {
      readonly sets: "route";
      readonly family: "inet" | "inet6";
      readonly route: { to: string; via?: string; metric?: number };
    }
  | { readonly sets: "mtu"; readonly mtu: number }
  | { readonly sets: "mac"; readonly mac: string };

const whole = "(0|[1-9]\\d{0,9})";
const routePattern = new RegExp(`^ip( -6)? route replace (\\S+)(?: via (\\S+))? dev \\$IFACE(?: metric ${whole})?$`);
const mtuPattern = new RegExp(`^ip link set dev \\$IFACE mtu ${whole}$`);
const macPattern = /^ip link set dev \$IFACE address ([0-9a-f:]{17})$/;

/** Reads a command of the fixed form; undefined for every other, which stays a hook word for word. */
export function readSettingCommand(when: Hook["when"], command: string): SettingCommand | undefined {
  if (when !== "up" || command.length > 200) return undefined;
  const mtu = mtuPattern.exec(command)?.[1];
  if (mtu !== undefined) return { sets: "mtu", mtu: Number(mtu) };
  const mac = macPattern.exec(command)?.[1];
  if (mac !== undefined) return readMac(mac) === undefined ? undefined : { sets: "mac", mac };
  const found = routePattern.exec(command);
  if (found === null) return undefined;
  const [, six, to = "", via, metric] = found;
  const family = six === undefined ? "inet" : "inet6";
  const route = {
    to,
    ...(via === undefined ? {} : { via }),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
  };
  return isRoute(family, route) ? { sets: "route", family, route } : undefined;
}

/** Whether a route is of that family and fit to be written. */
export function isRoute(
  family: "inet" | "inet6",
  route: { readonly to: string; readonly via?: string; readonly metric?: number },
): boolean {
  const isAddress = family === "inet" ? isIpv4 : isIpv6;
  const to = route.to === "default" || isAddress(route.to) || isCidr(route.to, family);
  const metric =
    route.metric === undefined || (Number.isInteger(route.metric) && route.metric >= 0 && route.metric < 2 ** 32);
  return to && metric && (route.via === undefined || isAddress(route.via));
}

/** The command that sets a route: `replace`, so that a route already there does not make ifup fail. */
export function routeCommand(
  family: "inet" | "inet6",
  route: { readonly to: string; readonly via?: string; readonly metric?: number },
): string {
  const via = route.via === undefined ? "" : ` via ${route.via}`;
  const metric = route.metric === undefined ? "" : ` metric ${route.metric}`;
  return `ip${family === "inet6" ? " -6" : ""} route replace ${route.to}${via} dev $IFACE${metric}`;
}

/** The command that sets the MTU where the method has no option for it. */
export function mtuCommand(iface: Interface): string {
  return `ip link set dev $IFACE mtu ${iface.mtu}`;
}

/** The command that sets the MAC address where the method has no option for it. */
export function macCommand(iface: Interface): string {
  return `ip link set dev $IFACE address ${iface.mac}`;
}
