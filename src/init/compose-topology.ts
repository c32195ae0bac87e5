import { parseNutAddress } from "../config/nut-address.ts";
import type { Cable, Device, DeviceKind, NutAddress, PowerDomain, Topology } from "../model/config.ts";
import { isSecondRouter } from "./answers.ts";
import {
  addressFor,
  type Draft,
  gatewayFor,
  isAddressed,
  isRadio,
  networkFor,
  placesToDeclare,
  secondRouter,
} from "./draft.ts";

/** What the second way to the Internet is called. */
export function secondName({ answers }: Draft): string {
  return [...answers.places.values()].includes("mobile") ? "mobile" : "line-2";
}

/** What the host hangs on, with what the answers add to it; undefined where nothing is declared or answered. */
export function composeTopology(draft: Draft): Topology | undefined {
  const { base, answers } = draft;
  const added = placesToDeclare(draft).filter(({ place }) => place !== undefined);
  const power = composePower(draft);
  if (added.length === 0 && answers.ups === undefined && power === base.topology?.power) return base.topology;
  const site = siteOf(draft);
  for (const { port, place } of added) if (place !== undefined) attach(site, draft, port, place);
  return {
    ...(base.topology ?? {}),
    devices: withPower(site.devices, draft),
    cables: site.cables,
    power,
  };
}

/** The topology as it grows. */
interface Site {
  readonly devices: Device[];
  readonly cables: Cable[];
  /** What the port before hangs on. */
  last?: string;
}

function siteOf({ base, ports }: Draft): Site {
  const { devices = [], cables = [] } = base.topology ?? {};
  const last = cables.findLast(({ from }) => ports.includes(from))?.to;
  return { devices: [...devices], cables: [...cables], ...(last === undefined ? {} : { last }) };
}

type Placed = NonNullable<ReturnType<Draft["answers"]["places"]["get"]>>;

function attach(site: Site, draft: Draft, port: string, place: Placed): void {
  const ssid = isRadio(draft, port) ? networkFor(draft, port) : undefined;
  const router = isSecondRouter(place) ? secondRouterOf(site, draft) : routerOf(site, draft);
  if (ssid !== undefined) {
    // A radio joins by the name of its network: no cable says so.
    const point = place === "access-point" ? add(site, "access-point", "access-point") : router;
    if (point !== router) site.cables.push(cable(point, router));
    change(site, point, (device) => ({ ...device, wifi: ssid }));
    return;
  }
  const cables: Cable[] = [];
  const first = place === "same" ? (site.last ?? router) : viaOf(site, place, router, cables);
  // As one would walk it: from the port on.
  site.cables.push(cable(port, first), ...cables);
  site.last = first;
}

/** The box a cable leads to, made with all that stands between it and the router. */
function viaOf(site: Site, place: Placed, router: string, cables: Cable[]): string {
  if (place === "switch" || place === "access-point") {
    const box = add(site, place, place);
    cables.push(cable(box, router));
    return box;
  }
  if (place === "powerline") {
    const [near, far] = [add(site, "powerline-a", "powerline"), add(site, "powerline-b", "powerline")];
    cables.push({ from: near, to: far, medium: "powerline" }, cable(far, router));
    return near;
  }
  return router;
}

function cable(from: string, to: string): Cable {
  return { from, to, medium: "cable" };
}

/** A new device, under the name or the next free one like it. */
function add(site: Site, wanted: string, kind: DeviceKind, more: Partial<Device> = {}): string {
  const taken = new Set(site.devices.map(({ name }) => name));
  let name = wanted;
  for (let at = 2; taken.has(name); at += 1) name = `${wanted}-${at}`;
  site.devices.push({ name, kind, ...more });
  return name;
}

function change(site: Site, name: string, how: (device: Device) => Device): void {
  const at = site.devices.findIndex((device) => device.name === name);
  const device = site.devices[at];
  if (device !== undefined) site.devices[at] = how(device);
}

/** The first router: the one that is declared at the gateway's address, else the first there is, else a new one. */
function routerOf(site: Site, draft: Draft): string {
  const gateway = gatewayFor(draft);
  const routers = site.devices.filter(({ kind }) => kind === "router");
  const known = routers.find(({ address }) => address?.split("/")[0] === gateway) ?? routers[0];
  return known?.name ?? add(site, "router", "router", addressing(draft, gateway));
}

function secondRouterOf(site: Site, draft: Draft): string {
  const name = `router-${secondName(draft)}`;
  if (site.devices.some((device) => device.name === name)) return name;
  const second = secondRouter(draft);
  return add(site, name, "router", addressing(draft, second?.gateway, second?.address));
}

/** What a router is to the host: its address, and whether it gives addresses and names. */
function addressing(draft: Draft, gateway: string | undefined, own = addressFor(draft)): Partial<Device> {
  const { base, bond, seen, answers, present } = draft;
  const declared = base.interfaces.find(({ name }) => name === bond?.name);
  const address = isAddressed(draft) && answers.address === undefined ? declared?.ipv4.addresses[0] : own;
  const prefix = (address === "dhcp" ? present?.address : address)?.split("/")[1] ?? "24";
  const isDhcp = (address ?? "dhcp") === "dhcp";
  const servers = declared?.dns?.servers ?? answers.dns ?? seen.around.nameServers;
  if (gateway === undefined) return isDhcp ? { dhcp: true } : {};
  return {
    address: `${gateway}/${prefix}`,
    // A home router gives addresses, also where this host doesn't take one.
    dhcp: true,
    ...(isDhcp || servers.includes(gateway) ? { dns: true } : {}),
  };
}

function composePower({ base, answers, seen }: Draft): readonly PowerDomain[] {
  const declared = base.topology?.power ?? [];
  const nut = nutOf(seen);
  if (declared.some(({ kind }) => kind === "ups")) return nut === undefined ? declared : withNut(declared, nut);
  if ((answers.ups ?? []).length === 0) return declared;
  const runtimeMs = answers.upsRuntimeMs ?? seen.around.supplies[0]?.runtimeMs;
  // As short as it may be said: seconds mean nothing in an estimate.
  const whole = runtimeMs === undefined ? undefined : Math.max(60_000, Math.floor(runtimeMs / 60_000) * 60_000);
  const said = { ...(whole === undefined ? {} : { runtimeMs: whole }), ...(nut === undefined ? {} : { nut }) };
  return [...declared, { name: "ups", kind: "ups", ...said }];
}

/** Where the one UPS that was seen here can be asked; undefined: none, or nobody knows which. */
function nutOf({ around }: Draft["seen"]): NutAddress | undefined {
  const [supply, ...others] = around.supplies;
  return supply === undefined || others.length > 0 ? undefined : parseNutAddress(`${supply.name}@localhost`);
}

/** The one UPS that is declared without an address is the one that was seen. */
function withNut(declared: readonly PowerDomain[], nut: NutAddress): readonly PowerDomain[] {
  const all = declared.filter(({ kind }) => kind === "ups");
  if (all.length !== 1 || all[0]?.nut !== undefined) return declared;
  return declared.map((one) => (one.kind === "ups" ? { ...one, nut } : one));
}

/** Devices of which nobody has said what feeds them: the UPS by the answers, else the mains. Nothing is said where nothing was answered. */
function withPower(devices: readonly Device[], { answers }: Draft): readonly Device[] {
  const { ups } = answers;
  if (ups === undefined) return devices;
  const isThere = devices.some(({ name }) => name === "host");
  const all: readonly Device[] = isThere ? devices : [{ name: "host", kind: "server" }, ...devices];
  const feeds = (device: Device): boolean =>
    device.kind !== "powerline" &&
    (ups.includes("all") || ups.includes(device.name) || (device.kind === "router" && ups.includes("router")));
  return all.map((device) =>
    device.power !== undefined ? device : { ...device, power: feeds(device) ? "ups" : "mains" },
  );
}
