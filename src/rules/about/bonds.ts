import type { Span } from "../../diagnostic/diagnostic.ts";
import { whereIs } from "../../diagnostic/origins.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { optionInForce } from "../../model/defaults.ts";
import type { OptionName, OptionValue } from "../../model/options.ts";
import type { Finding, Subject } from "../rule.ts";

/** The findings about each bond of the subject, marked with the bond's name. */
export function aboutBonds(
  subject: Subject,
  findingsOf: (bond: Bond) => readonly Finding[] | Finding | undefined,
): readonly Finding[] {
  const marked: Finding[] = [];
  for (const bond of subject.config.bonds) {
    const found = findingsOf(bond) ?? [];
    // Asked by nearly every rule of every host, and mostly there is nothing.
    for (const finding of "message" in found ? [found] : found) marked.push({ bond: bond.name, ...finding });
  }
  return marked;
}

/** The value the kernel will work with: what was said, else its default in the bond's mode. */
export function inForce<K extends OptionName>(bond: Bond, option: K): OptionValue<K> | undefined {
  return optionInForce(bond.options, option);
}

/** An option of kind int as in force; 0 where there is none. */
export function numberInForce(
  bond: Bond,
  option: "miimon" | "arp_interval" | "updelay" | "downdelay" | "arp_missed_max",
): number {
  return Number(optionInForce(bond.options, option) ?? 0);
}

/** Whether one port carries everything and the others wait. */
export function isActiveBackup(bond: Bond): boolean {
  return inForce(bond, "mode") === "active-backup";
}

/** Where an option was said, else where the bond is. */
export function optionPlace(subject: Subject, bond: Bond, option: OptionName): Span | undefined {
  return whereIs(subject.origins, `bond/${bond.name}/option/${option}`);
}

/** Where a port was put into the bond, else where the bond is. */
export function portPlace(subject: Subject, bond: Bond, port: string): Span | undefined {
  return whereIs(subject.origins, `bond/${bond.name}/port/${port}`);
}

/** Where the bond is declared. */
export function bondPlace(subject: Subject, bond: Bond): Span | undefined {
  return whereIs(subject.origins, `bond/${bond.name}`);
}

/** Where an interface, or one field of it, was said. */
export function interfacePlace(subject: Subject, name: string, field?: string): Span | undefined {
  return whereIs(subject.origins, field === undefined ? `interface/${name}` : `interface/${name}/${field}`);
}

/** What is declared of an interface by itself; undefined where nothing is. */
export function interfaceNamed(config: Config, name: string): Interface | undefined {
  const { interfaces } = config;
  let known = byName.get(interfaces);
  if (known === undefined) {
    // The first of a name counts.
    known = new Map(interfaces.map((one) => [one.name, one] as const).reverse());
    byName.set(interfaces, known);
  }
  return known.get(name);
}

/* A host may have thousands, and every rule asks for them by name. */
const byName = new WeakMap<Config["interfaces"], ReadonlyMap<string, Interface>>();

/** Bridges that have this interface, or a VLAN on it, as a port. */
export function bridgesOver(config: Config, name: string): readonly Interface[] {
  const carried = [name, ...config.interfaces.filter((one) => one.vlan?.parent === name).map((one) => one.name)];
  return config.interfaces.filter((one) => one.bridge?.ports.some((port) => carried.includes(port)));
}

/** Every static address of the bond and of VLANs and bridges on it, as CIDR. */
export function addressesOn(config: Config, name: string): readonly string[] {
  const above = config.interfaces.filter((one) => one.vlan?.parent === name);
  const own = config.interfaces.filter((one) => one.name === name);
  return [...own, ...above, ...bridgesOver(config, name)].flatMap((one) => [
    ...one.ipv4.addresses,
    ...one.ipv6.addresses,
  ]);
}

/** Whether the bond, or a VLAN or bridge on it, asks for its IPv4 address by DHCP. */
export function usesDhcp(config: Config, name: string): boolean {
  const above = config.interfaces.filter((one) => one.name === name || one.vlan?.parent === name);
  return [...above, ...bridgesOver(config, name)].some((one) => one.ipv4.method === "dhcp");
}
