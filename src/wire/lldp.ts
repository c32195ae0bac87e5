import type { LldpId, LldpNeighbour, LldpRole } from "../model/network-sight.ts";
import { be16, concat, fromBe16, fromU8, macBytes, macText } from "./bytes.ts";
import { ipBytes, ipText } from "./ip.ts";

/** Link Layer Discovery Protocol: who hangs at the other end of a cable. Source: IEEE 802.1AB-2016, clauses 8 and 9. */

/** Where LLDP is sent to: a bridge that keeps to the standard passes none of these on. The first is what everybody uses. */
export const LLDP_GROUPS = ["01:80:c2:00:00:0e", "01:80:c2:00:00:03", "01:80:c2:00:00:00"] as const;

const TLV = { end: 0, chassis: 1, port: 2, ttl: 3, portDescription: 4, systemName: 5, capabilities: 7 } as const;

const chassisKinds = ["", "component", "alias", "port-component", "mac", "address", "name", "local"] as const;
const portKinds = ["", "alias", "port-component", "mac", "address", "name", "circuit", "local"] as const;

const roles: readonly LldpRole[] = [
  "other",
  "repeater",
  "bridge",
  "access-point",
  "router",
  "telephone",
  "cable-modem",
  "station",
];

/** Longer names than the standard has room for are nobody's. */
const MOST_BYTES = 255;

/** The neighbour that a frame's payload tells of; undefined when it isn't the three things that must come first, or what it says it is
 *  long doesn't fit. What follows them and is broken is left out. */
export function decodeLldp(payload: Uint8Array): LldpNeighbour | undefined {
  const parts = partsOf(payload);
  const [first, second, third] = parts;
  if (first?.type !== TLV.chassis || second?.type !== TLV.port || third?.type !== TLV.ttl) return undefined;
  const chassis = decodeId(first.value, chassisKinds);
  const port = decodeId(second.value, portKinds);
  if (chassis === undefined || port === undefined || third.value.length < 2) return undefined;
  const value = (type: number) => parts.find((part) => part.type === type)?.value;
  return {
    chassis,
    port,
    portDescription: plainText(value(TLV.portDescription) ?? new Uint8Array()),
    ttlSeconds: be16(third.value, 0),
    systemName: plainText(value(TLV.systemName) ?? new Uint8Array()),
    roles: decodeRoles(value(TLV.capabilities) ?? new Uint8Array()),
  };
}

/** The payload that says this; the frame goes to the first of `LLDP_GROUPS`. Values longer than 255 bytes are cut. */
export function encodeLldp(said: LldpNeighbour): Uint8Array {
  const { chassis, port, ttlSeconds, roles: own } = said;
  const [description, name] = [said.portDescription, said.systemName].map((text) =>
    new TextEncoder().encode(text).subarray(0, MOST_BYTES),
  );
  const bits = own.reduce((sum, role) => sum | (1 << roles.indexOf(role)), 0);
  return concat([
    part(TLV.chassis, encodeId(chassis, chassisKinds)),
    part(TLV.port, encodeId(port, portKinds)),
    part(TLV.ttl, fromBe16(ttlSeconds)),
    ...optional(TLV.portDescription, description),
    ...optional(TLV.systemName, name),
    ...(bits === 0 ? [] : [part(TLV.capabilities, concat([fromBe16(bits), fromBe16(bits)]))]),
    part(TLV.end, new Uint8Array()),
  ]);
}

interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

/** Up to its end, or to the first that claims more than is there. */
function partsOf(payload: Uint8Array): readonly Tlv[] {
  const found: Tlv[] = [];
  for (let at = 0; at + 2 <= payload.length; ) {
    const head = be16(payload, at);
    const type = head >> 9;
    const end = at + 2 + (head & 0x1ff);
    if (type === TLV.end || end > payload.length) break;
    found.push({ type, value: payload.subarray(at + 2, end) });
    at = end;
  }
  return found;
}

function part(type: number, value: Uint8Array): Uint8Array {
  return concat([fromBe16((type << 9) | value.length), value]);
}

function optional(type: number, value: Uint8Array = new Uint8Array()): readonly Uint8Array[] {
  return value.length === 0 ? [] : [part(type, value)];
}

function decodeId(value: Uint8Array, kinds: readonly (LldpId["kind"] | "")[]): LldpId | undefined {
  const kind = kinds[value[0] ?? 0] ?? "";
  const bytes = value.subarray(1);
  if (kind === "" || bytes.length === 0 || bytes.length > MOST_BYTES) return undefined;
  if (kind === "mac") return bytes.length === 6 ? { kind, value: macText(bytes) } : undefined;
  return { kind, value: kind === "address" ? addressText(bytes) : plainText(bytes) };
}

/** A network address begins with its family, 1 or 2. Source: IANA, address family numbers. */
function addressText(bytes: Uint8Array): string {
  const [family] = bytes;
  const address = bytes.subarray(1);
  const isIp = (family === 1 && address.length === 4) || (family === 2 && address.length === 16);
  return isIp ? ipText(address) : hex(bytes);
}

function encodeId({ kind, value }: LldpId, kinds: readonly (LldpId["kind"] | "")[]): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  const ip = kind === "address" ? ipBytes(value) : undefined;
  const coded =
    kind === "mac"
      ? (macBytes(value) ?? new Uint8Array(6))
      : ip === undefined
        ? bytes
        : concat([fromU8(ip.length === 4 ? 1 : 2), ip]);
  return concat([fromU8(Math.max(1, kinds.indexOf(kind))), coded.subarray(0, MOST_BYTES)]);
}

function decodeRoles(value: Uint8Array): readonly LldpRole[] {
  // What it could be stands before what it is.
  const enabled = value.length < 4 ? 0 : be16(value, 2);
  return roles.filter((_, bit) => (enabled & (1 << bit)) !== 0);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Names are UTF-8; what isn't, or would move a cursor, is shown by its bytes. */
function plainText(bytes: Uint8Array): string {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  if (bytes.length === 0) return "";
  try {
    const text = utf8.decode(bytes.subarray(0, end));
    return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) || text.trim() === "" ? hex(bytes) : text;
  } catch {
    return hex(bytes);
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
