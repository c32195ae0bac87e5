import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { consequenceOf } from "../foreign-settings.ts";
import { awakeCommand, isKeptAwake } from "../stay-awake.ts";
import { vlanByName } from "./link-settings.ts";
import { readBack } from "./read-back.ts";
import { bondLines } from "./render-bond.ts";
import { type Dropped, hookLines, interfaceText, isMark, type Lose } from "./render-interface.ts";
import { isVlan } from "./render-link.ts";
import { interfacesPath } from "./source-files.ts";
import { isInterfaceName, isOptionKey, isWord, optionLine } from "./write-line.ts";

const heading = "# Network interfaces for ifup(8) and ifenslave, written by Holdfast. See interfaces(5).";

/** Writes /etc/network/interfaces in the form ifupdown 0.8 and ifenslave 2.13 handle best. Total over any Config: what can't be
 *  said is left out and reported, and nothing in a value can become a line of its own. What was written is read back, and whatever
 *  does not come back the same is taken out or reported too. */
export function render(config: Config): Rendered {
  const foreign: Loss[] = [];
  const own = withoutForeign(config, foreign);
  const first = write(own);
  const checked = readBack(own, first.text, first.dropped);
  if (checked.mended === undefined)
    return { files: new Map([[interfacesPath, first.text]]), losses: [...foreign, ...first.losses, ...checked.losses] };
  const second = write(checked.mended);
  // What was taken out may have kept something else from having an effect.
  const again = readBack(checked.mended, second.text, second.dropped);
  const third = again.mended === undefined ? second : write(again.mended);
  const losses = [...foreign, ...third.losses, ...checked.losses, ...again.losses];
  return { files: new Map([[interfacesPath, third.text]]), losses };
}

/** What other languages said beyond the model's words means nothing in this one. */
function withoutForeign(config: Config, losses: Loss[]): Config {
  const isForeign = ({ from }: Interface["extra"][number]) => from !== undefined && from !== "ifupdown";
  const interfaces = config.interfaces.map((iface) => {
    const foreign = iface.extra.filter(isForeign);
    if (foreign.length === 0) return iface;
    const lose = loser(`interface/${iface.name}/extra`, losses);
    for (const extra of foreign) {
      const { words, ...more } = consequenceOf(extra, "ifupdown");
      lose("", JSON.stringify(extra.key), words, more);
    }
    return { ...iface, extra: iface.extra.filter((one) => !isForeign(one)) };
  });
  return { ...config, interfaces };
}

function write(config: Config): {
  readonly text: string;
  readonly losses: readonly Loss[];
  readonly dropped: Dropped;
} {
  const dropped: Dropped = new Set();
  const losses: Loss[] = [];
  const bonds = usableBonds(config, losses);
  const interfaces = usableInterfaces(config, bonds, losses);
  const masterOf = new Map(bonds.flatMap((bond) => bond.ports.map((port) => [port, bond.name] as const)));
  const primaries = new Set<string>();
  const bondTexts = new Map<string, readonly string[]>();
  for (const bond of bonds) {
    const written = bondLines(bond, bond.ports);
    losses.push(...written.losses);
    bondTexts.set(bond.name, written.lines);
    if (written.primary !== undefined) primaries.add(written.primary);
  }
  const stanzas = interfaces.map((iface) => {
    const lose = loser(`interface/${iface.name}`, losses);
    const lines = [...(bondTexts.get(iface.name) ?? [])];
    const master = masterOf.get(iface.name);
    if (master !== undefined) lines.push(optionLine("bond-master", master));
    if (primaries.has(iface.name)) lines.push(optionLine("bond-primary", iface.name));
    // wireless-tools' own hook sets it as the stanza says.
    const isSaid = iface.extra.some(({ key }) => key === "wireless-power");
    const written = { ...iface, hooks: iface.hooks.filter((hook) => hookLines(hook) !== undefined) };
    const commands = isKeptAwake(written, bonds) && !isSaid ? [optionLine("up", awakeCommand)] : [];
    const isBond = bondTexts.has(iface.name);
    if (isBond && iface.bridge !== undefined) lose("bridge", "the bridge", "the interface is a bond already");
    const along = master === undefined ? "" : `allow-${master} ${iface.name}\n`;
    if (iface.optional === true && master === undefined)
      lose("optional", "that the boot need not wait for it", "ifup waits for DHCP answers only", {
        severity: "advice",
      });
    return along + interfaceText(isBond ? withoutBridge(iface) : iface, { lines, isBond, commands }, lose, dropped);
  });
  const starts = startLines(interfaces, masterOf, losses, dropped);
  return { text: `${[heading, "", ...starts, ""].join("\n")}\n${stanzas.join("\n")}`, losses, dropped };
}

function withoutBridge(iface: Interface): Interface {
  const { bridge: _, ...rest } = iface;
  return rest;
}

function loser(about: string, losses: Loss[]): Lose {
  const [, name = ""] = about.split("/");
  return (field, what, why, { severity = "warning", hint } = {}) =>
    losses.push({
      code: "ifupdown-cannot-say",
      severity,
      message: `${JSON.stringify(name).slice(1, -1)}: ${what} is left out: ${why}`,
      about: field === "" ? about : `${about}/${field}`,
      ...(hint === undefined ? {} : { hint }),
    });
}

function usableBonds(config: Config, losses: Loss[]): readonly Bond[] {
  const names = new Set<string>();
  const taken = new Set<string>();
  return config.bonds.flatMap((bond) => {
    const lose = loser(`bond/${bond.name}`, losses);
    if (!isInterfaceName(bond.name) || vlanByName(bond.name) !== undefined || names.has(bond.name)) {
      lose("", "the bond", "its name is taken, or is no interface name, or makes a VLAN of it");
      return [];
    }
    names.add(bond.name);
    const ports = bond.ports.filter((port) => {
      const usable =
        isInterfaceName(port) && port !== "none" && port !== "all" && port !== bond.name && !taken.has(port);
      if (!usable) lose("ports", `port ${JSON.stringify(port)}`, "it is no interface name, or is a port already");
      taken.add(port);
      return usable;
    });
    for (const [port, said] of Object.entries(bond.portOptions ?? {}))
      for (const option of Object.keys(said))
        lose(
          `port/${port}/${option}`,
          `${option} of port ${JSON.stringify(port)}`,
          "ifenslave sets nothing of single ports",
        );
    return [{ ...bond, ports }];
  });
}

/** Interfaces that can be named, and one for every bond: a bond without a stanza does not exist. */
function usableInterfaces(config: Config, bonds: readonly Bond[], losses: Loss[]): readonly Interface[] {
  const names = new Set<string>();
  const usable = config.interfaces.filter((iface) => {
    const vlan = vlanByName(iface.name);
    const isNamed = vlan === undefined || (iface.vlan !== undefined && isVlan(iface.vlan));
    const fine = isInterfaceName(iface.name) && isNamed && !names.has(iface.name);
    if (!fine)
      loser(`interface/${iface.name}`, losses)(
        "",
        "the interface",
        "its name is taken, or is no interface name, or makes a VLAN of it",
      );
    names.add(iface.name);
    return fine;
  });
  const bare = bonds.filter((bond) => !names.has(bond.name));
  return [...usable, ...bare.map(({ name }) => bareInterface(name))];
}

function bareInterface(name: string): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: { ...none, method: "manual" }, ipv6: none, hooks: [], extra: [] };
}

/** auto, allow-hotplug and the other lines outside stanzas. A bond comes before its ports: it takes them along. */
function startLines(
  interfaces: readonly Interface[],
  masterOf: ReadonlyMap<string, string>,
  losses: Loss[],
  dropped: Dropped,
): readonly string[] {
  const boots = new Set(interfaces.filter((iface) => iface.start === "boot").map((iface) => iface.name));
  const order = new Set<string>();
  for (const name of boots) {
    const master = masterOf.get(name);
    if (master !== undefined && boots.has(master)) order.add(master);
    order.add(name);
  }
  const lines = [...order].map((name) => `auto ${name}`);
  for (const iface of interfaces) {
    if (iface.start === "hotplug") lines.push(`allow-hotplug ${iface.name}`);
    for (const extra of iface.extra) {
      const { key, value } = extra;
      if (!isMark(key)) continue;
      // Written beside the port's stanza anyway.
      const along = key === `allow-${masterOf.get(iface.name)}`;
      if (along) dropped.add(extra);
      if (along) continue;
      const fits =
        isWord(key) && value === "yes" && key !== "allow-auto" && (key !== "allow-hotplug" || iface.start === "boot");
      if (fits && (isOptionKey(key.replace("allow-", "x")) || !key.startsWith("allow-")))
        lines.push(`${key} ${iface.name}`);
      else {
        dropped.add(extra);
        loser(`interface/${iface.name}`, losses)("extra", JSON.stringify(key), "it is not a class of its own");
      }
    }
  }
  return lines;
}
