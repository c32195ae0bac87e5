import type { Interface } from "../../model/config.ts";
import type { Host } from "./host.ts";
import { type Device, type Match, matches } from "./match.ts";
import type { NetworkFile } from "./read-network.ts";
import { type Problems, report } from "./report.ts";

/** Which file each link gets. */
export interface Assigned {
  /** By the link's name, or by the name that stands for whatever links a file fits. */
  readonly files: ReadonlyMap<string, NetworkFile>;
  /** How those are recognised that are not known by name. */
  readonly recognised: ReadonlyMap<string, NonNullable<Interface["match"]>>;
}

/** More links than a host has; beyond it, files are only read for what they say themselves. */
const mostLinks = 2000;

/** Gives every link that files name the first .network that fits it, in the order of the files' names; a file that fits links by their
 *  hardware or by a pattern stands for one more. */
export function assign(host: Host, problems: Problems): Assigned {
  const files = new Map<string, NetworkFile>();
  const used = new Set<NetworkFile>();
  for (const device of knownDevices(host)) {
    const file = host.networks.find(({ match }) => matches(match, device));
    if (file === undefined) continue;
    files.set(device.name, file);
    used.add(file);
  }
  const recognised = new Map<string, NonNullable<Interface["match"]>>();
  for (const file of host.networks) {
    for (const match of openMatches(file.match, host)) {
      const name = standIn(
        file.unit.name,
        (taken) => files.has(taken) || host.devices.has(taken) || host.links.has(taken),
      );
      files.set(name, file);
      recognised.set(name, match);
      used.add(file);
    }
  }
  for (const file of host.networks) {
    const refused = [...(file.match.names?.plain ?? [])].some((name) => host.devices.get(name)?.refusal !== undefined);
    // That its device is not made has been said.
    if (used.has(file) || refused) continue;
    tellShadowed(file, host, problems);
  }
  return { files, recognised };
}

/** A catch-all that sorts first is a usual slip; where it takes links from a bond, there is no bond to speak of. */
function tellShadowed(file: NetworkFile, host: Host, problems: Problems): void {
  const names = [...(file.match.names?.plain ?? [])];
  const first = host.networks.find(({ match }) => names[0] !== undefined && matches(match, { name: names[0] }));
  const earlier = first === undefined ? "an earlier file" : first.unit.name;
  const master = file.bond?.value ?? file.bridge?.value;
  const lost = master === undefined ? "" : `, and nothing puts them into ${master}`;
  const message = `${file.unit.name} has no effect: ${earlier} fits ${names.length === 0 ? "its links" : names.join(", ")} already${lost}`;
  const hint = "Rename it so that it sorts first, or match less in the other.";
  report(problems, "networkd-shadowed", master === undefined ? "warning" : "error", message, file.at, hint);
}

/** Devices that are made, links that udev names, and links that a [Match] names outright. */
function knownDevices(host: Host): readonly Device[] {
  const devices = new Map<string, Device>();
  for (const { name, kind, mac, refusal } of host.devices.values())
    if (refusal === undefined) devices.set(name, { name, kind, ...(mac === undefined ? {} : { mac }) });
  const refused = new Set(
    [...host.devices.values()].filter(({ refusal }) => refusal !== undefined).map(({ name }) => name),
  );
  for (const [name, { match }] of host.links) {
    const { pattern: _, ...hardware } = match;
    if (!devices.has(name)) devices.set(name, { name, hardware });
  }
  for (const { match } of host.networks)
    for (const name of match.names?.plain ?? [])
      if (devices.size < mostLinks && !devices.has(name) && !refused.has(name) && name !== "")
        devices.set(name, { name });
  return [...devices.values()];
}

/** What a file recognises beyond links known by name: an entry for each address, or one for a pattern. */
function openMatches(match: Match, host: Host): readonly NonNullable<Interface["match"]>[] {
  const globs = match.names === undefined ? [] : [...match.names.globs, ...match.names.not.map((word) => `!${word}`)];
  if (match.names !== undefined && globs.length === 0) return [];
  const pattern = match.names === undefined ? "*" : globs.join(" ");
  const macs = [...(match.permanentMacs ?? match.macs ?? [])];
  const path = match.paths?.text;
  const driver = match.drivers?.text;
  const links = [...host.links.values()].map((link) => link.match);
  const isKnown = (mac: string | undefined) =>
    links.some(
      (link) =>
        (mac !== undefined && link.mac === mac) ||
        (mac === undefined && path !== undefined && link.path === path) ||
        (mac === undefined && path === undefined && driver !== undefined && link.driver === driver),
    );
  const rest = { ...(path === undefined ? {} : { path }), ...(driver === undefined ? {} : { driver }), pattern };
  const all = macs.length === 0 ? [rest] : macs.slice(0, mostLinks).map((mac) => ({ mac, ...rest }));
  return all.filter((one: NonNullable<Interface["match"]>) => !isKnown(one.mac));
}

/** A name for links that have none: the file's own, without its number. */
function standIn(file: string, isTaken: (name: string) => boolean): string {
  const stem = file
    .replace(/\.network$/, "")
    .replace(/^\d+-/, "")
    .replace(/[^A-Za-z0-9_.@+-]/g, "-")
    .slice(0, 15);
  const base = stem === "" || stem === "." || stem === ".." ? "links" : stem;
  if (!isTaken(base)) return base;
  for (let number = 2; ; number++) {
    const name = `${base.slice(0, 15 - String(number).length - 1)}-${number}`;
    if (!isTaken(name)) return name;
  }
}
