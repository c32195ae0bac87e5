import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { formatOption, isInterfaceName } from "../../model/option-value.ts";
import { optionsIn } from "../../model/options.ts";
import { quoteValue } from "../../syntax/assignments.ts";
import { isLeftover } from "../assigned-file.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { type Lose, loser, type SayableHost, sayableHost, withoutPlainLoopback } from "../sayable.ts";
import { folder } from "./files.ts";
import { dnsLines, type IpLines, ipv4Lines, ipv6Lines } from "./render-ip.ts";
import { extraLines, linkLines, wifiLines } from "./render-link.ts";
import { spellingOf } from "./spelling.ts";

type Pair = readonly [string, string];

const heading = "# Written by Holdfast, for NetworkManager and for the initscripts.";

/** Writes one ifcfg file for each interface, with route, rule and key files where they are needed, in words that both readers take:
 *  TYPE=Bond and BONDING_MASTER=yes for NetworkManager beside BONDING_OPTS for the initscripts, SLAVE=yes beside MASTER. Total. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loser("ifcfg-rh-cannot-say", losses);
  const host = sayableHost(withoutPlainLoopback(config), { isName, unsayable }, lose);
  const files = new Map<string, string>();
  const secret = new Set<string>();
  const bonds = new Map(host.bonds.map((bond) => [bond.name, bond]));
  for (const iface of host.interfaces) {
    sayUnsaid(iface, lose);
    const { pairs, keys } = mainLines(iface, bonds.get(iface.name), host, lose);
    const four = ipv4Lines(iface);
    const six = ipv6Lines(iface, lose);
    const extra = extraLines(iface, lose);
    const all = [...pairs, ...addressed(iface, host, four, six), ...dnsLines(iface, lose), ...extra.pairs];
    files.set(`${folder}/ifcfg-${iface.name}`, textOf(all));
    if (keys.length > 0) {
      files.set(`${folder}/keys-${iface.name}`, textOf(keys));
      secret.add(`${folder}/keys-${iface.name}`);
    }
    for (const [kind, lines] of [
      ["route", four.routes],
      ["route6", six.routes],
      ["rule", extra.rules.inet],
      ["rule6", extra.rules.inet6],
    ] as const)
      if (lines.length > 0) files.set(`${folder}/${kind}-${iface.name}`, `${[heading, ...lines].join("\n")}\n`);
  }
  return { files, losses, secret };
}

function isName(name: string): boolean {
  return isInterfaceName(name) && /^\w[\w.@+-]*$/.test(name) && !isLeftover(name) && name !== "lo";
}

function unsayable(option: Parameters<typeof spellingOf>[0]): string | undefined {
  if (spellingOf(option) !== "cannot-say") return undefined;
  return option === "active_slave"
    ? "it is set before any port has joined, which the kernel refuses; primary says which port is preferred"
    : `neither reader knows it, and ${keptByKernel(option)}; ip link set in /sbin/ifup-local or a NetworkManager dispatcher script can set it`;
}

/** In a port's file BOOTPROTO=none is all there is to say of addresses. */
function addressed(
  iface: Interface,
  { masterOf, bridgeOf }: SayableHost,
  four: IpLines,
  six: IpLines,
): readonly Pair[] {
  if (masterOf.has(iface.name) || bridgeOf.has(iface.name)) return [["BOOTPROTO", "none"]];
  return [...four.pairs, ...six.pairs];
}

function mainLines(
  iface: Interface,
  bond: Bond | undefined,
  host: SayableHost,
  lose: Lose,
): { readonly pairs: readonly Pair[]; readonly keys: readonly Pair[] } {
  const { name } = iface;
  const master = host.masterOf.get(name);
  const bridge = host.bridgeOf.get(name);
  const radio = iface.wifi === undefined ? { pairs: [], keys: [] } : wifiLines(name, iface.wifi, lose);
  const pairs: Pair[] = [
    ["DEVICE", name],
    ["TYPE", typeOf(iface, bond, radio.pairs.length > 0)],
    ["ONBOOT", iface.start === "manual" ? "no" : "yes"],
    ...(bond === undefined ? [] : bondLines(bond)),
    ...(master === undefined ? [] : [["MASTER", master] as const, ["SLAVE", "yes"] as const]),
    ...(master === undefined
      ? []
      : portLines(
          name,
          host.bonds.find((one) => one.name === master),
        )),
    ...(bridge === undefined ? [] : [["BRIDGE", bridge] as const]),
    ...linkLines(iface, lose),
    ...radio.pairs,
  ];
  return { pairs, keys: radio.keys };
}

function typeOf(iface: Interface, bond: Bond | undefined, isRadio: boolean): string {
  if (bond !== undefined) return "Bond";
  if (iface.vlan !== undefined) return "Vlan";
  if (iface.bridge !== undefined) return "Bridge";
  return isRadio ? "Wireless" : "Ethernet";
}

function bondLines({ options }: Bond): readonly Pair[] {
  const words = optionsIn(options).flatMap((option) => {
    const value = options[option];
    const said = spellingOf(option);
    if (value === undefined || said === "cannot-say" || !("opts" in said)) return [];
    return [`${said.opts}=${formatOption(option, value as never)}`];
  });
  return [["BONDING_MASTER", "yes"], ...(words.length === 0 ? [] : [["BONDING_OPTS", words.join(" ")] as const])];
}

function portLines(port: string, bond: Bond | undefined): readonly Pair[] {
  const said = bond?.portOptions?.[port] ?? {};
  return Object.entries(said).flatMap(([option, value]) => {
    const word = spellingOf(option as keyof typeof said);
    return word !== "cannot-say" && "port" in word ? [[word.port, String(value)] as const] : [];
  });
}

/** What an interface has that no ifcfg file can say. */
function sayUnsaid(iface: Interface, lose: Lose): void {
  const about = `interface/${iface.name}`;
  if (iface.start === "hotplug")
    lose(
      `${about}/start`,
      "that it starts when the device appears is written as ONBOOT=yes: at boot, and under NetworkManager when it appears too",
      {
        severity: "advice",
      },
    );
  if (iface.optional === true)
    lose(
      `${about}/optional`,
      "that the boot doesn't wait for it is left out: network-online.target waits for every ONBOOT=yes interface",
      {
        hint: "Mask NetworkManager-wait-online.service if the boot must not wait.",
      },
    );
  if (iface.hooks.length > 0)
    lose(`${about}/hooks`, "its commands are left out: ifcfg files hold none", {
      hint: "Put them into a script in /etc/NetworkManager/dispatcher.d, or into /sbin/ifup-local.",
    });
}

function textOf(pairs: readonly Pair[]): string {
  return `${[heading, ...pairs.map(([key, value]) => `${key}=${quoteValue(value) ?? '""'}`)].join("\n")}\n`;
}
