import { observeHost } from "../../host/linux/observe/observe-host.ts";
import type { Config } from "../../model/config.ts";
import type { HostLink, HostState } from "../../model/host-state.ts";
import type { Audit } from "../../topology/audit/audit.ts";
import type { PlacedPort } from "../../topology/audit/shared-hardware.ts";
import type { AuditDocument } from "../types.ts";

/** A port under the name the configuration has for it, and its link on this host. */
export interface PortLink {
  readonly name: string;
  readonly link: HostLink;
}

function portsOf(config: Config): readonly string[] {
  return config.bonds.flatMap((bond) => bond.ports);
}

/** Where the host's ports are plugged in, by the /sys below a root. */
export async function placesOf(config: Config, root: string): Promise<readonly PlacedPort[]> {
  return placesIn(portLinks(config, await observeHost(root)));
}

/** The host's links behind the ports of a configuration. Ports that are named by their MAC or path are found by the name they have now;
 *  those that aren't there are left out. */
export function portLinks(config: Config, { links }: HostState): readonly PortLink[] {
  return portsOf(config).flatMap((name) => {
    const mac = config.interfaces.find((one) => one.name === name)?.match?.mac?.toLowerCase();
    const link = links.find(
      (one) =>
        one.name === name || one.altNames?.includes(name) === true || (mac !== undefined && one.permanentMac === mac),
    );
    return link === undefined ? [] : [{ name, link }];
  });
}

/** Where these links are plugged in. */
export function placesIn(ports: readonly PortLink[]): readonly PlacedPort[] {
  return ports.map(({ name, link }) => ({ name, device: link.device }));
}

/** Said of ports that aren't there. */
export function unplaced(config: Config, placed: readonly PlacedPort[]): readonly string[] {
  const missing = portsOf(config).filter((name) => placed.every((port) => port.name !== name));
  if (missing.length === 0) return [];
  return [`this host has no ${missing.join(" and no ")}: what hardware they share isn't known`];
}

/** The audit as `--json` prints it. */
export function auditDocument({
  goals,
  parts,
  advice,
  withoutUpsMs,
  brownout,
  sightings,
  notes,
}: Audit): AuditDocument {
  return {
    goals: goals.map(({ share, ...goal }) => goal),
    parts: parts.map(({ id, label, kind, rate, scenario, cuts, portsLeft }) => ({
      id,
      label,
      kind,
      rate,
      cuts,
      portsLeft,
      share: Object.fromEntries(goals.map((goal) => [goal.name, goal.share.get(id) ?? 0])),
      ...(scenario === undefined ? {} : { scenario }),
    })),
    advice,
    ...(withoutUpsMs === undefined ? {} : { withoutUpsMs }),
    ...(brownout === undefined ? {} : { brownout }),
    sightings,
    notes,
  };
}
