import type { Extra, Interface } from "../model/config.ts";

/* How long ifup waits for a bridge's ports to be there (waitport SECONDS [PORTS]) and to forward (maxwait SECONDS). The three programs of
 * /etc/network/interfaces take the same words. Those that set links up whenever they appear wait for nothing, and need not.
 * Source: bridge-utils-interfaces(5), ifupdown2's addons/bridge.py, ifupdown-ng's executor bridge */

const settings = ["waitport", "maxwait"] as const;

/** Programs that take a port into its bridge whenever it appears. */
const unhurried: ReadonlySet<string> = new Set([
  "networkd",
  "netplan",
  "networkmanager",
  "nmstate",
  "wicked",
  "ifcfg-rh",
]);

/** The interface with the waiting in the target's words; without it where the target needs none. */
export function withWaitingOf(iface: Interface, target: string | undefined): Interface {
  const { bridge, extra } = iface;
  if (bridge === undefined || target === undefined) return iface;
  const said = settings.flatMap((setting) => {
    const value = bridge.settings[setting] ?? extra.find((one) => settingOf(one) === setting)?.value;
    return value === undefined ? [] : [[setting, value] as const];
  });
  if (said.length === 0) return iface;
  const { waitport: _, maxwait: __, ...rest } = bridge.settings;
  const others = extra.filter((one) => settingOf(one) === undefined);
  if (target === "ifupdown2" || target === "ifupdown-ng") {
    const own = said.map(([setting, value]): Extra => ({ key: `bridge-${setting}`, value, from: target }));
    return { ...iface, bridge: { ...bridge, settings: rest }, extra: [...others, ...own] };
  }
  const isKept = ([, value]: readonly [string, string]): boolean =>
    !unhurried.has(target) && (target === "ifupdown" || !/^0(\s|$)/.test(value));
  const kept = Object.fromEntries(said.filter(isKept));
  return { ...iface, bridge: { ...bridge, settings: { ...rest, ...kept } }, extra: others };
}

function settingOf({ key, from }: Extra): string | undefined {
  if (from !== "ifupdown2" && from !== "ifupdown-ng") return undefined;
  return /^bridge[-_](waitport|maxwait)$/.exec(key)?.[1];
}
