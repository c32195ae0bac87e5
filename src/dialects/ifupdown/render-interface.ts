import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { Interface, IpSettings } from "../../model/config.ts";
import { isRoute } from "../ip-route-words.ts";
import { matchLoss } from "../match-loss.ts";
import { advertisementsCommand, isMtu, macCommand, mtuCommand, routeCommand } from "../setting-commands.ts";
import { isCidr, isIpv4, isIpv6, readMac } from "./addresses.ts";
import { methodSets } from "./link-settings.ts";
import { isMethod } from "./methods.ts";
import { linkLines } from "./render-link.ts";
import { isCommand } from "./variables.ts";
import { optionLine, optionLines } from "./write-line.ts";

/** A stanza on its way to text. */
interface Sheet {
  readonly family: string;
  readonly method: string;
  readonly lines: string[];
}

/** What a bond adds to the first stanza of an interface: lines, and behind all others commands for a radio that has a network; and whether
 *  that interface is itself a bond. */
export interface Bonding {
  readonly lines: readonly string[];
  readonly commands: readonly string[];
  readonly isBond: boolean;
}

/** Reports something left out of an interface: which field of it (as in Loss.about, below the interface), what, and why. */
export type Lose = (
  field: string,
  what: string,
  why: string,
  more?: { readonly severity?: Diagnostic["severity"]; readonly hint?: string },
) => void;

/** Extras and hooks that could not be written, by identity: the check that reads everything back need not miss them again. */
export type Dropped = Set<Interface["extra"][number] | Interface["hooks"][number]>;

const marks = /^(allow-\S+|no-auto-down|no-scripts)$/;

/** Whether an extra stands outside the stanza: `allow-CLASS NAME`, `no-auto-down NAME`, `no-scripts NAME`. */
export function isMark(key: string): boolean {
  return marks.test(key);
}

/** The stanzas of one interface as text, blank line between them. */
export function interfaceText(iface: Interface, bonding: Bonding, lose: Lose, dropped: Dropped): string {
  const sheets = openSheets(iface, bonding, lose);
  const main = sheets.find((sheet) => sheet.family === "inet") ?? sheets[0];
  if (main === undefined) return "";
  writeGateway(sheets, "inet", iface.ipv4, lose);
  writeGateway(sheets, "inet6", iface.ipv6, lose);
  const commands = [...writeLink(iface, main, lose), ...advertisementsLines(iface, sheets)];
  sayUnsaid(iface, lose);
  main.lines.push(...bonding.lines);
  writeExtras(iface, sheets, main, lose, dropped);
  writeHooks(iface, sheets, main, lose, dropped);
  const isRadio = main.lines.some((line) => line.trimStart().startsWith("wpa-ssid "));
  main.lines.push(...commands, ...routeLines(iface, lose), ...(isRadio ? bonding.commands : []));
  return sheets
    .map(({ family, method, lines }) => [`iface ${iface.name} ${family} ${method}`, ...lines, ""].join("\n"))
    .join("\n");
}

function openSheets(iface: Interface, bonding: Bonding, lose: Lose): readonly Sheet[] {
  const sheets: Sheet[] = [
    ...familySheets("inet", iface.ipv4, needsAddress(iface, "inet", bonding), lose),
    ...familySheets("inet6", iface.ipv6, needsAddress(iface, "inet6", bonding), lose),
  ];
  const others = otherSheets(iface, lose);
  // Beside another method of its family, manual adds nothing, and is not read back.
  const told = sheets.filter(
    ({ family, method }) => method !== "manual" || !others.some((one) => one.family === family),
  );
  if (told.length < sheets.length)
    lose("ipv4/method", "method manual", "another method of the same family is said as well");
  sheets.splice(0, sheets.length, ...told, ...others);
  if (iface.ipv4.method === "other" && !sheets.some(({ family }) => family === "inet")) {
    lose(
      "ipv4/method",
      "the IPv4 method",
      "ifupdown has no word for it; the interface is brought up without an address",
    );
  }
  return sheets.length > 0 ? sheets : [{ family: "inet", method: "manual", lines: [] }];
}

/** Stanzas of methods the model has no word for, each an extra "iface" with family and method for its value. */
function otherSheets(iface: Interface, lose: Lose): readonly Sheet[] {
  return iface.extra.flatMap(({ key, value }) => {
    if (key !== "iface") return [];
    const [family = "", method = "", ...more] = value.split(" ");
    if (more.length === 0 && isMethod(family, method)) return [{ family, method, lines: [] }];
    lose("extra", `iface ${JSON.stringify(value)}`, "ifupdown has no such method");
    return [];
  });
}

type Lack = "fatal" | "harmless";

/** A bond whose stanza ifup gives up is never made. An address we could not read (a placeholder) still satisfies ifup. */
function needsAddress(iface: Interface, family: "inet" | "inet6", bonding: Bonding): Lack {
  const other = iface.ipv4.method === "none" ? undefined : "inet6";
  const unread = iface.extra.some(
    (extra) => extra.key === "address" && (extra.family ?? (family === other ? "" : family)) === family,
  );
  // A port whose stanza ifup gives up never joins.
  const matters = bonding.isBond || bonding.lines.length > 0;
  return matters && !unread ? "fatal" : "harmless";
}

function familySheets(family: "inet" | "inet6", ip: IpSettings, lack: Lack, lose: Lose): readonly Sheet[] {
  const key = family === "inet" ? "ipv4" : "ipv6";
  const addresses = [...new Set(ip.addresses)].filter((address) => {
    const valid = isCidr(address, family);
    if (!valid)
      lose(`${key}/addresses`, `address ${JSON.stringify(address)}`, "it is not an address with prefix length");
    return valid;
  });
  const rest = addresses.map(
    (address): Sheet => ({ family, method: "static", lines: [optionLine("address", address)] }),
  );
  switch (ip.method) {
    case "none":
    case "manual":
    case "other":
      if (addresses.length > 0) lose(`${key}/addresses`, addresses.join(" "), `method ${ip.method} sets no address`);
      return ip.method === "manual" ? [{ family, method: "manual", lines: [] }] : [];
    case "static":
      if (rest.length > 0) return rest;
      if (lack === "harmless") return [{ family, method: "static", lines: [] }];
      lose(
        `${key}/method`,
        `${family} static`,
        "without an address ifup would give the interface up; it is brought up without one",
      );
      return [{ family, method: "manual", lines: [] }];
    default:
      if (isMethod(family, ip.method)) return [{ family, method: ip.method, lines: [] }, ...rest];
      lose(`${key}/method`, `${family} ${ip.method}`, "ifupdown has no such method");
      return rest.length > 0 ? rest : [{ family, method: "manual", lines: [] }];
  }
}

function writeGateway(sheets: readonly Sheet[], family: "inet" | "inet6", ip: IpSettings, lose: Lose): void {
  const key = family === "inet" ? "ipv4" : "ipv6";
  const fixed = sheets.find((sheet) => sheet.family === family && sheet.method === "static");
  if (ip.gateway !== undefined) {
    const valid = family === "inet" ? isIpv4(ip.gateway) : isIpv6(ip.gateway);
    if (valid && fixed !== undefined) fixed.lines.push(optionLine("gateway", ip.gateway));
    else if (!valid)
      lose(`${key}/routes`, `gateway ${JSON.stringify(ip.gateway)}`, "it is not an address of the family");
    else
      lose(
        `${key}/routes`,
        `gateway ${ip.gateway}`,
        "ifup sets a gateway only with a static address; there will be no default route from here",
      );
  }
  if (ip.metric === undefined) return;
  const home = fixed ?? sheets.find((sheet) => sheet.family === "inet" && family === "inet" && sheet.method === "dhcp");
  if (home !== undefined && Number.isInteger(ip.metric) && ip.metric >= 0 && ip.metric < 2 ** 32) {
    home.lines.push(optionLine("metric", String(ip.metric)));
  } else {
    lose(`${key}/metric`, `metric ${ip.metric}`, `ifup has no use for it in ${family} ${ip.method}`);
    if (ip.gateway !== undefined) lose(`${key}/routes`, "the metric of the gateway's route", "it is no whole number");
  }
}

/** Link settings into the main stanza; those its method has no option for come back as commands. */
/** Whether advertisements are taken: an option of most inet6 methods, a command where there is no such stanza. */
function advertisementsLines({ ipv6 }: Interface, sheets: readonly Sheet[]): readonly string[] {
  if (ipv6.acceptRa === undefined) return [];
  const home = sheets.find(({ family, method }) => family === "inet6" && /^(static|auto|dhcp)$/.test(method));
  home?.lines.push(optionLine("accept_ra", ipv6.acceptRa ? "1" : "0"));
  return home === undefined ? [optionLine("up", advertisementsCommand(ipv6.acceptRa))] : [];
}

/** What /etc/network/interfaces has no word for. */
function sayUnsaid({ name, match, ipv4, ipv6 }: Interface, lose: Lose): void {
  const unmatched = matchLoss({ name, ...(match === undefined ? {} : { match }) }, "ifupdown");
  if (unmatched !== undefined) {
    const missed = unmatched.isLabel ? `, and if the link isn't called ${name}, nothing here reaches it` : "";
    const why = `ifupdown knows interfaces by name only${missed}`;
    lose("match", `recognising it by ${unmatched.by}`, why, { hint: unmatched.hint });
  }
  for (const [key, { dhcp }] of [
    ["ipv4", ipv4],
    ["ipv6", ipv6],
  ] as const)
    for (const [field, word, request] of [
      ["useDns", "name servers", "domain-name-servers"],
      ["useRoutes", "routes", "routers"],
    ] as const)
      if (dhcp?.[field] === false)
        lose(
          `${key}/dhcp/${field}`,
          `leaving the ${word} of DHCP aside`,
          "ifup tells dhclient nothing of the kind; they are used",
          {
            hint: `Take ${request} out of the request line in /etc/dhcp/dhclient.conf.`,
          },
        );
}

function writeLink(iface: Interface, main: Sheet, lose: Lose): readonly string[] {
  const commands: string[] = [];
  const set = (what: "mtu" | "mac", line: string, command: string) => {
    if (methodSets(what, main.family, main.method)) main.lines.push(line);
    else commands.push(optionLine("up", command));
  };
  main.lines.push(...linkLines(iface, lose));
  if (iface.mtu !== undefined) {
    if (isMtu(iface.mtu)) set("mtu", optionLine("mtu", String(iface.mtu)), mtuCommand(iface));
    else lose("mtu", `mtu ${iface.mtu}`, "it is not a whole number from 68 to 65535");
  }
  if (iface.mac !== undefined) {
    if (readMac(iface.mac) === iface.mac) set("mac", optionLine("hwaddress", iface.mac), macCommand(iface));
    else lose("mac", `MAC address ${JSON.stringify(iface.mac)}`, "it is not six bytes in lower-case hex");
  }
  return commands;
}

function writeExtras(iface: Interface, sheets: readonly Sheet[], main: Sheet, lose: Lose, dropped: Dropped): void {
  for (const extra of iface.extra) {
    const { key, value, family } = extra;
    if (key === "iface" || isMark(key)) continue;
    const lines = optionLines(key, value);
    if (lines !== undefined) home(sheets, main, family).lines.push(...lines);
    else {
      dropped.add(extra);
      lose("extra", JSON.stringify(key), "it cannot stand on one line of its own");
    }
  }
}

function writeHooks(iface: Interface, sheets: readonly Sheet[], main: Sheet, lose: Lose, dropped: Dropped): void {
  for (const hook of iface.hooks) {
    const { when, family } = hook;
    const lines = hookLines(hook);
    if (lines !== undefined) home(sheets, main, family).lines.push(...lines);
    else {
      dropped.add(hook);
      lose("hooks", `the ${when} command`, "a command must be one line; put it into a script and name the script");
    }
  }
}

/** A command as it is written; undefined: it can't be. */
export function hookLines({ when, command }: Interface["hooks"][number]): readonly string[] | undefined {
  return command.includes("\n") || !isCommand(when) ? undefined : optionLines(when, command.trim());
}

/** The first stanza of a family, or the main one where there is none. */
function home(sheets: readonly Sheet[], main: Sheet, family: string | undefined): Sheet {
  return (family === undefined ? undefined : sheets.find((sheet) => sheet.family === family)) ?? main;
}

function routeLines(iface: Interface, lose: Lose): readonly string[] {
  return (["inet", "inet6"] as const).flatMap((family) =>
    ((family === "inet" ? iface.ipv4 : iface.ipv6).routes ?? []).flatMap((route) => {
      if (isRoute(route, family === "inet" ? "ipv4" : "ipv6")) return [optionLine("up", routeCommand(family, route))];
      lose(
        `${family === "inet" ? "ipv4" : "ipv6"}/routes`,
        `route to ${JSON.stringify(route.to)}`,
        "it has a part that is not an address or number",
      );
      return [];
    }),
  );
}
