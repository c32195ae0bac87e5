import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Config, Interface } from "../model/config.ts";

/** The interfaces a change is about: the bonds that are wanted, their ports, and the ports such a bond had before. */
export function concernedNames(before: Config, wanted: Config): ReadonlySet<string> {
  const bonds = new Set(wanted.bonds.map(({ name }) => name));
  const all = [...wanted.bonds, ...before.bonds.filter(({ name }) => bonds.has(name))];
  return new Set([...all.flatMap(({ name, ports }) => [name, ...ports]), ...wanted.interfaces.map(({ name }) => name)]);
}

/** What of the host can't stay as it is when the wanted ports become ports. */
export function obstaclesOf(before: Config, wanted: Config, names: ReadonlySet<string>): readonly Diagnostic[] {
  const ports = new Map(wanted.bonds.flatMap(({ name, ports: all }) => all.map((port) => [port, name] as const)));
  const wasPort = new Set(before.bonds.flatMap(({ ports: all }) => all));
  const bonds = before.bonds
    .filter(({ name }) => !names.has(name))
    .flatMap(({ name, ports: all }) =>
      all
        .filter((port) => ports.has(port))
        .map((port) =>
          obstacle(
            "plan-port-taken",
            `${port} is a port of ${name} already, and holdfast.yaml wants it in ${ports.get(port)}`,
            `Call the bond ${name} in holdfast.yaml, or take ${port} out of ${name} first.`,
          ),
        ),
    );
  const others = before.interfaces
    .filter(({ name }) => !names.has(name))
    .flatMap((iface) => [...standsOn(iface, ports, wasPort), ...bridgedBonds(iface, wanted)]);
  return [...bonds, ...others];
}

/** What is in a bridge has no addresses: they are the bridge's. */
function bridgedBonds({ name, bridge }: Interface, wanted: Config): readonly Diagnostic[] {
  return wanted.bonds.flatMap((bond) => {
    const iface = wanted.interfaces.find((one) => one.name === bond.name);
    const hasAddress = [iface?.ipv4, iface?.ipv6].some(
      (family) => family !== undefined && !/^(none|manual)$/.test(family.method),
    );
    if (!hasAddress || bridge?.ports.includes(bond.name) !== true) return [];
    return [
      obstacle(
        "plan-port-taken",
        `${bond.name} is in the bridge ${name}, and holdfast.yaml gives it addresses of its own`,
        `Leave addresses and gateway to ${name}, or take ${bond.name} out of it first.`,
      ),
    ];
  });
}

/** Interfaces that aren't wanted, and stand on one that is: some languages say so in the lower one's files. */
export function standingOn(before: Config, names: ReadonlySet<string>): readonly Interface[] {
  return before.interfaces.filter(
    ({ name, vlan, bridge }) =>
      !names.has(name) &&
      ((vlan !== undefined && names.has(vlan.parent)) || bridge?.ports.some((port) => names.has(port)) === true),
  );
}

/** Bridges and VLANs on a link that becomes a port would lose what they stand on. */
function standsOn(
  { name, bridge, vlan }: Interface,
  ports: ReadonlyMap<string, string>,
  wasPort: ReadonlySet<string>,
): readonly Diagnostic[] {
  const bridged = bridge?.ports.find((port) => ports.has(port));
  if (bridged !== undefined)
    return [
      obstacle(
        "plan-port-taken",
        `${bridged} is a port of the bridge ${name}, and can't be a port of ${ports.get(bridged)} too`,
        `Put ${ports.get(bridged)} into ${name} instead of ${bridged}, by hand and in one step with the bond.`,
      ),
    ];
  const parent = vlan?.parent;
  if (parent !== undefined && ports.has(parent) && !wasPort.has(parent))
    return [
      obstacle(
        "plan-port-taken",
        `the VLAN ${name} stands on ${parent}, which becomes a port of ${ports.get(parent)}`,
        `Let ${name} stand on ${ports.get(parent)}, by hand and in one step with the bond.`,
      ),
    ];
  return [];
}

function obstacle(code: string, message: string, hint: string): Diagnostic {
  return { code, severity: "error", message, hint };
}

/** What is wanted, with what only the host's own files know of the ports: how they are recognised, and how a radio joins its network.
 *  A holdfast.yaml that says something of it counts instead. */
export function withKept(before: Config, wanted: Config): Config {
  const known = new Map(before.interfaces.map((iface) => [iface.name, iface]));
  const ports = new Set(wanted.bonds.flatMap(({ ports: all }) => all));
  const interfaces = wanted.interfaces.map((iface): Interface => {
    const was = ports.has(iface.name) ? known.get(iface.name) : undefined;
    if (was === undefined) return iface;
    const radio = was.extra.filter(({ key }) => /^(wpa|wireless)-/.test(key));
    return {
      ...iface,
      ...(iface.match === undefined && was.match !== undefined ? { match: was.match } : {}),
      ...(iface.wifi === undefined && was.wifi !== undefined ? { wifi: was.wifi } : {}),
      extra: iface.wifi === undefined ? [...iface.extra, ...radio] : iface.extra,
    };
  });
  return { ...wanted, interfaces };
}
