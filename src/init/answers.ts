import { addressFamily, cidrFamily, parseCidr, reservedRole } from "../model/address.ts";
import { failed, ok, type Result } from "../model/result.ts";

/** Where a port's cable leads first, or who radiates the network that it joins. */
export const places = {
  router: "straight to the router",
  switch: "to a switch, and from there to the router",
  same: "to the same box as the port before it",
  powerline: "to a powerline adapter, over the mains wiring to another one at the router",
  "access-point": "to an access point of its own, which hangs on the router",
  "second-router": "to a second router, with a line of its own",
  mobile: "to a second router on mobile data, paid by volume",
} as const;

export type Place = keyof typeof places;

export const placeNames = Object.keys(places) as readonly Place[];

/** Whether it leads to another router than the host's first. */
export function isSecondRouter(place: Place | undefined): boolean {
  return place === "second-router" || place === "mobile";
}

/** The second router's LAN address, and the host's own in its subnet where that is another one. */
export interface SecondRouter {
  readonly gateway: string;
  /** CIDR. */
  readonly address?: string;
}

/** What only the owner knows. What isn't there wasn't said. */
export interface Answers {
  readonly ports?: readonly string[];
  readonly primary?: string;
  readonly places: ReadonlyMap<string, Place>;
  /** Radio networks by port. */
  readonly networks: ReadonlyMap<string, string>;
  /** "dhcp", "keep", or CIDR. */
  readonly address?: string;
  readonly gateway?: string;
  readonly dns?: readonly string[];
  readonly second?: SecondRouter;
  /** What hangs on the UPS: "host", "router", names of devices, or "all"; empty: there is no UPS. */
  readonly ups?: readonly string[];
  readonly upsRuntimeMs?: number;
}

export const noAnswers: Answers = { places: new Map(), networks: new Map() };

/** "eth0=powerline" */
export function readPlace(text: string): Result<readonly [port: string, place: Place], string> {
  const at = text.lastIndexOf("=");
  const place = placeNames.find((one) => one === text.slice(at + 1));
  if (at < 1 || place === undefined)
    return failed(`"${text}" is none of PORT=PLACE; places are ${placeNames.join(", ")}`);
  return ok([text.slice(0, at), place]);
}

/** "192.168.2.1", or with the host's own address there: "192.168.2.1,192.168.2.105/24". */
export function readSecondRouter(text: string): Result<SecondRouter, string> {
  const [gateway = "", address, ...rest] = text.trim().split(/[\s,]+/);
  if (!isIpv4(gateway) || rest.length > 0) return failed(`"${text}" is no address of a router`);
  if (address === undefined) return ok({ gateway });
  return isCidr(address) ? ok({ gateway, address }) : failed(`"${address}" is no address with its prefix length`);
}

/** "dhcp", "keep" or an address with its prefix length. */
export function readAddress(text: string): Result<string, string> {
  const word = text.trim();
  if (word === "dhcp" || word === "keep" || isCidr(word)) return ok(word);
  return failed(`"${word}" is neither dhcp nor keep nor an address such as 192.168.1.105/24`);
}

/** Whether a text is an IPv4 address. */
export function isIpv4(text: string): boolean {
  return addressFamily(text) === 4;
}

/** Whether a text is an IPv4 address that a host could carry, with its prefix length. */
export function isCidr(text: string): boolean {
  const read = parseCidr(text);
  return cidrFamily(text) === 4 && read.ok && reservedRole(read.value) === undefined;
}

/** Whether a network name fits into a beacon: 1 to 32 bytes. */
export function isNetworkName(text: string): boolean {
  const bytes = new TextEncoder().encode(text).length;
  return bytes >= 1 && bytes <= 32;
}
