import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { isPlainLoopback } from "../../model/differences.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import type { OptionName } from "../../model/options.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { bareInterface, type Lose, loser, type SayableHost, sayableHost } from "../sayable.ts";
import { awakeCommand, isKeptAwake } from "../stay-awake.ts";
import { supplicantPath, supplicantText } from "../wpa-supplicant.ts";
import { isCarried, makingCommand, portThatMakes, saidBeforehand, settingCommand } from "./made-beforehand.ts";
import { interfacesPath } from "./read-file.ts";
import { bondLines, speakableBonds } from "./render-bond.ts";
import { type Attributes, type Sheet, stanzasOf, withSayableHooks } from "./render-interface.ts";
import { lackOf } from "./spelling.ts";
import { supplicantCommand } from "./supplicant-command.ts";
import { isTemplate } from "./write-value.ts";

const heading = "# Network interfaces for ifupdown2, written by Holdfast. Try it with ifquery -a, then ifreload -a.";

/** Writes /etc/network/interfaces in the form of Proxmox: each interface has its auto line above its stanzas, a stanza for each
 *  family, the bond's own list of ports (ifupdown2 knows no other way in), and stanzas of their own for the ports, which its web
 *  interface asks for. wpa_supplicant's file where a port is a radio. Total. */
export function render(config: Config): Rendered {
  const first = write(config, "as-it-is");
  // A % anywhere makes the file a template: then nothing may stand in it that a template would run.
  return isTemplate(first.files.get(interfacesPath) ?? "") ? write(config, "in-a-template") : first;
}

function write(config: Config, form: "as-it-is" | "in-a-template"): Rendered {
  const losses: Loss[] = [];
  const lose = loser("ifupdown2-cannot-say", losses);
  const files = new Map<string, string>();
  const secret = new Set<string>();
  const host = hostOf(config, lose);
  const loops = loopbacksOf(config);
  const blocks = host.interfaces.map((said) => {
    const iface = withSayableHooks(said, form, lose);
    const own: Attributes = [...kindLines(iface, host), ...radioLines(iface, host, { files, secret, lose })];
    const sheets = stanzasOf(iface, { own, isPort: host.masterOf.has(iface.name), form }, lose);
    return blockOf(iface, sheets, loops);
  });
  files.set(interfacesPath, [heading, "", ...blocks].join("\n"));
  return { files, losses, secret };
}

function hostOf(config: Config, lose: Lose): SayableHost {
  const vlans = vlanNames(config);
  const isName = (name: string): boolean => isPlainName(name) || vlans.has(name);
  const bonds = speakableBonds(config.bonds, lose);
  const interfaces = config.interfaces.map(withoutLoopback);
  // What is left of it by now can be had.
  const unsayable = (option: OptionName) => (isCarried(option) ? undefined : lackOf(option));
  const host = sayableHost({ ...config, bonds, interfaces }, { isName, unsayable }, lose);
  const kept = host.bonds.filter((bond) => isMade(bond, lose));
  for (const bond of kept) tellWhatOneCommandForgets(bond, lose);
  const described = new Set(host.interfaces.map(({ name }) => name));
  const bare = kept.flatMap(({ ports }) => ports.filter((port) => !described.has(port)).map(bareInterface));
  const all = [...bare, ...host.interfaces];
  const rank = new Map(all.map((iface) => [iface.name, rankOf(iface, kept)]));
  return {
    ...host,
    bonds: kept,
    interfaces: all.toSorted((one, other) => (rank.get(one.name) ?? 0) - (rank.get(other.name) ?? 0)),
  };
}

function isPlainName(name: string): boolean {
  return (
    isInterfaceName(name) &&
    // What follows a colon is cut off.
    /^\w[\w@+-]*$/.test(name) &&
    !/^(none|all|glob|regex|noglob|noregex)$/.test(name)
  );
}

/** Names with a dot: it makes a VLAN of anything, so only VLANs can have one. */
function vlanNames({ bonds, interfaces }: Config): ReadonlySet<string> {
  const named = new Map(interfaces.toReversed().map((iface) => [iface.name, iface.vlan]));
  const isFine = (name: string, depth: number): boolean => {
    if (isPlainName(name)) return true;
    const vlan = named.get(name);
    if (vlan === undefined || depth > 4 || bonds.some((bond) => bond.name === name)) return false;
    const isNumber = Number.isInteger(vlan.id) && vlan.id >= 0 && vlan.id <= 4094;
    return (
      isNumber &&
      isInterfaceName(name) &&
      /^\w[\w.@+-]*$/.test(name) &&
      vlan.parent !== name &&
      isFine(vlan.parent, depth + 1)
    );
  };
  return new Set([...named.keys()].filter((name) => name.includes(".") && isFine(name, 0)));
}

/** What lies below comes first, as people read it; ifupdown2 works the order out by itself. */
function rankOf({ name, vlan, bridge }: Interface, bonds: readonly Bond[]): number {
  if (name === "lo") return 0;
  if (bonds.some((bond) => bond.name === name)) return 2;
  return vlan !== undefined ? 3 : bridge !== undefined ? 4 : 1;
}

function isMade({ name, ports }: Bond, lose: Lose): boolean {
  if (ports.length > 0) return true;
  lose(`bond/${name}`, "the bond is left out: ifupdown2 makes one by its list of ports, and it has none");
  return false;
}

/** `ifup bond0` runs nothing of the ports' stanzas, so a bond that is taken down and up by itself is made without their line. */
function tellWhatOneCommandForgets(bond: Bond, lose: Lose): void {
  const maker = portThatMakes(bond);
  for (const option of saidBeforehand(bond))
    lose(
      `bond/${bond.name}/option/${option}`,
      `${option} ${String(bond.options[option])} holds after a boot, ifup -a and ifreload -a, but not after ifdown ${bond.name} and a plain ifup ${bond.name}: then ${keptByKernel(option)}`,
      {
        hint: `Say ifup ${maker} ${bond.name} after ifdown ${bond.name}: the line that makes the bond with it stands at ${maker}.`,
      },
    );
}

/** lo is a loopback whether it is said or not. */
function withoutLoopback(iface: Interface): Interface {
  if (iface.name !== "lo") return iface;
  const plain = (ip: Interface["ipv4"]): Interface["ipv4"] =>
    ip.method === "loopback" ? { ...ip, method: ip.addresses.length > 0 ? "static" : "none" } : ip;
  return { ...iface, ipv4: plain(iface.ipv4), ipv6: plain(iface.ipv6) };
}

function kindLines(iface: Interface, { bonds, masterOf }: SayableHost): Attributes {
  const own = bonds.find(({ name }) => name === iface.name);
  const above = bonds.find(({ name }) => name === masterOf.get(iface.name));
  const isMaker = above !== undefined && saidBeforehand(above).length > 0 && portThatMakes(above) === iface.name;
  const setting = own === undefined ? undefined : settingCommand(own);
  return [
    ...(own === undefined ? [] : bondLines(own)),
    ...(setting === undefined ? [] : [["up", setting] as const]),
    ...(isMaker ? [["pre-up", makingCommand(above)] as const] : []),
  ];
}

/** wpa_supplicant is started before the radio joins the bond: ifupdown2 brings ports up first. */
function radioLines(
  iface: Interface,
  { bonds }: SayableHost,
  { files, secret, lose }: { readonly files: Map<string, string>; readonly secret: Set<string>; readonly lose: Lose },
): Attributes {
  const { name, wifi } = iface;
  if (wifi === undefined) return [];
  const text = supplicantText(name, wifi, lose);
  if (text === undefined) return [];
  const path = supplicantPath(name);
  files.set(path, text);
  if (text.includes("psk=")) secret.add(path);
  const awake = isKeptAwake(iface, bonds) ? [["up", awakeCommand] as const] : [];
  return [["pre-up", supplicantCommand(name)], ...awake];
}

/** The families in which lo is to be said a loopback: where it was, and where nothing else is said of it. */
function loopbacksOf({ interfaces }: Config): ReadonlySet<string> {
  const lo = interfaces.find(({ name }) => name === "lo");
  if (lo === undefined) return new Set();
  const { dns, ...rest } = lo;
  const isSomethingElse = [lo.bridge, lo.vlan, lo.wifi].some((kind) => kind !== undefined);
  const isBare = !isSomethingElse && (dns === undefined || dns.servers.length + dns.search.length === 0);
  return new Set([
    ...(lo.ipv4.method === "loopback" || (isBare && isPlainLoopback(rest)) ? ["inet"] : []),
    ...(lo.ipv6.method === "loopback" ? ["inet6"] : []),
  ]);
}

function blockOf({ name, start }: Interface, sheets: readonly Sheet[], loops: ReadonlySet<string>): string {
  const begin = start === "boot" ? [`auto ${name}`] : start === "hotplug" ? [`allow-hotplug ${name}`] : [];
  // Judged by what is written too: what was said of lo and could not be written leaves a plain loopback.
  const isBare = sheets.every(({ method, lines }) => method === "manual" && lines.length === 0);
  const isLoopback = (family: string): boolean => name === "lo" && (loops.has(family) || (isBare && family === "inet"));
  const stanzas = sheets.flatMap(({ family, method, lines }) => [
    `iface ${name} ${family} ${isLoopback(family) ? "loopback" : method}`,
    ...lines.map(([key, value]) => `\t${key} ${value}`),
    "",
  ]);
  return [...begin, ...stanzas].join("\n");
}
