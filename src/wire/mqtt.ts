import { be16 } from "./bytes.ts";

/** MQTT, as far as telling a broker things and taking its orders needs it: version 5, and 3.1.1 where a broker knows no more.
 *  Sources: OASIS MQTT 5.0 (2019) and MQTT 3.1.1 (2014); sections are version 5's. */

/** 4 is what 3.1.1 calls itself in a packet. */
export type MqttVersion = 4 | 5;

/** How a client says who it is, and what the broker shall say in its place when it falls silent. */
export interface MqttConnect {
  readonly version: MqttVersion;
  readonly clientId: string;
  /** 1 to 65535. The broker waits half as long again before it takes the client for dead. */
  readonly keepAliveS: number;
  readonly user?: string;
  readonly password?: string;
  /** Kept by the broker, at least once. */
  readonly will: { readonly topic: string; readonly payload: string };
}

/** Something to publish. `id`: 1 to 65535 where `qos` is 1; without meaning where it is 0. */
export interface MqttPublish {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  /** The broker keeps it for whoever subscribes later; or, on its way in, has kept it. */
  readonly retain: boolean;
  readonly id: number;
}

/** What a broker may say to a client that subscribes with QoS 1 at most. */
export type MqttPacket =
  | { readonly kind: "connack"; readonly code: number; readonly limits: MqttLimits }
  | ({ readonly kind: "publish" } & MqttPublish)
  | { readonly kind: "puback"; readonly id: number; readonly code: number }
  | { readonly kind: "suback"; readonly id: number; readonly codes: readonly number[] }
  | { readonly kind: "pong" }
  | { readonly kind: "bye"; readonly code: number }
  /** Nothing this client ever asked for. */
  | { readonly kind: "other"; readonly type: number };

/** What a broker allows; absent: what the specification takes for granted. */
export interface MqttLimits {
  /** Publications with QoS 1 on their way at a time. */
  readonly receiveMaximum?: number;
  /** Bytes of a packet. */
  readonly packetBytes?: number;
  readonly maximumQos?: number;
  /** 0: it keeps nothing. */
  readonly retainAvailable?: number;
  readonly keepAliveS?: number;
}

const type = { connect: 1, connack: 2, publish: 3, puback: 4, subscribe: 8, suback: 9, ping: 12, pong: 13, bye: 14 };
const encoder = new TextEncoder();

/** The first packet of a connection. The session is a new one: what was ordered while nobody listened is not obeyed later. */
export function connectPacket({ version, clientId, keepAliveS, user, password, will }: MqttConnect): Uint8Array {
  const cleanSession = 0x02;
  const willKeptAtLeastOnce = 0x04 | 0x08 | 0x20;
  const flags =
    cleanSession | willKeptAtLeastOnce | (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  return packet(type.connect, 0, [
    ...string("MQTT"),
    version,
    flags,
    ...u16(keepAliveS),
    ...noProperties(version),
    ...string(clientId),
    ...noProperties(version),
    ...string(will.topic),
    ...string(will.payload),
    ...(user === undefined ? [] : string(user)),
    ...(password === undefined ? [] : string(password)),
  ]);
}

export function publishPacket(version: MqttVersion, { topic, payload, qos, retain, id }: MqttPublish): Uint8Array {
  const head = [...string(topic), ...(qos === 1 ? u16(id) : []), ...noProperties(version)];
  return packet(type.publish, (qos << 1) | (retain ? 1 : 0), head, payload);
}

/** Asks for topics, with QoS 1 at most; of those in `asPublished` a broker of MQTT 5 says with each message whether it is to be kept, with
 *  every other only whether it was. */
export function subscribePacket(
  version: MqttVersion,
  id: number,
  topics: readonly string[],
  asPublished: readonly string[] = [],
): Uint8Array {
  const retainAsPublished = version === 5 ? 0b1000 : 0;
  const asked = [
    ...topics.flatMap((topic) => [...string(topic), 1]),
    ...asPublished.flatMap((topic) => [...string(topic), 1 | retainAsPublished]),
  ];
  return packet(type.subscribe, 0b0010, [...u16(id), ...noProperties(version), ...asked]);
}

/** Says that a publication with QoS 1 has come. */
export function pubackPacket(id: number): Uint8Array {
  return packet(type.puback, 0, u16(id));
}

export function pingPacket(): Uint8Array {
  return packet(type.ping, 0, []);
}

/** Goodbye: the broker drops the will. */
export function byePacket(): Uint8Array {
  return packet(type.bye, 0, []);
}

/** The first packet in the bytes and how many of them it takes. "more": it isn't all there. "malformed": no packet, or a longer
 *  one than `mostBytes`; the connection is to be ended. */
export function readMqttPacket(
  version: MqttVersion,
  bytes: Uint8Array,
  mostBytes: number,
): { readonly packet: MqttPacket; readonly length: number } | "more" | "malformed" {
  const size = variableInt(bytes, 1);
  if (size === "more" || size === "malformed") return size;
  const length = size.next + size.value;
  if (length > mostBytes) return "malformed";
  if (bytes.length < length) return "more";
  const first = bytes[0] ?? 0;
  const read = readBody(version, first >> 4, first & 0x0f, bytes.subarray(size.next, length));
  return read === undefined ? "malformed" : { packet: read, length };
}

function readBody(version: MqttVersion, kind: number, flags: number, body: Uint8Array): MqttPacket | undefined {
  switch (kind) {
    case type.connack:
      return connack(version, body);
    case type.publish:
      return publication(version, flags, body);
    case type.puback:
      return body.length < 2 ? undefined : { kind: "puback", id: be16(body, 0), code: body[2] ?? 0 };
    case type.suback: {
      const at = afterProperties(version, body, 2);
      return at === undefined ? undefined : { kind: "suback", id: be16(body, 0), codes: [...body.subarray(at)] };
    }
    case type.pong:
      return { kind: "pong" };
    case type.bye:
      return { kind: "bye", code: body[0] ?? 0 };
    default:
      return { kind: "other", type: kind };
  }
}

function connack(version: MqttVersion, body: Uint8Array): MqttPacket | undefined {
  if (body.length < 2) return undefined;
  const code = body[1] ?? 0;
  // A broker that doesn't know version 5 refuses in the form it knows.
  if (version === 4 || body.length === 2) return { kind: "connack", code, limits: {} };
  const limits = limitsIn(body, 2);
  return limits === undefined ? undefined : { kind: "connack", code, limits };
}

function publication(version: MqttVersion, flags: number, body: Uint8Array): MqttPacket | undefined {
  const qos = (flags >> 1) & 3;
  if (qos > 1 || body.length < 2) return undefined;
  const end = 2 + be16(body, 0);
  const afterId = end + (qos === 1 ? 2 : 0);
  if (afterId > body.length) return undefined;
  const at = afterProperties(version, body, afterId);
  const topic = textOf(body.subarray(2, end));
  if (at === undefined || topic === undefined) return undefined;
  const id = qos === 1 ? be16(body, end) : 0;
  const retain = (flags & 1) === 1;
  return { kind: "publish", topic, payload: body.slice(at), qos: qos === 1 ? 1 : 0, retain, id };
}

/** Where the properties at `at` end; undefined: they don't. */
function afterProperties(version: MqttVersion, body: Uint8Array, at: number): number | undefined {
  if (at > body.length) return undefined;
  if (version === 4) return at;
  const size = variableInt(body, at);
  if (typeof size === "string") return undefined;
  const end = size.next + size.value;
  return end <= body.length ? end : undefined;
}

const limitNames: Readonly<Record<number, keyof MqttLimits>> = {
  19: "keepAliveS",
  33: "receiveMaximum",
  36: "maximumQos",
  37: "retainAvailable",
  39: "packetBytes",
};

/** How a property's value is laid out: so many bytes, or -1 a length of two bytes and so many, -2 a pair of such, -3 a variable
 *  integer. Table 2-4. */
const layouts: ReadonlyMap<number, number> = new Map([
  ...[1, 23, 25, 36, 37, 40, 41, 42].map((id) => [id, 1] as const),
  ...[19, 33, 34, 35].map((id) => [id, 2] as const),
  ...[2, 17, 24, 39].map((id) => [id, 4] as const),
  ...[3, 8, 9, 18, 21, 22, 26, 28, 31].map((id) => [id, -1] as const),
  [38, -2],
  [11, -3],
]);

function limitsIn(body: Uint8Array, start: number): MqttLimits | undefined {
  const end = afterProperties(5, body, start);
  const size = variableInt(body, start);
  if (end === undefined || typeof size === "string") return undefined;
  const limits: Partial<Record<keyof MqttLimits, number>> = {};
  let at = size.next;
  while (at < end) {
    const id = body[at] ?? 0;
    const after = afterValue(body, id, at + 1);
    if (after === undefined || after > end) return undefined;
    const name = limitNames[id];
    if (name !== undefined) limits[name] = body.subarray(at + 1, after).reduce((sum, byte) => sum * 256 + byte, 0);
    at = after;
  }
  return limits;
}

function afterValue(body: Uint8Array, id: number, at: number): number | undefined {
  const layout = layouts.get(id);
  if (layout === undefined) return undefined;
  if (layout > 0) return at + layout;
  if (layout === -1) return at + 2 + be16(body, at);
  if (layout === -2) {
    const second = at + 2 + be16(body, at);
    return second + 2 + be16(body, second);
  }
  const value = variableInt(body, at);
  return typeof value === "string" ? undefined : value.next;
}

/** Why a broker sent the client away. `kind`: whether another version might do, or another name and password. */
export interface MqttRefusal {
  readonly kind: "version" | "login" | "other";
  readonly reason: string;
}

/** The reason in a CONNACK; undefined: it let the client in. Both versions' codes: they don't overlap. Section 3.2.2.2. */
export function refusalOf(code: number): MqttRefusal | undefined {
  if (code === 0) return undefined;
  if (code === 1 || code === 0x84) return { kind: "version", reason: "the broker doesn't speak this version of MQTT" };
  if (code === 4 || code === 5 || code === 0x86 || code === 0x87)
    return { kind: "login", reason: "the broker doesn't let in this name and password" };
  return { kind: "other", reason: words[code] ?? `the broker refuses the connection (code ${code})` };
}

/** What the broker said of a publication or a subscription; undefined: it took it. Codes below 128 are shades of yes. */
export function troubleOf(code: number): string | undefined {
  if (code < 0x80) return undefined;
  return words[code] ?? `the broker refuses it (code ${code})`;
}

const words: Readonly<Record<number, string>> = {
  2: "the broker doesn't take this client's name",
  3: "the broker isn't ready",
  128: "the broker refuses it",
  133: "the broker doesn't take this client's name",
  135: "the broker doesn't allow it: its access list is about this name and topic",
  136: "the broker isn't ready",
  137: "the broker is busy",
  138: "the broker has banned this client",
  139: "the broker is shutting down",
  141: "the broker heard nothing for too long",
  142: "another client with the same name took its place",
  144: "the broker doesn't take this topic",
  149: "the broker doesn't take a packet of that size",
  151: "the broker's quota is used up",
  156: "the broker sends its clients to another server",
  157: "the broker sends its clients to another server",
  159: "the broker takes no more connections for now",
};

function packet(kind: number, flags: number, head: readonly number[], payload?: Uint8Array): Uint8Array {
  const size = head.length + (payload?.length ?? 0);
  const start = [(kind << 4) | flags, ...fromVariableInt(size)];
  const whole = new Uint8Array(start.length + size);
  whole.set(start);
  whole.set(head, start.length);
  if (payload !== undefined) whole.set(payload, start.length + head.length);
  return whole;
}

function noProperties(version: MqttVersion): readonly number[] {
  return version === 5 ? [0] : [];
}

function string(text: string): readonly number[] {
  const bytes = encoder.encode(text);
  return [...u16(bytes.length), ...bytes];
}

function u16(value: number): readonly number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

function fromVariableInt(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...fromVariableInt(Math.floor(value / 128))];
}

/** Seven bits a byte, the least first, four bytes at most. Section 1.5.5. */
function variableInt(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly next: number } | "more" | "malformed" {
  let value = 0;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return "more";
    value += (byte & 127) * 128 ** index;
    if (byte < 128) return { value, next: start + index + 1 };
  }
  return "malformed";
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
