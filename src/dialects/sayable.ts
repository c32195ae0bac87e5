import type { Bond } from "../model/bond.ts";
import type { Config, Interface, IpSettings } from "../model/config.ts";
import { isPlainLoopback } from "../model/differences.ts";
import { formatOption, parseOption } from "../model/option-value.ts";
import { type BondOptions, type OptionName, optionRow, optionsIn, type PortOptions } from "../model/options.ts";
import { conflictsIn } from "../model/validate-options.ts";
import { withoutAliases } from "./aliases.ts";
import type { Loss } from "./dialect.ts";
import { sayableIp } from "./sayable-ip.ts";
import { isMtu } from "./setting-commands.ts";

/** Reports something that cannot be said. `about` as in Loss; the message goes on from "NAME: ". */
export type Lose = (about: string, message: string, more?: { hint?: string; severity?: "error" | "advice" }) => void;

/** A reporter that gathers losses under one code. */
export function loser(code: string, losses: Loss[]): Lose {
  return (about, message, { hint, severity = undefined } = {}) => {
    const text = `${nameIn(about)}: ${message}`;
    losses.push({
      code,
      severity: severity ?? "warning",
      message: text,
      about,
      ...(hint === undefined ? {} : { hint }),
    });
  };
}

/** The name of the thing a loss is about, as it can be printed. */
function nameIn(about: string): string {
  const from = about.indexOf("/") + 1;
  const to = about.indexOf("/", from);
  const name = from === 0 ? "" : about.slice(from, to < 0 ? about.length : to);
  return /^[\w.:-]*$/.test(name) ? name : JSON.stringify(name).slice(1, -1);
}

/** What a language takes. */
export interface Limits {
  /** Whether an interface can be called so. */
  readonly isName: (name: string) => boolean;
  /** Why an option cannot be said, in words that go on from "OPTION "; undefined where it can. */
  readonly unsayable: (option: OptionName) => string | undefined;
}

/** A host as it can be written: every name, address and number is one; what had to go was reported. A bond has its interface, and
 *  nothing is two things at once. */
export interface SayableHost {
  readonly bonds: readonly Bond[];
  readonly interfaces: readonly Interface[];
  /** The bond that a port is in. */
  readonly masterOf: ReadonlyMap<string, string>;
  /** The bridge that an interface is in. */
  readonly bridgeOf: ReadonlyMap<string, string>;
}

/** A configuration without a loopback of which nothing is said but that it is one: it comes up by itself everywhere. */
export function withoutPlainLoopback(config: Config): Config {
  const isBare = (iface: Interface): boolean =>
    isPlainLoopback(iface) && [iface.match, iface.wifi, iface.vlan, iface.bridge].every((one) => one === undefined);
  if (!config.interfaces.some(isBare)) return config;
  return { ...config, interfaces: config.interfaces.filter((iface) => !isBare(iface)) };
}

/** Takes out of a configuration what is no name, address, number or option, or cannot be together, and reports it. Total. */
export function sayableHost(config: Config, limits: Limits, lose: Lose): SayableHost {
  const bonds = sayableBonds(config, limits, lose);
  const masterOf = new Map(bonds.flatMap(({ name, ports }) => ports.map((port) => [port, name] as const)));
  const bondNames = new Set(bonds.map(({ name }) => name));
  const named = namedInterfaces(config, bonds, limits, lose);
  const bridgeOf = new Map<string, string>();
  const interfaces = named.map((iface) => {
    const kind = sayableKind(iface, bondNames.has(iface.name), masterOf, limits, lose);
    return sayableLink(kind, lose);
  });
  const bridged = interfaces.map((iface) => sayableBridge(iface, masterOf, bridgeOf, limits, lose));
  const described = new Set(bridged.map(({ name }) => name));
  // What only a bridge speaks of needs a place of its own too, to be brought up and to say where it belongs.
  for (const port of bridgeOf.keys()) if (!described.has(port)) bridged.push(bareInterface(port));
  const addressed = bridged.map((iface) =>
    sayableFamilies(iface, masterOf.get(iface.name) ?? bridgeOf.get(iface.name), lose),
  );
  return { bonds, interfaces: addressed, masterOf, bridgeOf };
}

function sayableBonds(config: Config, limits: Limits, lose: Lose): readonly Bond[] {
  const names = new Set<string>();
  const taken = new Set<string>();
  const bondNames = new Set(config.bonds.map(({ name }) => name));
  return config.bonds.flatMap((bond) => {
    const about = `bond/${bond.name}`;
    if (!limits.isName(bond.name) || names.has(bond.name)) {
      lose(about, "is left out: its name is taken, or cannot be an interface's");
      return [];
    }
    names.add(bond.name);
    const ports = bond.ports.filter((port) => {
      const fine = limits.isName(port) && !bondNames.has(port) && !taken.has(port);
      if (!fine)
        lose(`${about}/ports`, `${JSON.stringify(port)} is left out: it is no interface's name, or is used already`);
      taken.add(port);
      return fine;
    });
    const options = sayableOptions(bond.name, bond.options, ports, limits, lose);
    const portOptions = sayablePortOptions(bond, new Set(ports), limits, lose);
    return [{ name: bond.name, ports, options, ...(portOptions === undefined ? {} : { portOptions }) }];
  });
}

function isValue(option: OptionName, value: unknown): boolean {
  const row = optionRow(option);
  // Most values are plain numbers and words: those need no writing and reading.
  if (row.kind === "int" && Number.isInteger(value)) return Number(value) >= row.min && Number(value) <= row.max;
  if (row.kind === "choice" && typeof value === "string" && value !== "default" && Object.hasOwn(row.choices, value))
    return true;
  const text = formatOption(option, value as never);
  const parsed = parseOption(option, text);
  return parsed.ok && formatOption(option, parsed.value as never) === text;
}

function sayableOptions(
  name: string,
  said: BondOptions,
  ports: readonly string[],
  limits: Limits,
  lose: Lose,
): BondOptions {
  const options: Record<string, unknown> = {};
  const drop = (option: string, why: string): void =>
    lose(`bond/${name}/option/${option}`, `${option} is left out: ${why}`);
  for (const option of optionsIn(said)) {
    const value = said[option];
    const why = limits.unsayable(option);
    const row = optionRow(option);
    if (why !== undefined) drop(option, why);
    else if (row.scope === "port") drop(option, "it is an option of a port, and not of the bond");
    else if (!isValue(option, value)) drop(option, "its value is none that the kernel takes");
    else if (row.kind === "port" && !ports.includes(String(value)))
      drop(option, `${JSON.stringify(value)} is no port of the bond`);
    else options[option] = value;
  }
  for (const { option, other, message } of conflictsIn(options as BondOptions)) {
    // Of two rival monitors the one on carrier stays: it needs no target.
    const loser = option === "miimon" ? other : option;
    if (!(loser in options && option in options) || loser === "mode") continue;
    delete options[loser];
    drop(loser, message);
  }
  return options as BondOptions;
}

function sayablePortOptions(
  bond: Bond,
  ports: ReadonlySet<string>,
  limits: Limits,
  lose: Lose,
): Record<string, PortOptions> | undefined {
  const all: Record<string, PortOptions> = {};
  for (const [port, said] of Object.entries(bond.portOptions ?? {})) {
    const kept: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(said)) {
      const option = key as OptionName;
      const why = !ports.has(port)
        ? "the port is none of the bond's"
        : (limits.unsayable(option) ??
          (isValue(option, value) ? undefined : "its value is none that the kernel takes"));
      if (why === undefined) kept[option] = value;
      else
        lose(
          `bond/${bond.name}/port/${port}/${option}`,
          `${option} of port ${JSON.stringify(port)} is left out: ${why}`,
        );
    }
    if (Object.keys(kept).length > 0) all[port] = kept as PortOptions;
  }
  return Object.keys(all).length === 0 ? undefined : all;
}

/** An interface of which nothing is said but that it is brought up. */
export function bareInterface(name: string): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] };
}

function namedInterfaces(config: Config, bonds: readonly Bond[], limits: Limits, lose: Lose): readonly Interface[] {
  const names = new Set<string>();
  const all = withoutAliases(config.interfaces, ({ about, message, severity }) =>
    lose(about, message, severity === "advice" ? { severity } : {}),
  );
  const usable = all.filter(({ name }) => {
    const fine = limits.isName(name) && !names.has(name);
    if (!fine) lose(`interface/${name}`, "is left out: its name is taken, or cannot be an interface's");
    names.add(name);
    return fine;
  });
  const unnamed = bonds.flatMap(({ name, ports }) => [name, ...ports]).filter((name) => !names.has(name));
  return [...usable, ...unnamed.map(bareInterface)];
}

/** A bond, a VLAN, a bridge and a radio are four things. */
function sayableKind(
  iface: Interface,
  isBond: boolean,
  masterOf: ReadonlyMap<string, string>,
  limits: Limits,
  lose: Lose,
): Interface {
  let kept = iface;
  const about = `interface/${iface.name}`;
  const drop = (field: "vlan" | "bridge" | "wifi" | "match", why: string): void => {
    if (kept[field] === undefined) return;
    kept = without(kept, field);
    lose(`${about}/${field}`, `the ${field === "match" ? "way it is recognised" : field} is left out: ${why}`);
  };
  if (isBond) for (const field of ["vlan", "bridge", "wifi", "match"] as const) drop(field, "it is a bond");
  if (kept.vlan !== undefined) {
    const { parent, id } = kept.vlan;
    const isFine = limits.isName(parent) && parent !== iface.name && Number.isInteger(id) && id >= 0 && id <= 4094;
    if (!isFine) drop("vlan", "its parent is no interface's name, or its number is not in 0 to 4094");
  }
  if (kept.vlan !== undefined) drop("bridge", "it is a VLAN");
  if (masterOf.has(iface.name)) drop("bridge", "it is a port of a bond");
  if (kept.vlan !== undefined || kept.bridge !== undefined) {
    drop("wifi", "a VLAN or bridge is no radio");
    drop("match", "a VLAN or bridge is made, not found");
  }
  return kept;
}

/** Most interfaces have nothing that must go: only the others are copied. */
function without(iface: Interface, field: "vlan" | "bridge" | "wifi" | "match" | "mtu" | "mac" | "dns"): Interface {
  const { [field]: _, ...rest } = iface;
  return rest;
}

function sayableLink(iface: Interface, lose: Lose): Interface {
  let kept = iface;
  const about = `interface/${iface.name}`;
  if (kept.mtu !== undefined && !isMtu(kept.mtu)) {
    kept = without(kept, "mtu");
    lose(`${about}/mtu`, "the MTU is left out: it is no whole number from 68 to 65535");
  }
  for (const [field, mac] of [
    ["mac", kept.mac],
    ["match/mac", kept.match?.mac],
  ] as const) {
    if (mac === undefined || /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(mac)) continue;
    kept = without(kept, field === "mac" ? "mac" : "match");
    lose(`${about}/${field}`, "the MAC address is left out: it is none");
  }
  return kept;
}

function sayableBridge(
  iface: Interface,
  masterOf: ReadonlyMap<string, string>,
  bridgeOf: Map<string, string>,
  limits: Limits,
  lose: Lose,
): Interface {
  if (iface.bridge === undefined) return iface;
  const about = `interface/${iface.name}/bridge`;
  const ports = iface.bridge.ports.filter((port) => {
    const fine = limits.isName(port) && port !== iface.name && !bridgeOf.has(port) && !masterOf.has(port);
    if (fine) bridgeOf.set(port, iface.name);
    else
      lose(
        `${about}/ports`,
        `bridge port ${JSON.stringify(port)} is left out: it is no interface's name, or is used already`,
      );
    return fine;
  });
  return { ...iface, bridge: { ports, settings: iface.bridge.settings } };
}

/** The two families. What is in a bond or a bridge has no addresses of its own: the kernel never hands it a packet. */
function sayableFamilies(iface: Interface, above: string | undefined, lose: Lose): Interface {
  const none: IpSettings = { method: "none", addresses: [] };
  if (above === undefined)
    return {
      ...iface,
      ipv4: sayableIp(iface.name, "ipv4", iface.ipv4, lose),
      ipv6: sayableIp(iface.name, "ipv6", iface.ipv6, lose),
    };
  const kept: Interface = { ...iface, ipv4: none, ipv6: none };
  for (const family of ["ipv4", "ipv6"] as const) {
    const { method, addresses, gateway, routes = [], acceptRa } = iface[family];
    const isSaid =
      !["none", "manual"].includes(method) || addresses.length > 0 || gateway !== undefined || routes.length > 0;
    if (isSaid || acceptRa !== undefined)
      lose(
        `interface/${iface.name}/${family}`,
        `${family === "ipv4" ? "IPv4" : "IPv6"} is left out: what is in ${above} has no addresses of its own`,
        // Advertisements reach the bond, whatever its port would have made of them.
        isSaid ? {} : { severity: "advice" },
      );
  }
  if (kept.dns === undefined) return kept;
  lose(`interface/${iface.name}/dns`, `the name servers are left out: what is in ${above} has no addresses of its own`);
  return without(kept, "dns");
}
