import type { HostBond, HostState } from "../../model/host-state.ts";
import { formatOption } from "../../model/option-value.ts";
import type { OptionName } from "../../model/options.ts";
import type { Step } from "../../plan/change.ts";
import { shellQuote } from "../../plan/shell-quote.ts";
import type { LinkState } from "../../wire/link.ts";
import { linkAt, type Snapshot } from "../probes/snapshot.ts";
import { routeSteps } from "./route-steps.ts";
import { ip, shell } from "./step.ts";

/** Kinds of links that a network's configuration makes; containers' come and go by themselves. */
const made = ["bond", "bridge", "vlan"];

/** Makes the running network what it was, by ip(8) and a shell, whatever a command did to it. Every step may fail, be repeated, and find
 *  nothing to do. */
export function runtimeSteps(now: Snapshot, state: HostState): readonly Step[] {
  const links = now.links.filter(({ name }) => name !== "lo");
  return [
    shell("Links that weren't there are removed", removeUnknown(now.links.map(({ name }) => name))),
    ...state.bonds.flatMap(bondSteps),
    ...links.flatMap((link) => membership(now, link)),
    ...links.map((link) =>
      ip(["link", "set", "dev", link.name, link.isUp ? "up" : "down"], `${link.name} is as it was`),
    ),
    ...links.flatMap((link) => addressSteps(now, link)),
    ...routeSteps(now),
  ];
}

function removeUnknown(names: readonly string[]): string {
  return `for path in /sys/class/net/*; do
  name=\${path##*/}
  case $name in ${names.map(shellQuote).join("|")}) continue ;; esac
  case $(cat "$path/uevent") in *DEVTYPE=${made.join("* | *DEVTYPE=")}*) ip link delete dev "$name" ;; esac
done
true`;
}

function bondSteps({ name, options, ports }: HostBond): readonly Step[] {
  const mode = options.mode ?? "balance-rr";
  const folder = `/sys/class/net/${name}/bonding`;
  const settings = (Object.keys(options) as OptionName[])
    .filter((option) => option !== "mode" && option !== "active_slave" && option !== "primary")
    .map((option) => [option, formatOption(option, options[option] as never)] as const)
    // What the kernel shows empty it doesn't take empty.
    .filter(([, value]) => value !== "");
  const lines = settings.map(([option, value]) => setting(folder, option, value));
  const primary = options.primary === undefined ? [] : [setting(folder, "primary", options.primary)];
  return [
    shell(
      `There is a bond ${name}`,
      `[ -d ${folder} ] || ip link add dev ${shellQuote(name)} type bond mode ${mode} miimon 100`,
    ),
    shell(`${name} has its options`, [...lines, "true"].join("\n")),
    ...ports.map((port) =>
      shell(
        `${port} is in ${name}`,
        `[ "$(readlink /sys/class/net/${port}/master)" != "" ] && case $(readlink /sys/class/net/${port}/master) in */${name}) exit 0 ;; esac
ip link set dev ${shellQuote(port)} down; ip link set dev ${shellQuote(port)} master ${shellQuote(name)}`,
      ),
    ),
    ...(primary.length === 0 ? [] : [shell(`${name} prefers ${options.primary}`, primary.join("\n"))]),
  ];
}

function setting(folder: string, option: string, value: string): string {
  const file = `${folder}/${option}`;
  if (option === "arp_ip_target" || option === "ns_ip6_target") {
    return value
      .split(",")
      .map((one) => `grep -qwF ${shellQuote(one)} ${file} || echo ${shellQuote(`+${one}`)} >${file}`)
      .join("\n");
  }
  // The kernel shows "word number" and refuses some writes that change nothing.
  return `case "$(cat ${file} 2>/dev/null) " in ${shellQuote(`${value} `)}*) ;; *) echo ${shellQuote(value)} >${file} ;; esac`;
}

function membership(now: Snapshot, link: LinkState): readonly Step[] {
  const master = linkAt(now, link.master);
  // A bond's ports are the bond's.
  if (master?.kind === "bond") return [];
  if (master !== undefined)
    return [ip(["link", "set", "dev", link.name, "master", master.name], `${link.name} is in ${master.name}`)];
  const script = `[ ! -e /sys/class/net/${link.name}/master ] || ip link set dev ${shellQuote(link.name)} nomaster`;
  return [shell(`${link.name} stands alone`, script)];
}

function addressSteps(now: Snapshot, link: LinkState): readonly Step[] {
  const own = now.addresses
    .filter(({ index, scope }) => index === link.index && scope === "global")
    .map(({ ip: address, prefix }) => `${address}/${prefix}`);
  const known = own.length === 0 ? "" : `${own.map(shellQuote).join("|")}) ;; `;
  const script = `ip -o address show dev ${shellQuote(link.name)} scope global | while read -r number name family address rest; do
  case $address in ${known}*) ip address delete "$address" dev ${shellQuote(link.name)} ;; esac
done
true`;
  return [
    shell(`${link.name} has no addresses but its own`, script),
    ...own.map((cidr) => ip(["address", "replace", cidr, "dev", link.name], `${link.name} has ${cidr}`)),
    ...linkLocalSteps(now, link),
  ];
}

/** The kernel makes it when a link comes up, and not again when somebody takes it away: without one, IPv6 has no neighbours. */
function linkLocalSteps(now: Snapshot, link: LinkState): readonly Step[] {
  const had = now.addresses.find(
    ({ index, scope, ip }) => index === link.index && scope === "link" && ip.includes(":"),
  );
  if (had === undefined) return [];
  const name = shellQuote(link.name);
  const script = `[ -n "$(ip -6 -o address show dev ${name} scope link)" ] || ip address add ${had.ip}/${had.prefix} dev ${name}`;
  return [shell(`${link.name} has an address for its neighbours`, script)];
}
