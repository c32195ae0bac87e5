import type { Span } from "../../diagnostic/diagnostic.ts";
import { parseAddress, parseCidr } from "../../model/address.ts";
import type { Bond } from "../../model/bond.ts";
import type { Interface } from "../../model/config.ts";
import { type HostLink, type HostState, linkNamed } from "../../model/host-state.ts";
import type { Subject } from "../rule.ts";
import { bridgesOver, interfacePlace } from "./bonds.ts";
import { inSysfs } from "./host.ts";

/** An interface of a running bond that the files speak of: the bond itself, or what stands on it. */
export interface DeclaredLink {
  readonly host: HostState;
  readonly bond: Bond;
  readonly declared: Interface;
  /** Undefined: there is no such interface. */
  readonly link: HostLink | undefined;
  readonly at: Span;
}

/** Every bond that runs and is declared, with the VLANs and bridges declared on it. What is only brought up by hand may be down, and
 *  what is recognised by something else than its name may bear another: they are left out. */
export function declaredLinks(subject: Subject): readonly DeclaredLink[] {
  const { host, config, dialect } = subject;
  if (host === undefined || dialect === "running") return [];
  return config.bonds.flatMap((bond): readonly DeclaredLink[] => {
    if (!host.bonds.some(({ name }) => name === bond.name)) return [];
    const names = new Set([bond.name, ...standingOn(subject, bond.name)]);
    return config.interfaces
      .filter(({ name, start, match }) => names.has(name) && start !== "manual" && match === undefined)
      .map((declared) => ({
        host,
        bond,
        declared,
        link: linkNamed(host, declared.name),
        at: interfacePlace(subject, declared.name) ?? inSysfs(declared.name),
      }));
  });
}

function standingOn({ config }: Subject, bond: string): readonly string[] {
  const bridges = bridgesOver(config, bond).map(({ name }) => name);
  const below = [bond, ...bridges];
  const vlans = config.interfaces.filter(({ vlan }) => vlan !== undefined && below.includes(vlan.parent));
  return [...bridges, ...vlans.map(({ name }) => name)];
}

/** Whether a link is as it should be for its manager to have given it addresses: most wait for carrier. */
export function isCarrying(link: HostLink | undefined): link is HostLink {
  return link?.isUp === true && link.hasCarrier === true;
}

/** Whether the agent may have moved addresses and routes to another uplink: then what is declared is not what is wanted now. */
export function isAwayWithAgent({ host, bond }: DeclaredLink): boolean {
  if (host.hasAgent !== true) return false;
  const running = host.bonds.find(({ name }) => name === bond.name);
  return running !== undefined && running.activePort !== (running.options.primary ?? bond.options.primary);
}

/** Whether two texts are one address, prefix and all; one without a prefix is that address with any. */
export function isSameAddress(said: string, seen: string): boolean {
  const [one, other] = [parseCidr(said), parseCidr(seen)];
  if (one.ok && other.ok) return one.value.prefix === other.value.prefix && isSameHost(said, seen);
  return isSameHost(said, seen);
}

/** Whether two texts are one address, whatever their prefixes. */
export function isSameHost(said: string, seen: string): boolean {
  const [one, other] = [parseAddress(bare(said)), parseAddress(bare(seen))];
  return one.ok && other.ok && one.value.family === other.value.family && one.value.bits === other.value.bits;
}

function bare(text: string): string {
  return text.split("/")[0] ?? "";
}
