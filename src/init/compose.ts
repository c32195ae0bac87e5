import type { Bond, Wifi } from "../model/bond.ts";
import { type Config, emptyConfig, type Interface, type Uplink } from "../model/config.ts";
import type { BondOptions } from "../model/options.ts";
import { composeTopology, secondName } from "./compose-topology.ts";
import {
  addressFor,
  type Draft,
  gatewayFor,
  isAddressed,
  isRadio,
  networkFor,
  primaryFor,
  secondPort,
  secondRouter,
} from "./draft.ts";

const none = { method: "none", addresses: [] } as const;

/** The configuration that follows from what is declared, seen and answered. What is declared stays; answers win where they were given. */
export function compose(draft: Draft): Config {
  const { base, ports } = draft;
  const bond = composeBond(draft);
  const interfaces = [composeNetwork(draft, bond.name), ...ports.flatMap((port) => composePort(draft, port) ?? [])];
  const made = new Set(interfaces.map(({ name }) => name));
  const uplinks = composeUplinks(draft);
  const topology = composeTopology(draft);
  return {
    ...emptyConfig,
    ...base,
    bonds: [bond, ...base.bonds.filter((one) => one !== draft.bond)],
    interfaces: [...interfaces, ...base.interfaces.filter(({ name }) => !made.has(name))],
    uplinks,
    targets: base.targets.length > 0 ? base.targets : ["gateway"],
    // Behind another line the host has another public address: connections to the outside begin anew.
    objectives: base.objectives ?? { outageMs: 1000, tcp: uplinks.length > 1 ? "may-break" : "survives" },
    ...(topology === undefined ? {} : { topology }),
  };
}

function composeBond(draft: Draft): Bond {
  const { base, bond, ports } = draft;
  const primary = primaryFor(draft);
  const options: BondOptions = {
    ...bond?.options,
    ...(primary === undefined ? {} : { primary }),
    ...(needsOwnMacs(draft) && bond?.options.fail_over_mac === undefined ? { fail_over_mac: "active" } : {}),
  };
  const name = bond?.name ?? freeName("bond", new Set(base.interfaces.map((one) => one.name)));
  return { ...(bond ?? {}), name, ports, options };
}

function freeName(stem: string, taken: ReadonlySet<string>): string {
  let at = 0;
  while (taken.has(`${stem}${at}`)) at += 1;
  return `${stem}${at}`;
}

/** Whether each port had better wear its own MAC address: one that an access point knows from the air must not be on the cable too, and a
 *  second router at the same address is only asked for anew when the host's MAC address changes. */
export function needsOwnMacs(draft: Draft): boolean {
  const radios = draft.ports.filter((port) => isRadio(draft, port));
  const isMixed = radios.length > 0 && radios.length < draft.ports.length;
  return isMixed || (secondRouter(draft)?.gateway ?? "") === gatewayFor(draft);
}

function composeNetwork(draft: Draft, name: string): Interface {
  const { answers, base, bond, present, seen } = draft;
  const own = base.interfaces.find((one) => one.name === bond?.name);
  const asIs: Interface = own ?? { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] };
  if (isAddressed(draft) && answers.address === undefined) return asIs;
  const address = addressFor(draft) ?? "dhcp";
  const gateway = gatewayFor(draft);
  const ipv6: Interface["ipv6"] =
    own === undefined && present?.hasIpv6 === true ? { method: "auto", addresses: [] } : asIs.ipv6;
  if (address === "dhcp") return { ...asIs, name, ipv4: { method: "dhcp", addresses: [] }, ipv6 };
  const servers = answers.dns ?? own?.dns?.servers ?? seen.around.nameServers.filter((one) => !one.includes("%"));
  const search = own?.dns?.search ?? seen.around.search;
  return {
    ...asIs,
    name,
    ipv4: { method: "static", addresses: [address], ...(gateway === undefined ? {} : { gateway }) },
    ipv6,
    ...(servers.length === 0 ? {} : { dns: { servers, search } }),
  };
}

/** What is to be said of a port beside its name; undefined where that is all. */
function composePort(draft: Draft, port: string): Interface | undefined {
  const declared = draft.base.interfaces.find(({ name }) => name === port);
  const mac = fixedMac(draft, port);
  const asIs: Interface = declared ?? { name: port, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] };
  const own = mac === undefined ? declared : { ...asIs, match: { mac } };
  const ssid = isRadio(draft, port) ? networkFor(draft, port) : undefined;
  if (ssid === undefined) return own;
  const psk = declared?.wifi?.psk;
  // A key that stands in the files of the host's own program is not repeated: it is named by its file.
  const isByFile = psk !== undefined && "file" in psk;
  const wifi: Wifi = { ...declared?.wifi, ssid, psk: isByFile ? psk : { file: `secrets/${port}.psk` } };
  return { ...(own ?? asIs), wifi };
}

/** Languages that know a port by its MAC address; the others know names alone, and netplan would rename it. */
const knowMacs: readonly string[] = ["networkd", "networkmanager"];

/** The MAC address a port is better known by than by its name, where whoever is in charge can do that; undefined: its name will do. */
export function fixedMac({ base, seen }: Draft, port: string): string | undefined {
  const link = hasPassingName(seen, port);
  const isDeclared = base.interfaces.some(({ name, match }) => name === port && match !== undefined);
  const spoken = seen.host.language ?? seen.host.inCharge ?? seen.language;
  if (link === undefined || isDeclared || !knowMacs.includes(spoken)) return undefined;
  return link.permanentMac === "" ? link.mac : link.permanentMac;
}

/** A link on USB under a name the kernel gave it: with another adapter, or another order, it is somebody else's at the next boot. Of one whose
 *  MAC address is made up anew each time (a telephone's) nothing better is known, and it is left out. */
export function hasPassingName({ host }: Draft["seen"], port: string): Draft["candidates"][number] | undefined {
  const link = host.links.find(({ name }) => name === port);
  if (link === undefined || link.bus !== "usb" || link.isRadio || !/^(eth|usb)\d+$/.test(port)) return undefined;
  const mac = link.permanentMac === "" ? link.mac : link.permanentMac;
  const isMadeUp = (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
  return mac === "" || isMadeUp ? undefined : link;
}

function composeUplinks(draft: Draft): readonly Uplink[] {
  const { answers, base, ports } = draft;
  const port = secondPort(draft);
  const second = secondRouter(draft);
  const gateway = gatewayFor(draft);
  const first = ports.find((one) => one !== port);
  if (base.uplinks.length > 0 || port === undefined || second === undefined) return base.uplinks;
  if (gateway === undefined || first === undefined) return base.uplinks;
  const isMobile = answers.places.get(port) === "mobile";
  return [
    { name: "line", port: first, gateway },
    { name: secondName(draft), port, ...second, ...(isMobile ? { metered: true } : {}) },
  ];
}
