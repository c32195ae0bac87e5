import { connect, type Socket } from "node:net";
import { failed, ok, type Result } from "../../model/result.ts";
import {
  byePacket,
  connectPacket,
  type MqttConnect,
  type MqttLimits,
  type MqttPacket,
  type MqttPublish,
  type MqttRefusal,
  pingPacket,
  pubackPacket,
  publishPacket,
  readMqttPacket,
  refusalOf,
  subscribePacket,
  troubleOf,
} from "../../wire/mqtt.ts";
import { turns } from "../telling/turns.ts";

/** Where a broker is, and how one is let in. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  /** Encrypted, and the certificate is checked: against these authorities (PEM), or the system's where none are named. Absent: in clear. */
  readonly tls?: { readonly ca?: string };
}

/** A connection that is open. */
export interface Connection {
  /** Resolves when the broker has taken it. The error is fit for a log. Ends the connection when no answer comes. */
  publish(topic: string, payload: string, keeping: "kept" | "passing"): Promise<Result<undefined, Unpublished>>;
  /** Resolves when the broker has agreed to all of them. `asPublished`: with whose messages it says whether they are to be kept, if it can. */
  subscribe(topics: readonly string[], asPublished: readonly string[]): Promise<Result<undefined, string>>;
  /** Asks for a sign of life, and ends the connection when none comes within so many ms. */
  check(withinMs: number): void;
  /** Says goodbye: the broker keeps the will to itself. */
  end(): Promise<void>;
  /** Why it ended; never rejects. */
  readonly ended: Promise<string>;
}

/** Why something was not taken. `tooLarge`: less of it might be. */
export interface Unpublished {
  readonly reason: string;
  readonly tooLarge?: boolean;
}

/** Why no connection came about. */
export type Unopened = Pick<MqttRefusal, "kind" | "reason">;

/** What has come by a topic. */
export type Incoming = Pick<MqttPublish, "topic" | "payload" | "retain">;

/** Longer than a handshake over LTE takes, shorter than anybody's patience. */
const OPEN_MS = 10_000;
/** The second family is tried this long after the first. */
const FAMILY_MS = 2_500;
/** A packet nobody answers for so long: the connection leads nowhere. */
const ANSWER_MS = 10_000;
/** No order is longer, and what is kept of ours is shorter. */
const MOST_BYTES = 256 * 1024;
/** On their way at a time; a broker that allows less says so. */
const MOST_UNDERWAY = 16;

/** The first byte of the first packet a broker sends. */
const CONNACK = 0x20;

/** Opens a connection. Every second half of the keep-alive time a sign of life goes out, so that a broker takes nobody for dead who
 *  isn't. */
export function openConnection(
  at: BrokerAddress,
  hello: MqttConnect,
  onMessage: (message: Incoming) => void,
  signal: AbortSignal,
): Promise<Result<Connection, Unopened>> {
  return new Promise((resolve) => {
    socketTo(at).then(
      (socket) => {
        const end = (): void => void socket.destroy(new Error("given up"));
        const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), OPEN_MS);
        signal.addEventListener("abort", end, { once: true });
        if (signal.aborted) end();
        const settle = (result: Result<Connection, Unopened>): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          if (!result.ok) socket.destroy();
          resolve(result);
        };
        converse(socket, hello, onMessage, settle);
      },
      (problem: unknown) => resolve(failed({ kind: "other", reason: reasonOf(problem) })),
    );
  });
}

/** Options that node:net and node:tls hand on; their types don't know them. */
interface Families {
  readonly autoSelectFamily: boolean;
  readonly autoSelectFamilyAttemptTimeout: number;
}

async function socketTo({ host, port, tls }: BrokerAddress): Promise<Socket> {
  const where = { host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: FAMILY_MS } satisfies Families & {
    readonly host: string;
    readonly port: number;
  };
  if (tls === undefined) return connect(where);
  // Loaded only here: it takes three megabytes.
  const secure = await import("node:tls");
  const isName = !/^[\d.]+$|:/.test(host);
  const checked = { ...(isName ? { servername: host } : {}), ...(tls.ca === undefined ? {} : { ca: tls.ca }) };
  return secure.connect({ ...where, ...checked });
}

interface Asked {
  readonly done: (codes: readonly number[]) => void;
  readonly lost: (reason: string) => void;
}

/** The talk on a socket, from its first packet. */
function converse(
  socket: Socket,
  hello: MqttConnect,
  onMessage: (message: Incoming) => void,
  settle: (result: Result<Connection, Unopened>) => void,
): void {
  const asked = new Map<number, Asked>();
  let ending = "";
  let tellEnd = (_reason: string): void => {};
  const ended = new Promise<string>((done) => {
    tellEnd = done;
  });
  const end = (reason: string): void => {
    ending ||= reason;
    socket.destroy();
  };
  const answer = (id: number, codes: readonly number[]): void => {
    asked.get(id)?.done(codes);
    asked.delete(id);
  };
  let heard = (): void => {};
  let isAnswered = false;
  const take = (packet: MqttPacket): void => {
    heard();
    if (packet.kind === "connack" && !isAnswered) {
      isAnswered = true;
      const refusal = refusalOf(packet.code);
      const opened = talk({ socket, hello, limits: packet.limits, asked, ended, end, ending: () => ending });
      heard = opened.heard;
      settle(refusal === undefined ? ok(opened.connection) : failed(refusal));
    } else if (packet.kind === "publish") {
      if (packet.qos === 1) socket.write(pubackPacket(packet.id));
      onMessage(packet);
    } else if (packet.kind === "puback") answer(packet.id, [packet.code]);
    else if (packet.kind === "suback") answer(packet.id, packet.codes);
    else if (packet.kind === "bye") end(troubleOf(packet.code) ?? "the broker ended the connection");
    else if (packet.kind === "other" || packet.kind === "connack") end("the broker says what no client asked for");
  };
  listen(socket, hello.version, take, end);
  socket.on("error", (problem) => {
    ending ||= reasonOf(problem);
  });
  socket.on("close", () => {
    const reason = ending || "the broker closed the connection";
    tellEnd(reason);
    settle(failed({ kind: "other", reason }));
    for (const { lost } of asked.values()) lost(reason);
    asked.clear();
  });
  socket.setNoDelay(true);
  socket.write(connectPacket(hello));
}

function listen(
  socket: Socket,
  version: MqttConnect["version"],
  take: (packet: MqttPacket) => void,
  end: (reason: string) => void,
): void {
  let bytes: Uint8Array = new Uint8Array(0);
  let isFirst = true;
  socket.on("data", (piece: Buffer) => {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece]);
    // A web server's answer would be taken for the beginning of something long.
    if (isFirst && bytes[0] !== CONNACK) return end("the other end doesn't speak MQTT");
    isFirst = false;
    for (;;) {
      if (bytes.length < 2) return;
      const read = readMqttPacket(version, bytes, MOST_BYTES);
      if (read === "more") return;
      if (read === "malformed") return end("the other end doesn't speak MQTT");
      bytes = bytes.subarray(read.length);
      take(read.packet);
    }
  });
}

interface Talk {
  readonly socket: Socket;
  readonly hello: MqttConnect;
  readonly limits: MqttLimits;
  readonly asked: Map<number, Asked>;
  readonly ended: Promise<string>;
  readonly end: (reason: string) => void;
  readonly ending: () => string;
}

/** What may be said once the broker has let the client in. */
function talk({ socket, hello, limits, asked, ended, end, ending }: Talk) {
  const { version } = hello;
  const signs = signsOfLife(socket, limits.keepAliveS ?? hello.keepAliveS, end);
  // None at a time is none of the numbers it may say: everything would wait for ever.
  const underway = turns(Math.max(1, Math.min(MOST_UNDERWAY, limits.receiveMaximum ?? MOST_UNDERWAY)));
  let lastId = 0;
  const freshId = (): number => {
    do lastId = (lastId % 65_535) + 1;
    while (asked.has(lastId));
    return lastId;
  };
  const ask = (id: number, packet: Uint8Array): Promise<Result<readonly number[], string>> =>
    new Promise((resolve) => {
      if (socket.destroyed) return resolve(failed(ending() || "the connection has ended"));
      const timer = setTimeout(() => end(`no answer for ${ANSWER_MS / 1_000} s`), ANSWER_MS);
      const over = (result: Result<readonly number[], string>): void => {
        clearTimeout(timer);
        resolve(result);
      };
      asked.set(id, { done: (codes) => over(ok(codes)), lost: (reason) => over(failed(reason)) });
      socket.write(packet);
    });
  const connection: Connection = {
    publish: (topic, text, keeping) =>
      underway(async () => {
        const qos = limits.maximumQos === 0 ? 0 : 1;
        const retain = keeping === "kept" && limits.retainAvailable !== 0;
        const id = freshId();
        const packet = publishPacket(version, { topic, payload: Buffer.from(text), qos, retain, id });
        if (packet.length > (limits.packetBytes ?? Number.POSITIVE_INFINITY))
          return failed({ reason: "the broker doesn't take a packet of that size", tooLarge: true });
        if (qos === 0) {
          socket.write(packet);
          return ok(undefined);
        }
        const answered = await ask(id, packet);
        const trouble = answered.ok ? troubleOf(answered.value[0] ?? 0) : answered.error;
        return trouble === undefined ? ok(undefined) : failed({ reason: trouble });
      }),
    async subscribe(topics, asPublished) {
      const id = freshId();
      const answered = await ask(id, subscribePacket(version, id, topics, asPublished));
      const trouble = answered.ok ? answered.value.map(troubleOf).find((one) => one !== undefined) : answered.error;
      return trouble === undefined ? ok(undefined) : failed(trouble);
    },
    check: signs.ask,
    async end() {
      if (!socket.destroyed) socket.end(byePacket());
      setTimeout(() => socket.destroy(), 1_000).unref();
      await ended;
    },
    ended,
  };
  return { connection, heard: signs.heard };
}

/** Pings in time, and ends a connection on which nothing comes back. */
function signsOfLife(socket: Socket, keepAliveS: number, end: (reason: string) => void) {
  let waiting: NodeJS.Timeout | undefined;
  let until = Number.POSITIVE_INFINITY;
  const ask = (withinMs: number): void => {
    socket.write(pingPacket());
    // The question that was to be answered first stays the one.
    if (performance.now() + withinMs >= until) return;
    until = performance.now() + withinMs;
    clearTimeout(waiting);
    waiting = setTimeout(() => end("no sign of life from the broker"), withinMs).unref();
  };
  const pace = keepAliveS === 0 ? undefined : setInterval(() => ask(ANSWER_MS), keepAliveS * 500).unref();
  socket.on("close", () => {
    clearInterval(pace);
    clearTimeout(waiting);
  });
  return {
    ask,
    heard: (): void => {
      clearTimeout(waiting);
      until = Number.POSITIVE_INFINITY;
    },
  };
}

/** What the world says, and nothing of an error's text but what we or OpenSSL put there. */
function reasonOf(problem: unknown): string {
  const { code, errors, message } = problem as { code?: unknown; errors?: unknown; message?: unknown };
  const first = Array.isArray(errors) && errors.length > 0 ? reasonOf(errors[0]) : undefined;
  if (first !== undefined) return first;
  if (typeof code === "string") return certificateWords[code] ?? code;
  return typeof message === "string" ? message.slice(0, 80) : "failed";
}

const certificateWords: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is of an authority nobody here knows: name it by ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is of an authority nobody here knows: name it by ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is of an authority nobody here knows: name it by ca",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself: name it by ca",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name than the url's",
  CERT_HAS_EXPIRED: "its certificate has expired",
};
