import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { differences, isWithin } from "../../model/differences.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { addRadioDefaults } from "../networkmanager/radio-defaults.ts";
import { loser, type SayableHost, sayableHost, withoutPlainLoopback } from "../sayable.ts";
import { isRadioPort, radioUnitText } from "../stay-awake.ts";
import { radioUnitPath } from "./files.ts";
import { parse } from "./parse.ts";
import { bondLines, unsayable } from "./render-bond.ts";
import { definitionLines, sectionOf } from "./render-interface.ts";
import { below, belowAlways, entry, type Lines } from "./yaml-text.ts";

/** Where the file goes. It sorts after what installers and cloud-init write, and netplan lets the last word count. */
export const renderedPath = "/etc/netplan/90-holdfast.yaml";

const heading = "# Written by Holdfast for netplan. See netplan(5).";

const sections = ["ethernets", "wifis", "dummy-devices", "bonds", "bridges", "vlans"] as const;

/** What is no id: a key of netplan's own, and those that our reading of YAML refuses. */
const noIds = ["renderer", "__proto__", "constructor", "prototype"];

/** Names that can be a definition's id and a line of the files netplan writes from it. */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,14}$/.test(name) && !noIds.includes(name);
}

/** Writes one netplan file for systemd-networkd, which netplan takes where nothing else is said and which has a word for all that netplan
 *  has one for; definitions that were NetworkManager's stay so. Total over any Config. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loser("netplan-cannot-say", losses);
  const host = sayableHost(withoutPlainLoopback(config), { isName, unsayable }, lose);
  const all = [...host.interfaces, ...undefinedNames(host).map(bare)];
  const isByManager = all.length > 0 && all.every((iface) => rendererOf(iface) === "NetworkManager");
  const written = all.map((iface) => {
    const bond = host.bonds.find(({ name }) => name === iface.name);
    const section = bond === undefined ? sectionOf(iface) : "bonds";
    const own = rendererOf(iface);
    const lines = [
      ...(own === "networkd" || isByManager ? [] : entry("renderer", own)),
      ...definitionLines(iface, section, lose),
      ...(bond === undefined ? [] : bondLines(bond, own, lose)),
    ];
    return {
      section,
      lines: belowAlways(iface.name, lines),
      holdsSecret: iface.wifi?.psk !== undefined || iface.wifi?.settings !== undefined,
    };
  });
  const body: Lines = [
    ...entry("version", "2"),
    ...entry("renderer", isByManager ? "NetworkManager" : "networkd"),
    ...sections.flatMap((section) =>
      below(
        section,
        written.filter((one) => one.section === section).flatMap(({ lines }) => lines),
      ),
    ),
  ];
  const text = [heading, "network:", ...body.map((line) => `  ${line}`), ""].join("\n");
  const files = new Map([[renderedPath, text], ...radioFiles(host)]);
  losses.push(...lostOnManager(host.interfaces, host, files, losses));
  // netplan asks for 0600 on every file of its own, secret or not.
  return { files, losses, secret: new Set([renderedPath]) };
}

/** What netplan has no word for, said to who carries it out: a supplicant's unit waits for the bond, and no radio of a bond sleeps. */
function radioFiles({ interfaces, bonds }: SayableHost): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const iface of interfaces.filter((one) => isRadioPort(one, bonds) && sectionOf(one) === "wifis")) {
    if (rendererOf(iface) === "NetworkManager") addRadioDefaults(iface.name, files);
    else files.set(radioUnitPath(iface.name), radioUnitText(iface.name, `${heading}\n\n`));
  }
  return files;
}

/** For NetworkManager netplan leaves out more than can be told key by key: what does not come back is told. */
function lostOnManager(
  interfaces: readonly Interface[],
  host: SayableHost,
  files: FileSet,
  told: readonly Loss[],
): readonly Loss[] {
  if (!interfaces.some((iface) => rendererOf(iface) === "NetworkManager")) return [];
  const back = parse(files).config;
  const keys = differences({ ...emptyConfig, bonds: host.bonds, interfaces }, back);
  return keys
    .filter((key) => !told.some(({ about }) => isWithin(key, about)))
    .map((about) => ({
      code: "netplan-cannot-say",
      severity: "warning",
      message: `${about.split("/")[1]}: ${about.split("/").slice(2).join(" ")} is not the same: netplan has no word for it with NetworkManager behind it`,
      hint: "Take networkd as the renderer, or set this in NetworkManager itself.",
      about,
    }));
}

/** netplan refuses ids that are not defined: what bridges and VLANs name must be there. */
function undefinedNames({ interfaces }: SayableHost): readonly string[] {
  const known = new Set(interfaces.map(({ name }) => name));
  const named = interfaces.flatMap(({ vlan, bridge }) => [
    ...(vlan === undefined ? [] : [vlan.parent]),
    ...(bridge?.ports ?? []),
  ]);
  return [...new Set(named)].filter((name) => !known.has(name));
}

function bare(name: string): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] };
}

/** Who carries a definition out. */
function rendererOf(iface: Interface): "networkd" | "NetworkManager" {
  const said = iface.extra.find(({ key, from }) => key === "renderer" && from === "netplan");
  return said?.value === '"NetworkManager"' ? "NetworkManager" : "networkd";
}
