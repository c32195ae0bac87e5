import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Wifi } from "../../model/bond.ts";
import type { Extra, Interface } from "../../model/config.ts";
import type { Assigned } from "./assign.ts";
import type { Host } from "./host.ts";
import type { LinkFile } from "./read-link.ts";
import type { NetDev } from "./read-netdev.ts";
import type { NetworkFile } from "./read-network.ts";
import { type Problems, report, shown } from "./report.ts";

/** What is above what: VLANs by the file of the link they stand on, bridges by the files of their ports. */
interface Stack {
  readonly parents: ReadonlyMap<string, { readonly parent: string; readonly at: Span }>;
  readonly bridgePorts: ReadonlyMap<string, readonly string[]>;
}

/** Every interface that the files make or speak of. */
export function describe(
  host: Host,
  assigned: Assigned,
  supplicants: ReadonlyMap<string, Wifi>,
  origins: Map<string, Span>,
  problems: Problems,
): readonly Interface[] {
  const stack = stackOf(host, assigned, problems);
  const names = new Set([
    ...[...host.devices.values()].filter((device) => isMade(device, stack, problems)).map(({ name }) => name),
    ...host.links.keys(),
    ...assigned.files.keys(),
  ]);
  for (const { name, refusal } of host.devices.values()) if (refusal !== undefined) names.delete(name);
  return [...names].map((name) => {
    const file = assigned.files.get(name);
    const device = host.devices.get(name);
    const link = host.links.get(name);
    place(origins, name, device, link, file);
    if (file === undefined && device !== undefined) tellLeftDown(device, problems);
    const wifi = supplicants.get(name);
    return {
      ...settingsOf(name, device, link, file, assigned),
      name,
      hooks: [],
      ...(wifi === undefined ? {} : { wifi }),
      ...kindOf(name, device, stack),
    };
  });
}

const none = { method: "none", addresses: [] } as const;

function settingsOf(
  name: string,
  device: NetDev | undefined,
  link: LinkFile | undefined,
  file: NetworkFile | undefined,
  assigned: Assigned,
): Omit<Interface, "name" | "hooks"> {
  // Nobody brings up what no .network fits.
  const said: NetworkFile["settings"] = file?.settings ?? { start: "manual", ipv4: none, ipv6: none, extra: [] };
  const mtu = said.mtu ?? device?.mtu ?? link?.mtu;
  const mac = said.mac ?? device?.mac ?? link?.mac;
  const match = assigned.recognised.get(name) ?? named(link, file);
  const extra: readonly Extra[] = [...(device?.extras ?? []), ...(link?.extras ?? []), ...said.extra];
  return {
    ...said,
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac }),
    ...(match === undefined ? {} : { match }),
    extra,
  };
}

/** How a link known by name is recognised besides. */
function named(link: LinkFile | undefined, file: NetworkFile | undefined): Interface["match"] {
  const macs = file?.match.permanentMacs ?? (link === undefined ? undefined : file?.match.macs);
  const mac = link?.match.mac ?? (macs?.size === 1 ? [...macs][0] : undefined);
  const path = link?.match.path ?? (file?.match.names === undefined ? undefined : file.match.paths?.text);
  const driver = link?.match.driver ?? (file?.match.names === undefined ? undefined : file.match.drivers?.text);
  const pattern = link?.match.pattern;
  const match = {
    ...(mac === undefined ? {} : { mac }),
    ...(path === undefined ? {} : { path }),
    ...(driver === undefined ? {} : { driver }),
    ...(pattern === undefined ? {} : { pattern }),
  };
  return Object.keys(match).length === 0 ? undefined : match;
}

function kindOf(name: string, device: NetDev | undefined, stack: Stack): Pick<Interface, "vlan" | "bridge"> {
  const parent = stack.parents.get(name)?.parent;
  if (device?.kind === "vlan" && device.vlanId !== undefined && parent !== undefined)
    return { vlan: { parent, id: device.vlanId } };
  if (device?.kind === "bridge")
    return { bridge: { ports: stack.bridgePorts.get(name) ?? [], settings: device.bridge ?? {} } };
  return {};
}

function stackOf(host: Host, assigned: Assigned, problems: Problems): Stack {
  const parents = new Map<string, { parent: string; at: Span }>();
  const bridgePorts = new Map<string, string[]>();
  for (const [name, file] of assigned.files) {
    for (const { text, at } of file.vlans) {
      if (host.devices.get(text)?.kind !== "vlan") {
        const message = `${name}: VLAN=${shown(text)} is passed over: no .netdev makes a VLAN of that name`;
        report(problems, "networkd-no-master", "error", message, at);
      } else if (!parents.has(text)) parents.set(text, { parent: name, at });
    }
    const bridge = file.bridge?.value;
    if (bridge === undefined || bridge === name) continue;
    const ports = bridgePorts.get(bridge);
    if (ports === undefined) bridgePorts.set(bridge, [name]);
    else ports.push(name);
  }
  return { parents, bridgePorts };
}

/** A VLAN is made on the link whose .network names it; without one it is not made. */
function isMade(device: NetDev, stack: Stack, problems: Problems): boolean {
  if (device.refusal !== undefined) return false;
  if (device.kind !== "vlan") return true;
  if (device.vlanId === undefined) return false;
  if (stack.parents.has(device.name)) return true;
  const message = `${device.name}: no .network says VLAN=${device.name}, so networkd never makes it`;
  const hint = `Add VLAN=${device.name} to [Network] of the link it stands on.`;
  report(problems, "networkd-no-device", "error", message, device.nameAt, hint);
  return false;
}

function tellLeftDown(device: NetDev, problems: Problems): void {
  const message = `${device.name} is made and left down: no .network fits it`;
  const hint = `Add a .network with Name=${device.name} in [Match].`;
  report(problems, "networkd-left-down", "warning", message, device.nameAt, hint);
}

function place(
  origins: Map<string, Span>,
  name: string,
  device: NetDev | undefined,
  link: LinkFile | undefined,
  file: NetworkFile | undefined,
): void {
  const at = file?.at ?? device?.nameAt ?? link?.nameAt;
  if (at !== undefined) origins.set(`interface/${name}`, at);
  for (const [field, span] of file?.places ?? []) origins.set(`interface/${name}/${field}`, span);
}
