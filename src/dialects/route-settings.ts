import type { Diagnostic, Span } from "../diagnostic/diagnostic.ts";

/** Words of a route that change how packets go there, as `ip route` spells them; the model doesn't speak of them. */
export type RouteSetting = "advmss" | "initcwnd" | "mtu" | "window";

const smallPackets = {
  follows:
    "the route is written without it; where the way takes smaller packets only, connections begin and then stall",
  severity: "warning",
  hint: "Give the interface that MTU, or have something else set the route.",
} as const;

const ownPace = {
  follows: "the route is written without it",
  severity: "advice",
  hint: "See to it that something else does it, or that it isn't needed any more.",
} as const;

/** What follows where a route is written without its setting. */
export const routeSettings: Readonly<Record<RouteSetting, typeof smallPackets | typeof ownPace>> = {
  advmss: smallPackets,
  initcwnd: ownPace,
  mtu: smallPackets,
  window: ownPace,
};

export function isRouteSetting(word: string): word is RouteSetting {
  return Object.hasOwn(routeSettings, word);
}

/** What goes over to no other language of routes read from files, once for each setting. */
export function routeSettingsLeft(
  lines: readonly { readonly unsaid: readonly RouteSetting[]; readonly at: Span }[],
): readonly Diagnostic[] {
  const found = new Map<RouteSetting, Diagnostic>();
  for (const { unsaid, at } of lines)
    for (const setting of unsaid) {
      const { follows, severity, hint } = routeSettings[setting];
      const message = `a route's ${setting} is left out: ${follows}`;
      if (!found.has(setting)) found.set(setting, { code: "route-setting-left-behind", severity, message, hint, at });
    }
  return [...found.values()];
}
