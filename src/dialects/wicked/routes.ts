import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Route } from "../../model/config.ts";
import { familyOf, isAddress, isCidr, prefixOfNetmask } from "../netmask.ts";
import { isRouteSetting, type RouteSetting, routeSettingsLeft } from "../route-settings.ts";

/** One line of routes or ifroute-NAME. */
export interface RouteLine {
  readonly route: Route;
  readonly family: "ipv4" | "ipv6";
  /** The interface the line names; absent: the one whose subnet the router is in. */
  readonly device?: string;
  /** What it says beyond the route. */
  readonly unsaid: readonly RouteSetting[];
  readonly at: Span;
}

/** Reads routes or ifroute-NAME: destination, gateway, netmask, interface and options, "-" for none. A backslash continues a line. */
export function readRoutes(path: string, text: string, diagnostics: Diagnostic[]): readonly RouteLine[] {
  const found: RouteLine[] = [];
  for (const line of text.matchAll(/(?:[^\n\\]|\\\r?\n|\\)+/g)) {
    const words =
      line[0]
        .replace(/\\\r?\n/g, " ")
        .split("#")[0]
        ?.split(/[ \t\r\n]+/)
        .filter((word) => word !== "") ?? [];
    if (words.length === 0) continue;
    const at = { file: path, start: line.index, end: line.index + line[0].length };
    const read = readRoute(words);
    if (typeof read !== "string") found.push({ ...read, at });
    else
      diagnostics.push({
        code: "route-not-understood",
        severity: "warning",
        message: `this route is not understood: ${read}`,
        hint: "Write DESTINATION GATEWAY - INTERFACE, as in: default 192.168.1.1 - bond0.",
        at,
      });
  }
  return found;
}

/** What the routes of interfaces that have a file say beyond the model. */
export function leftBehind(files: FileSet): readonly Diagnostic[] {
  const lines = [...files].flatMap(([path, text]) => {
    const match = /^(.*\/|)(?:routes|ifroute-([^/]+))$/.exec(path);
    const [, folder = "", own] = match ?? [];
    const isRead = (device: string | undefined): boolean =>
      device === undefined || files.has(`${folder}ifcfg-${device}`);
    if (match === null || !isRead(own)) return [];
    return readRoutes(path, text, []).filter(({ device }) => isRead(device));
  });
  return routeSettingsLeft(lines);
}

function readRoute(words: readonly string[]): Omit<RouteLine, "at"> | string {
  const [to = "", gateway = "-", mask = "-", device = "-", ...more] = words;
  // Behind "nexthop" stands the router, where it is to be reached without being in any subnet of the interface.
  const hopAt = more.indexOf("nexthop");
  const options = hopAt < 0 ? more : more.slice(0, hopAt);
  const hop = hopAt < 0 ? [] : more.slice(hopAt + 1);
  const via = gateway === "-" ? (hop[0] === "via" ? hop[1] : undefined) : gateway;
  if (hop.includes("nexthop")) return "the model has no word for several routers";
  const family = familyOf(to === "default" ? (via ?? "") : to);
  if (family === undefined)
    return to === "default" ? "a default route needs a gateway" : "its destination is no address";
  if (via !== undefined && !isAddress(via, family)) return "its gateway is no address of the same family";
  const destination = to === "default" || to.includes("/") ? to : withMask(to, mask, family);
  if (destination === undefined) return "its netmask is none";
  const draft: { -readonly [K in keyof Route]: Route[K] } = {
    to: /^(0\.0\.0\.0|::)\/0$/.test(destination) ? "default" : destination,
  };
  if (via !== undefined) draft.via = via;
  if (hop.includes("onlink")) draft.onLink = true;
  const wrong = takeOptions(draft, options, family);
  if (wrong !== undefined) return wrong;
  const unsaid = options.filter(isRouteSetting);
  return { route: draft, family, unsaid, ...(device === "-" ? {} : { device }) };
}

function withMask(to: string, mask: string, family: "ipv4" | "ipv6"): string | undefined {
  if (mask === "-") return `${to}/${family === "ipv4" ? 32 : 128}`;
  const prefix = /^\d{1,3}$/.test(mask) ? Number(mask) : prefixOfNetmask(mask);
  const cidr = `${to}/${prefix}`;
  return prefix !== undefined && isCidr(cidr, family) ? cidr : undefined;
}

function takeOptions(
  route: { -readonly [K in keyof Route]: Route[K] },
  options: readonly string[],
  family: "ipv4" | "ipv6",
): string | undefined {
  for (let at = 0; at < options.length; at++) {
    const word = options[at] ?? "";
    const next = options[at + 1] ?? "";
    if (word === "-" || word === "unicast") continue;
    at++;
    if (["metric", "priority", "preference"].includes(word) && /^\d{1,10}$/.test(next)) route.metric = Number(next);
    else if (word === "src" && isAddress(next, family)) route.source = next;
    else if (word === "table" && /^\d{1,10}$/.test(next) && Number(next) > 0) route.table = Number(next);
    else if (
      !["proto", "protocol", "scope"].includes(word) &&
      !isRouteSetting(word) &&
      !(word === "table" && next === "main")
    )
      return `the model has no word for ${JSON.stringify(word)}`;
  }
  if (route.table === 254) delete route.table;
  return undefined;
}

/** A route as a line of ifroute-NAME. */
export function routeLine(device: string, { to, via, metric, table, source, onLink }: Route): string {
  return [
    to === "default" && via === undefined ? "0.0.0.0/0" : to,
    onLink === true ? "-" : (via ?? "-"),
    "-",
    device,
    ...(metric === undefined ? [] : ["metric", String(metric)]),
    ...(source === undefined ? [] : ["src", source]),
    ...(table === undefined ? [] : ["table", String(table)]),
    ...(onLink === true && via !== undefined ? ["nexthop", "via", via, "onlink"] : []),
  ].join(" ");
}
