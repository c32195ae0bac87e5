import type { Extra, Hook, Interface, IpSettings } from "../../model/config.ts";
import { loseForeign } from "../foreign-settings.ts";
import { matchLoss } from "../match-loss.ts";
import type { Lose } from "../sayable.ts";
import { advertisementsCommand, routeCommand } from "../setting-commands.ts";
import { looksLikeMaking } from "./made-beforehand.ts";
import { bridgeKeys, isSwitch, vlanOf } from "./read-link.ts";
import { isCode, isValue } from "./write-value.ts";

export type Attributes = readonly (readonly [key: string, value: string])[];

/** A stanza on its way to text. */
export interface Sheet {
  readonly family: "inet" | "inet6";
  readonly method: string;
  readonly lines: (readonly [key: string, value: string])[];
}

/** What an interface is beside its own settings. */
export interface Place {
  /** Attributes of the bond, and of the radio. */
  readonly own: Attributes;
  /** In a bond: nobody waits for it. */
  readonly isPort: boolean;
  readonly form: "as-it-is" | "in-a-template";
}

/** The stanzas of one interface: the first one carries what belongs to no family. */
export function stanzasOf(iface: Interface, { own, isPort, form }: Place, lose: Lose): readonly Sheet[] {
  sayUnsaid(iface, isPort, lose);
  const sheets = [...familySheets("inet", iface.ipv4), ...familySheets("inet6", iface.ipv6)];
  const main: Sheet = sheets.find(({ family }) => family === "inet") ?? { family: "inet", method: "manual", lines: [] };
  const all = sheets.includes(main) ? sheets : [main, ...sheets];
  const { mtu, mac } = iface;
  main.lines.push(...own);
  // Where our own line would stand: a command that makes its bond once an impossible primary is gone is read as ours then.
  const mine = iface.hooks.filter(({ family }) => family === undefined);
  const later = mine.findIndex((hook) => !looksLikeMaking(hook));
  const leading = new Set(later === -1 ? mine : mine.slice(0, later));
  for (const hook of leading) writeHook(hook, all, main);
  main.lines.push(
    ...vlanLines(iface),
    ...bridgeLines(iface, lose),
    ...(mtu === undefined ? [] : [["mtu", String(mtu)] as const]),
    ...(mac === undefined ? [] : [["hwaddress", mac.toLowerCase()] as const]),
    ...dnsLines(iface, lose),
  );
  for (const extra of iface.extra) writeExtra(iface.name, extra, all, main, form, lose);
  for (const hook of iface.hooks) if (!leading.has(hook)) writeHook(hook, all, main);
  main.lines.push(...commandLines(iface));
  return all;
}

/** ifupdown2 sets no address in a stanza with dhcp; beside another method they have a stanza of their own. */
function familySheets(family: "inet" | "inet6", ip: IpSettings): readonly Sheet[] {
  const sheets: Sheet[] = [];
  if (ip.method === "dhcp" || ip.method === "auto") sheets.push({ family, method: ip.method, lines: [] });
  if (ip.addresses.length > 0)
    sheets.push({ family, method: "static", lines: ip.addresses.map((address) => ["address", address] as const) });
  if (ip.gateway === undefined) return sheets;
  if (sheets.length === 0) sheets.push({ family, method: "manual", lines: [] });
  sheets
    .at(-1)
    ?.lines.push(["gateway", ip.gateway], ...(ip.metric === undefined ? [] : [["metric", String(ip.metric)] as const]));
  return sheets;
}

function vlanLines({ name, vlan }: Interface): Attributes {
  if (vlan === undefined) return [];
  const byName = vlanOf({ name, attributes: [] });
  if (typeof byName === "object" && byName.parent === vlan.parent && byName.id === vlan.id) return [];
  return [
    ["vlan-raw-device", vlan.parent],
    ["vlan-id", String(vlan.id)],
  ];
}

function bridgeLines({ name, bridge }: Interface, lose: Lose): Attributes {
  if (bridge === undefined) return [];
  const lines: (readonly [string, string])[] = [
    ["bridge-ports", bridge.ports.length === 0 ? "none" : bridge.ports.join(" ")],
  ];
  const settings = Object.entries(bridge.settings).toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [setting, value] of settings) {
    const key = bridgeKeys.find(([, one]) => one === setting)?.[0];
    const isOn = key !== undefined && isSwitch(setting) && /^[01]$/.test(value);
    if (isOn) lines.push([key, value === "1" ? "yes" : "no"]);
    else if (key !== undefined && !isSwitch(setting) && /^(0|[1-9]\d{0,8})$/.test(value)) lines.push([key, value]);
    else {
      const why =
        key === undefined
          ? "Holdfast knows no attribute of ifupdown2 for it"
          : "ifupdown2 takes whole numbers, and yes or no";
      lose(`interface/${name}/bridge/${setting}`, `the bridge's ${JSON.stringify(setting)} is left out: ${why}`);
    }
  }
  return lines;
}

function dnsLines({ name, dns }: Interface, lose: Lose): Attributes {
  return (
    [
      ["dns-nameservers", "servers"],
      ["dns-search", "search"],
    ] as const
  ).flatMap(([key, field]): Attributes => {
    const said = dns?.[field] ?? [];
    const words = [...new Set(said)].filter((word) => /^[\w.:%-]+$/.test(word));
    if (words.length < said.length)
      lose(`interface/${name}/dns/${field}`, `a word of ${key} is left out: it is said twice, or is none`);
    return words.length === 0 ? [] : [[key, words.join(" ")]];
  });
}

/** What ifupdown2 has no attribute for: routes, and router advertisements. */
function commandLines({ ipv4, ipv6 }: Interface): Attributes {
  return [
    ...(ipv6.acceptRa === undefined ? [] : [["up", advertisementsCommand(ipv6.acceptRa)] as const]),
    ...(ipv4.routes ?? []).map((route) => ["up", routeCommand("inet", route)] as const),
    ...(ipv6.routes ?? []).map((route) => ["up", routeCommand("inet6", route)] as const),
  ];
}

/** Attributes that have a meaning of their own: as extras they would be read as something else. */
const meant =
  /^(address|netmask|gateway|metric|mtu|hwaddress|dns-\w+|vlan-(raw-device|id)|es-sys-mac|iface|auto|source.*|vlan|allow.*|(pre-|post-)?(up|down)|bond-.*|bridge-(ports|stp|fd|hello|maxage|ageing|bridgeprio|vlan-aware))$/;

function writeExtra(
  name: string,
  extra: Extra,
  sheets: readonly Sheet[],
  main: Sheet,
  form: Place["form"],
  lose: Lose,
): void {
  const { key, value, from, family } = extra;
  const about = `interface/${name}/extra`;
  const home = homeOf(family, sheets, main);
  if (from !== "ifupdown2") {
    loseForeign(name, extra, "ifupdown2", lose);
  } else if (!/^[a-z][a-z0-9-]*$/.test(key) || meant.test(key) || !isSafe(value, form) || home === undefined)
    lose(about, `${JSON.stringify(key)} is left out: in this place it would be read as something else`);
  else home.lines.push([key, value]);
}

/** Without the commands that can't be written: what is left says what else is to be written, and where. */
export function withSayableHooks(iface: Interface, form: Place["form"], lose: Lose): Interface {
  const hooks = iface.hooks.filter((hook) => {
    if (isSayable(hook, iface, form)) return true;
    lose(
      `interface/${iface.name}/hooks`,
      `the ${hook.when} command is left out: ifupdown2 takes one line, makes a blank of every backslash, and reads a file with a percent sign as a template`,
      { hint: "Put the command into a script and name the script." },
    );
    return false;
  });
  return hooks.length === iface.hooks.length ? iface : { ...iface, hooks };
}

function isSayable({ command, family }: Hook, { ipv6 }: Interface, form: Place["form"]): boolean {
  const text = command.trim();
  // Python takes fewer letters for white space than we do: a byte order mark stays, and belongs to the command.
  const isCutClean = /^[ \t\r\n]*$/.test(command.replace(text, ""));
  // The main stanza is IPv4's, and goes without saying.
  const hasHome = family === undefined || (family === "inet6" && familySheets(family, ipv6).length > 0);
  return hasHome && isCutClean && isSafe(text, form);
}

function writeHook({ when, command, family }: Hook, sheets: readonly Sheet[], main: Sheet): void {
  homeOf(family, sheets, main)?.lines.push([when, command.trim()]);
}

/** The first stanza of a family; for the main family it goes without saying. */
function homeOf(family: "inet" | "inet6" | undefined, sheets: readonly Sheet[], main: Sheet): Sheet | undefined {
  if (family === undefined) return main;
  return family === main.family ? undefined : sheets.find((sheet) => sheet.family === family);
}

function isSafe(text: string, form: Place["form"]): boolean {
  return isValue(text) && (form === "as-it-is" || !isCode(text));
}

function sayUnsaid({ name, match, optional, ipv4, ipv6 }: Interface, isPort: boolean, lose: Lose): void {
  const about = `interface/${name}`;
  const unmatched = matchLoss({ name, ...(match === undefined ? {} : { match }) }, "ifupdown2");
  if (unmatched !== undefined) lose(`${about}/match`, unmatched.text, { hint: unmatched.hint });
  if (optional === true && !isPort)
    lose(`${about}/optional`, "that the boot need not wait for it is left out: ifupdown2 waits for DHCP answers only", {
      severity: "advice",
    });
  for (const [family, ip, word] of [
    ["ipv4", ipv4, "DHCP"],
    ["ipv6", ipv6, "DHCPv6"],
  ] as const) {
    const asks = ip.method === "dhcp" || ip.method === "auto";
    if (asks && ip.metric !== undefined && ip.gateway === undefined)
      lose(
        `${about}/${family}/metric`,
        `the metric ${ip.metric} of the routes from ${ip.method === "auto" ? "advertisements" : word} is left out: beside another default route the order is not said`,
        { hint: "Set it in /etc/dhcp/dhclient-enter-hooks.d, or give a fixed address with gateway and metric." },
      );
    if (ip.dhcp?.useDns === false)
      lose(
        `${about}/${family}/dhcp/useDns`,
        `the name servers of ${word} are used all the same: ifupdown2 tells dhclient nothing`,
        {
          hint: "Take domain-name-servers out of the request line in /etc/dhcp/dhclient.conf.",
        },
      );
    if (ip.dhcp?.useRoutes === false)
      lose(
        `${about}/${family}/dhcp/useRoutes`,
        `the routes of ${word} are used all the same, the default route too: ifupdown2 tells dhclient nothing`,
        {
          hint: "Take routers out of the request line in /etc/dhcp/dhclient.conf.",
        },
      );
  }
}
