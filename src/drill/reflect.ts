import { createServer, type Socket } from "node:net";
import { monotonicMs } from "../host/linux/libc.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { decodeNumbered } from "../wire/reflected.ts";
import { parseLine } from "./line.ts";
import { duePacket, newSession, onPacket, type ReflectSession, reportOf, sessionMs } from "./reflect-session.ts";
import { openUdp, type StampedSocket } from "./sockets.ts";

/** The other end of drills: whoever calls by TCP gets a nonce, and packets that bear it are counted and answered in kind. Without a
 *  nonce nothing is ever sent, so nobody can be flooded through it by a forged sender. */
export interface Reflector {
  readonly port: number;
  close(): void;
}

export interface ReflectOptions {
  readonly port: number;
  /** Who may call; empty: everybody. */
  readonly allowed: readonly string[];
  readonly log: (line: string) => void;
}

const mostSessions = 4;
/** A caller says what he wants at once, ms; a line of his is short. */
const helloMs = 3_000;
const mostLine = 200;
const beatMs = 20;
const tickMs = 2;
/** With nobody calling. */
const idleMs = 200;
/** Beyond this many packets a second over all sessions, the rest is let lie. */
const mostPerSecond = 2_000;

interface Reflecting {
  readonly options: ReflectOptions;
  readonly sessions: Map<string, ReflectSession>;
  readonly udp: StampedSocket;
  taken: number;
  secondFromMs: number;
}

/** Begins to listen, TCP and UDP at one port. The error is an errno. */
export async function startReflector(options: ReflectOptions): Promise<Result<Reflector, string>> {
  // One socket of IPv6 hears IPv4 too; where there is no IPv6, one of IPv4 does.
  const six = openUdp(10, options.port);
  const opened = six.ok ? six : openUdp(2, options.port);
  if (!opened.ok) return opened;
  const udp = opened.value;
  const reflecting: Reflecting = { options, sessions: new Map(), udp, taken: 0, secondFromMs: 0 };
  const server = createServer((socket) => serve(reflecting, socket));
  server.maxConnections = 2 * mostSessions;
  const problem = await new Promise<string | undefined>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port: options.port, host: six.ok ? "::" : "0.0.0.0" }, () => resolve(undefined));
  });
  if (problem !== undefined) {
    udp.close();
    return failed(problem);
  }
  let timer: NodeJS.Timeout;
  const again = (): void => {
    turn(reflecting);
    timer = setTimeout(again, reflecting.sessions.size === 0 ? idleMs : tickMs);
  };
  timer = setTimeout(again, idleMs);
  return ok({
    port: options.port,
    close() {
      clearTimeout(timer);
      server.close();
      udp.close();
    },
  });
}

function turn(reflecting: Reflecting): void {
  const { sessions, udp } = reflecting;
  if (sessions.size === 0) {
    // Nobody is waited for, but what comes must not pile up.
    udp.drain(() => {});
    return;
  }
  const now = monotonicMs();
  if (now - reflecting.secondFromMs >= 1_000) {
    reflecting.secondFromMs = now;
    reflecting.taken = 0;
  }
  udp.drain((payload, atMs, from) => {
    reflecting.taken += 1;
    if (reflecting.taken > mostPerSecond) return;
    const nonce = decodeNumbered(payload)?.nonce;
    const session = nonce === undefined ? undefined : sessions.get(Buffer.from(nonce).toString("hex"));
    if (session === undefined) return;
    const back = onPacket(session, { payload, from, ip: ipOf(from), atMs });
    if (back !== undefined && session.target !== undefined) udp.send(back, session.target.address);
  });
  for (const session of sessions.values()) {
    const packet = duePacket(session, now);
    if (packet !== undefined && session.target !== undefined) udp.send(packet, session.target.address);
    if (now - session.beganMs > sessionMs) sessions.delete(session.nonce);
  }
}

function serve(reflecting: Reflecting, socket: Socket): void {
  const from = plainIp(socket.remoteAddress ?? "");
  const { allowed } = reflecting.options;
  socket.on("error", () => {});
  if (allowed.length > 0 && !allowed.includes(from)) {
    socket.destroy();
    return;
  }
  socket.setNoDelay(true);
  const hello = setTimeout(() => socket.destroy(), helloMs);
  let session: ReflectSession | undefined;
  let beats: NodeJS.Timeout | undefined;
  let rest = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > mostLine) socket.destroy();
    for (const line of lines) {
      if (line === ".") session?.beatsAtMs.push(monotonicMs());
      else if (session === undefined) {
        clearTimeout(hello);
        session = welcome(reflecting, line, from);
        if (session === undefined) socket.destroy();
        else {
          socket.write(`${JSON.stringify({ nonce: session.nonce })}\n`);
          beats = setInterval(() => socket.writableLength < 4096 && socket.write(".\n"), beatMs);
        }
      } else if (line === '{"report":true}') socket.write(`${JSON.stringify(reportOf(session))}\n`);
    }
  });
  socket.on("close", () => {
    clearTimeout(hello);
    clearInterval(beats);
  });
}

/** A new session, or the old one from another address; undefined: neither. */
function welcome({ sessions, options }: Reflecting, line: string, from: string): ReflectSession | undefined {
  const said = line.length > mostLine ? {} : parseLine(line);
  const old = typeof said["resume"] === "string" ? sessions.get(said["resume"]) : undefined;
  if (old !== undefined) {
    old.proven.add(from);
    return old;
  }
  if (said["holdfast"] !== "drill" || typeof said["paceMs"] !== "number") return undefined;
  const now = monotonicMs();
  for (const session of sessions.values()) {
    if (now - session.heardAtMs > 60_000) sessions.delete(session.nonce);
  }
  if (sessions.size >= mostSessions) {
    options.log(`${from} is turned away: ${mostSessions} drills are under way`);
    return undefined;
  }
  const session = newSession(said["paceMs"], from, now);
  sessions.set(session.nonce, session);
  options.log(`${from} drills`);
  return session;
}

/** The IP address in a socket address, as Node writes it for a TCP connection. */
function ipOf(address: Uint8Array): string {
  const family = (address[0] ?? 0) | ((address[1] ?? 0) << 8);
  if (family === 2) return address.slice(4, 8).join(".");
  const bytes = address.slice(8, 24);
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.slice(12).join(".");
  return plainIp(
    Buffer.from(bytes)
      .toString("hex")
      .replace(/(.{4})(?!$)/g, "$1:"),
  );
}

/** One spelling for each address. */
function plainIp(text: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  if (mapped?.[1] !== undefined) return mapped[1];
  const bare = text.split("%")[0] ?? text;
  return bare.includes(":") ? new URL(`http://[${bare}]/`).hostname.slice(1, -1) : bare;
}
