import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import { monotonicMs } from "../host/linux/libc.ts";
import { parseAddress, socketAddress } from "../lab/guest/ip-bytes.ts";
import type { FlowTrace, TcpTrace } from "../measure/trace.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { decodeNumbered, encodeNumbered } from "../wire/reflected.ts";
import { parseLine } from "./line.ts";
import type { ReflectReport } from "./reflect-session.ts";
import { openUdp, type StampedSocket } from "./sockets.ts";
import { cutOut, type Flow, newStream, type Stream } from "./stream.ts";

/** A machine that runs `holdfast reflect`, while a drill talks to it. */
export interface Peer {
  /** From the host; when its packets arrived is known only once fetched. */
  readonly fromHost: Flow;
  /** To the host, as they arrive. */
  readonly toHost: Stream;
  /** Has the session said something lately, or broken for good? */
  isTalking(nowMs: number): boolean;
  /** Calls again where the session has broken. */
  beforeCut(): Promise<void>;
  /** Asks what the peer has seen. The error: it can't be asked any more. */
  fetch(): Promise<Result<void, string>>;
  /** What both ends have seen in a window; once fetched. */
  flows(window: Window): readonly FlowTrace[];
  session(window: Window): TcpTrace;
  close(): void;
}

interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** "peer": both in the report and in the captures' filter. */
export const peerFlow = "peer";
const paceMs = 5;
const beatMs = 20;
const callMs = 3_000;
const fetchMs = 10_000;

/** A call and what came of it. Times are ms of this machine's clock. */
interface Call {
  readonly socket: Socket;
  readonly beatsAtMs: number[];
  readonly onLine: Set<(line: string) => void>;
  brokeAtMs: number | undefined;
  error: string | undefined;
  readonly timer: NodeJS.Timeout;
}

interface Talking {
  readonly address: string;
  readonly port: number;
  readonly nonce: string;
  readonly udp: StampedSocket;
  readonly calls: Call[];
  readonly fromHost: Stream;
  readonly toHost: Stream;
  report: ReflectReport | undefined;
}

/** Calls the peer and gets a nonce from it. The error says what it said. */
export async function openPeer(host: string, port: number): Promise<Result<Peer, string>> {
  const found = await lookup(host).catch((problem: NodeJS.ErrnoException) => problem.code ?? "not found");
  if (typeof found === "string") return failed(`${host} has no address: ${found}`);
  const called = await call(found.address, port, JSON.stringify({ holdfast: "drill", paceMs }));
  if (!called.ok) return called;
  const udp = openUdp(found.family === 6 ? 10 : 2, 0);
  if (!udp.ok) {
    hangUp(called.value.call);
    return failed(udp.error);
  }
  const now = monotonicMs();
  const talking: Talking = {
    address: found.address,
    port,
    nonce: called.value.nonce,
    udp: udp.value,
    calls: [called.value.call],
    fromHost: newStream(peerFlow, paceMs, now),
    toHost: newStream(peerFlow, paceMs, now),
    report: undefined,
  };
  return ok(peerOf(talking));
}

function peerOf(talking: Talking): Peer {
  const { fromHost, toHost, udp, calls } = talking;
  const to = socketAddress(parseAddress(talking.address), talking.port);
  const nonce = Buffer.from(talking.nonce, "hex");
  return {
    toHost,
    fromHost: {
      stream: fromHost,
      send(sequence) {
        const sentAtMs = monotonicMs();
        fromHost.sentAtMs.push(sentAtMs);
        fromHost.receivedAtMs.push(null);
        udp.send(encodeNumbered({ nonce, sequence, sentAtMs }), to);
      },
      drain: () => udp.drain((payload, atMs) => hear(toHost, nonce, payload, atMs)),
      close: udp.close,
    },
    isTalking(nowMs) {
      const last = calls.at(-1);
      return last?.brokeAtMs !== undefined || nowMs - (last?.beatsAtMs.at(-1) ?? 0) < 10 * beatMs;
    },
    async beforeCut() {
      if (calls.at(-1)?.brokeAtMs !== undefined) await callAgain(talking);
    },
    fetch: () => fetchReport(talking),
    flows: (window) => flowsOf(talking, window),
    session: (window) => sessionOf(talking, window),
    close() {
      for (const each of calls) hangUp(each);
      udp.close();
    },
  };
}

/** A number that was left out is a packet lost. When that was sent is told by the peer later; until then as if it had come now. */
function hear(stream: Stream, nonce: Buffer, payload: Uint8Array, atMs: number): void {
  const numbered = decodeNumbered(payload);
  if (numbered === undefined || !nonce.equals(numbered.nonce) || numbered.sequence > 1_000_000) return;
  for (let missing = stream.sentAtMs.length; missing <= numbered.sequence; missing++) {
    stream.sentAtMs.push(atMs);
    stream.receivedAtMs.push(null);
  }
  stream.receivedAtMs[numbered.sequence] ??= atMs;
}

function call(
  address: string,
  port: number,
  hello: string,
): Promise<Result<{ readonly call: Call; readonly nonce: string }, string>> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const made: Call = {
      socket,
      beatsAtMs: [],
      onLine: new Set(),
      brokeAtMs: undefined,
      error: undefined,
      timer: setInterval(() => socket.readyState === "open" && socket.write(".\n"), beatMs),
    };
    const tooLate = setTimeout(() => {
      hangUp(made);
      resolve(failed(`nobody answers at ${address}, TCP port ${port}`));
    }, callMs);
    const done = (result: Result<{ readonly call: Call; readonly nonce: string }, string>): void => {
      clearTimeout(tooLate);
      resolve(result);
    };
    const broke = (error: string): void => {
      made.brokeAtMs ??= monotonicMs();
      made.error ??= error;
      clearInterval(made.timer);
      done(failed(`${address}, TCP port ${port}: ${error}`));
    };
    socket.setNoDelay(true);
    socket.on("connect", () => socket.write(`${hello}\n`));
    socket.on("error", (problem: NodeJS.ErrnoException) => broke(problem.code ?? problem.message));
    socket.on("close", () => broke("closed"));
    listen(made);
    made.onLine.add((line) => {
      const nonce = parseLine(line)["nonce"];
      if (typeof nonce === "string" && /^[0-9a-f]{32}$/.test(nonce)) done(ok({ call: made, nonce }));
    });
  });
}

function listen(made: Call): void {
  let rest: string[] = [];
  made.socket.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n");
    const last = lines.pop() ?? "";
    for (const [index, line] of lines.entries()) {
      const whole = index === 0 ? [...rest, line].join("") : line;
      if (whole === ".") made.beatsAtMs.push(monotonicMs());
      else for (const told of made.onLine) told(whole);
    }
    rest = lines.length > 0 ? [last] : [...rest, last];
  });
}

async function callAgain(talking: Talking): Promise<Call | undefined> {
  const again = await call(talking.address, talking.port, JSON.stringify({ resume: talking.nonce }));
  if (!again.ok) return undefined;
  talking.calls.push(again.value.call);
  return again.value.call;
}

async function fetchReport(talking: Talking): Promise<Result<void, string>> {
  const last = talking.calls.at(-1);
  const live = last?.brokeAtMs === undefined ? last : await callAgain(talking);
  if (live === undefined) return failed("it can't be called any more");
  const line = await new Promise<string>((resolve) => {
    const tooLate = setTimeout(() => resolve(""), fetchMs);
    live.onLine.add((text) => {
      clearTimeout(tooLate);
      resolve(text);
    });
    live.socket.write('{"report":true}\n');
  });
  const report = parseLine(line) as Partial<ReflectReport>;
  if (!Array.isArray(report.sent) || !Array.isArray(report.arrived) || !Array.isArray(report.beats)) {
    return failed("it doesn't tell what it has seen");
  }
  talking.report = report as ReflectReport;
  return ok(undefined);
}

/** What to subtract from the peer's clock for ours, ms: from the quickest packet each way, as if they took equally long. */
export function clockOffset(
  fromHost: readonly (readonly [sent: number, arrived: number])[],
  toHost: readonly (readonly [sent: number, arrived: number])[],
): number {
  const least = (pairs: readonly (readonly [number, number])[]): number =>
    pairs.reduce((most, [sent, arrived]) => Math.min(most, arrived - sent), Number.POSITIVE_INFINITY);
  const [there, back] = [least(fromHost), least(toHost)];
  if (!Number.isFinite(there) || !Number.isFinite(back)) return 0;
  return (there - back) / 2;
}

function flowsOf({ report, fromHost, toHost }: Talking, window: Window): readonly FlowTrace[] {
  if (report === undefined) return [cutOut(toHost, "toHost", window)];
  const arrived = arrivals(report);
  const offset = offsetOf(report, fromHost, toHost);
  const out = {
    ...fromHost,
    receivedAtMs: fromHost.sentAtMs.map((_, sequence) => {
      const at = arrived.get(sequence);
      return at === undefined ? null : at - offset;
    }),
  };
  const back = {
    flow: peerFlow,
    sentAtMs: report.sent.map((at) => at - offset),
    receivedAtMs: report.sent.map((_, sequence) => toHost.receivedAtMs[sequence] ?? null),
  };
  return [cutOut(out, "fromHost", window), cutOut(back, "toHost", window)];
}

function arrivals({ arrived }: ReflectReport): ReadonlyMap<number, number> {
  const map = new Map<number, number>();
  for (let index = 0; index + 1 < arrived.length; index += 2) map.set(arrived[index] ?? -1, arrived[index + 1] ?? 0);
  return map;
}

function offsetOf(report: ReflectReport, fromHost: Stream, toHost: Stream): number {
  const there = [...arrivals(report)].map(([sequence, at]) => [fromHost.sentAtMs[sequence] ?? at, at] as const);
  const back = toHost.receivedAtMs.flatMap((at, sequence) => {
    const sent = report.sent[sequence];
    return at === null || sent === undefined ? [] : [[sent, at] as const];
  });
  return clockOffset(there, back);
}

function sessionOf({ calls, report, fromHost, toHost }: Talking, { fromMs, untilMs }: Window): TcpTrace {
  const offset = report === undefined ? 0 : offsetOf(report, fromHost, toHost);
  const within = (times: readonly number[]): readonly number[] =>
    times.filter((at) => at >= fromMs && at <= untilMs).map((at) => at - fromMs);
  const broken = calls.find(({ brokeAtMs }) => brokeAtMs !== undefined && brokeAtMs >= fromMs && brokeAtMs <= untilMs);
  const toHostAtMs = within(calls.flatMap(({ beatsAtMs }) => beatsAtMs));
  return {
    flow: peerFlow,
    toHostAtMs,
    // Without the peer's word the other direction is taken to have been as this one.
    fromHostAtMs: report === undefined ? toHostAtMs : within(report.beats.map((at) => at - offset)),
    ...(broken?.brokeAtMs === undefined ? {} : { brokeAtMs: broken.brokeAtMs - fromMs }),
    ...(broken?.error === undefined ? {} : { error: broken.error }),
  };
}

function hangUp({ socket, timer }: Call): void {
  clearInterval(timer);
  socket.removeAllListeners("close");
  socket.destroy();
}
