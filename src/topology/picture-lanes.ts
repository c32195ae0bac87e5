import type { Point, Route } from "./picture-layout.ts";

/** Furthest distance between two edges that end on one side of a card, px. */
const lanePx = 18;
/** Room for all of them together, px. */
const sidePx = 56;

/** Edges that end in the same point are drawn apart there, in the order of where they come from, so that none covers another. */
export function spreadEnds(routes: readonly Route[]): readonly Route[] {
  const meeting = new Map<string, { readonly route: Route; readonly end: "first" | "last"; readonly aim: number }[]>();
  for (const route of routes) {
    if (route.bend === "down") continue;
    for (const end of ["first", "last"] as const) {
      const at = end === "first" ? route.points[0] : route.points.at(-1);
      const next = end === "first" ? route.points[1] : route.points.at(-2);
      if (at === undefined || next === undefined) continue;
      const key = `${at.x} ${at.y}`;
      meeting.set(key, [...(meeting.get(key) ?? []), { route, end, aim: next.y }]);
    }
  }
  const lifts = new Map<Route, { first: number; last: number }>(routes.map((route) => [route, { first: 0, last: 0 }]));
  for (const group of meeting.values()) {
    const lane = Math.min(lanePx, sidePx / group.length);
    for (const [index, { route, end }] of group.toSorted((one, other) => one.aim - other.aim).entries()) {
      const lift = lifts.get(route);
      if (lift !== undefined) lift[end] = (index - (group.length - 1) / 2) * lane;
    }
  }
  return routes.map((route) => ({ ...route, points: lifted(route.points, lifts.get(route)) }));
}

function lifted(points: readonly Point[], lift: { readonly first: number; readonly last: number } | undefined) {
  return points.map((point, index) => {
    const by = index === 0 ? lift?.first : index === points.length - 1 ? lift?.last : 0;
    return { x: point.x, y: point.y + (by ?? 0) };
  });
}
