import type { Route } from "../model/config.ts";
import { familyOf, isAddress, isCidr } from "./netmask.ts";
import { isRouteSetting, type RouteSetting } from "./route-settings.ts";

/** What `ip route add` would be told: a route of the model with its family, and the interface if one is named. */
export interface RouteLine {
  readonly route: Route;
  readonly family: "ipv4" | "ipv6";
  readonly device?: string;
  /** What it says beyond that, and the model has no word for. */
  readonly unsaid: readonly RouteSetting[];
}

type Draft = { -readonly [K in keyof Route]: Route[K] } & { device?: string };

/** Words with one argument that change nothing the model speaks of. */
const passedOver: ReadonlySet<string> = new Set(["proto", "protocol", "scope"]);

/** Reads the words behind `ip route add`. A text instead of a route says what could not be understood. */
export function readRouteWords(words: readonly string[], assumed?: "ipv4" | "ipv6"): RouteLine | string {
  const draft: Draft = { to: "" };
  const unsaid: RouteSetting[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const next = words[at + 1];
    if (word === "onlink") draft.onLink = true;
    else if (draft.to === "" && (word === "default" || familyOf(word) !== undefined)) draft.to = word;
    else if (next === undefined) return word;
    else if (passedOver.has(word)) at++;
    else if (isRouteSetting(word)) {
      unsaid.push(word);
      at++;
    } else if (takePair(draft, word, next)) at++;
    else return word;
  }
  if (draft.to === "") return "no destination";
  const family = familyOf(draft.to) ?? familyOf(draft.via ?? "") ?? familyOf(draft.source ?? "") ?? assumed ?? "ipv4";
  const { device, to, ...rest } = draft;
  if (rest.via !== undefined && !isAddress(rest.via, family)) return rest.via;
  const route = { to: withPrefix(to, family), ...rest };
  return { route, family, unsaid, ...(device === undefined ? {} : { device }) };
}

function takePair(draft: Draft, word: string, next: string): boolean {
  if (word === "to" && draft.to === "") draft.to = next;
  else if (word === "via") draft.via = next;
  else if (word === "dev") draft.device = next;
  else if (word === "src") draft.source = next;
  else if (["metric", "priority", "preference"].includes(word) && /^\d{1,10}$/.test(next)) draft.metric = Number(next);
  else if (word === "table" && tableNumber(next) !== undefined) draft.table = tableNumber(next) ?? 0;
  else return false;
  if (draft.table === 254) delete draft.table;
  return true;
}

function tableNumber(text: string): number | undefined {
  if (text === "main") return 254;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 4_294_967_295 ? number : undefined;
}

function withPrefix(to: string, family: "ipv4" | "ipv6"): string {
  if (to === "default" || to.includes("/")) return to === "0.0.0.0/0" || to === "::/0" ? "default" : to;
  return `${to}/${family === "ipv4" ? 32 : 128}`;
}

/** The words of a route, less the interface. */
export function routeWords({ to, via, metric, table, source, onLink }: Route): readonly string[] {
  return [
    to,
    ...(via === undefined ? [] : ["via", via]),
    ...(source === undefined ? [] : ["src", source]),
    ...(metric === undefined ? [] : ["metric", String(metric)]),
    ...(table === undefined ? [] : ["table", String(table)]),
    ...(onLink === true ? ["onlink"] : []),
  ];
}

/** Whether a route can be written in such words and be read back as it was. */
export function isRoute(route: Route, family: "ipv4" | "ipv6"): boolean {
  const isNumber = (value: number | undefined, least: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= least && value <= 4_294_967_295);
  return (
    (route.to === "default" ? route.via !== undefined || family === "ipv4" : isCidr(route.to, family)) &&
    (route.via === undefined || isAddress(route.via, family)) &&
    (route.source === undefined || isAddress(route.source, family)) &&
    isNumber(route.metric, 0) &&
    isNumber(route.table, 1) &&
    route.table !== 254
  );
}
