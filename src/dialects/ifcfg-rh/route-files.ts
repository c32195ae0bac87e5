import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Extra, Route } from "../../model/config.ts";
import { readCommands } from "../../syntax/shell-words.ts";
import { isLeftover, readAssignedFile } from "../assigned-file.ts";
import { readRouteWords } from "../ip-route-words.ts";
import { isAddress, prefixOfNetmask } from "../netmask.ts";
import { isRouteSetting, type RouteSetting, routeSettingsLeft } from "../route-settings.ts";

/** Reads route-NAME or route6-NAME in either form: words as `ip route add` takes them, or ADDRESS0, NETMASK0, GATEWAY0. */
export function readRouteFile(
  path: string,
  text: string,
  family: "ipv4" | "ipv6",
  diagnostics: Diagnostic[],
): readonly Route[] {
  if (family === "ipv4" && isNumbered(text)) return numbered(path, text, diagnostics);
  return readCommands(path, text).flatMap(({ words, at }) => {
    if (words.length === 0) return [];
    const line = readRouteWords(
      words.map((word) => word.text),
      family,
    );
    if (typeof line !== "string" && line.family === family) return [line.route];
    diagnostics.push({
      code: "route-not-understood",
      severity: "warning",
      message: `this route is not understood${typeof line === "string" ? ` from ${JSON.stringify(line)} on` : `: it is not of ${family === "ipv4" ? "IPv4" : "IPv6"}`}`,
      hint: "Write it as `ip route add` takes it: 10.0.0.0/8 via 192.168.1.1.",
      at,
    });
    return [];
  });
}

/** What the routes of interfaces that have a file say beyond the model. */
export function leftBehind(files: FileSet): readonly Diagnostic[] {
  const lines = [...files].flatMap(([path, text]) => {
    const [, folder = "", six, name] = /^(.*?)route(6?)-([^/]+)$/.exec(path) ?? [];
    if (name === undefined || !files.has(`${folder}ifcfg-${name}`) || isLeftover(name)) return [];
    return isNumbered(text) && six === ""
      ? numberedOptions(path, text)
      : settingsOf(path, text, six === "6" ? "ipv6" : "ipv4");
  });
  return routeSettingsLeft(lines);
}

interface Settings {
  readonly unsaid: readonly RouteSetting[];
  readonly at: Span;
}

function settingsOf(path: string, text: string, family: "ipv4" | "ipv6"): readonly Settings[] {
  return readCommands(path, text).flatMap(({ words, at }) => {
    const line = readRouteWords(
      words.map((word) => word.text),
      family,
    );
    return typeof line === "string" || line.family !== family ? [] : [{ unsaid: line.unsaid, at }];
  });
}

function numberedOptions(path: string, text: string): readonly Settings[] {
  return [...readAssignedFile(path, "", text, "shell").file.said.values()]
    .filter(({ key }) => /^OPTIONS\d+$/.test(key))
    .map(({ value, at }) => ({ unsaid: value.split(/\s+/).filter(isRouteSetting), at }));
}

function isNumbered(text: string): boolean {
  return /^[ \t]*ADDRESS\d+=/m.test(text);
}

function numbered(path: string, text: string, diagnostics: Diagnostic[]): readonly Route[] {
  const read = readAssignedFile(path, "", text, "shell");
  for (const one of read.diagnostics) diagnostics.push(one);
  const { said } = read.file;
  const routes: Route[] = [];
  // Both readers stop at the first number that is missing.
  for (let index = 0; said.has(`ADDRESS${index}`); index++) {
    const address = said.get(`ADDRESS${index}`);
    const netmask = said.get(`NETMASK${index}`);
    const gateway = said.get(`GATEWAY${index}`);
    const metric = said.get(`METRIC${index}`)?.value;
    const prefix = netmask === undefined ? 32 : (prefixOfNetmask(netmask.value) ?? -1);
    const isFine = address !== undefined && isAddress(address.value, "ipv4") && prefix >= 0;
    if (isFine && (gateway === undefined || isAddress(gateway.value, "ipv4")))
      routes.push({
        to: prefix === 0 ? "default" : `${address.value}/${prefix}`,
        ...(gateway === undefined ? {} : { via: gateway.value }),
        ...(metric !== undefined && /^\d{1,9}$/.test(metric) ? { metric: Number(metric) } : {}),
      });
    else if (address !== undefined)
      diagnostics.push({
        code: "route-not-understood",
        severity: "warning",
        message: `route ${index} is left out: its address, netmask or gateway is none`,
        hint: "Mend the three values.",
        at: address.at,
      });
  }
  return routes;
}

/** The lines of rule-NAME or rule6-NAME: the model has no word for rules, so they are kept as they stand. */
export function readRuleFile(text: string, family: "inet" | "inet6"): readonly Extra[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((value) => ({ key: "rule", value, family, from: "ifcfg-rh" }));
}
