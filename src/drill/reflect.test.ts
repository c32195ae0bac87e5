import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeNumbered } from "../wire/reflected.ts";
import { type Reflector, startReflector } from "./reflect.ts";
import { duePacket, newSession, onPacket } from "./reflect-session.ts";

const nonceOf = (session: { readonly nonce: string }) => Buffer.from(session.nonce, "hex");

test("an address that only claims to belong to a drill gets one packet for each of its own, and no longer ones", () => {
  const session = newSession(5, "192.0.2.1", 0);
  const packet = (sequence: number) => encodeNumbered({ nonce: nonceOf(session), sequence, sentAtMs: 0 });
  const from = Uint8Array.of(2, 0, 0, 9, 198, 51, 100, 7);
  const asked = Array.from({ length: 50 }, (_, sequence) => packet(sequence));
  const answers = asked.map((payload) => onPacket(session, { payload, from, ip: "198.51.100.7", atMs: 1 }));
  expect(answers.map((answer) => answer?.length)).toEqual(asked.map((payload) => payload.length));
  // The same once more is a copy, and asks for nothing.
  expect(onPacket(session, { payload: packet(3), from, ip: "198.51.100.7", atMs: 2 })).toBeUndefined();
  for (let now = 0; now < 1_000; now += 5) expect(duePacket(session, now)).toBeUndefined();
});

test("whoever has called from an address gets a stream there, at its pace and only while it is heard of", () => {
  const session = newSession(1, "192.0.2.1", 0);
  const payload = encodeNumbered({ nonce: nonceOf(session), sequence: 0, sentAtMs: 0 });
  onPacket(session, { payload, from: Uint8Array.of(2, 0, 0, 9, 192, 0, 2, 1), ip: "192.0.2.1", atMs: 0 });
  let sent = 0;
  for (let now = 0; now < 60_000; now += 1) if (duePacket(session, now) !== undefined) sent += 1;
  // No more often than every 5 ms, whatever was asked for, and for 30 s after the last sign of life.
  expect(sent).toBeLessThanOrEqual(6_001);
  expect(sent).toBeGreaterThan(5_900);
});

let reflector: Reflector | undefined;
const log: string[] = [];
const port = 20_000 + (process.pid % 20_000);
beforeEach(async () => {
  const started = await startReflector({ port, allowed: [], log: (line) => void log.push(line) });
  if (!started.ok) throw new Error(started.error);
  reflector = started.value;
});
afterEach(() => reflector?.close());

test("without a nonce of its own nothing comes back, however the packet looks", async () => {
  const socket = createSocket("udp4");
  const heard: Buffer[] = [];
  socket.on("message", (message) => void heard.push(message));
  const forged = encodeNumbered({ nonce: new Uint8Array(16), sequence: 1, sentAtMs: 0 });
  for (const packet of [forged, Buffer.from("hello"), Buffer.alloc(0)]) socket.send(packet, port, "127.0.0.1");
  const nonsense = connect(port, "127.0.0.1");
  nonsense.write("GET / HTTP/1.1\r\n\r\n");
  await new Promise((resolve) => nonsense.once("close", resolve));
  expect(heard).toEqual([]);
  socket.close();
});

test("who says that he drills gets a nonce, and then what he sends is answered and reported", async () => {
  const call = connect(port, "127.0.0.1");
  let said = "";
  call.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => call.once("data", resolve));
  };
  call.write('{"holdfast":"drill","paceMs":5}\n');
  await until(() => said.includes("nonce"));
  const nonce = Buffer.from(/"nonce":"([0-9a-f]{32})"/.exec(said)?.[1] ?? "", "hex");
  const socket = createSocket("udp4");
  const answered = new Promise<Buffer>((resolve) => socket.once("message", resolve));
  socket.send(encodeNumbered({ nonce, sequence: 7, sentAtMs: 1 }), port, "127.0.0.1");
  expect(await answered).toHaveLength(48);
  call.write('{"report":true}\n');
  await until(() => /"arrived":\[7,[\d.]+\]/.test(said));
  socket.close();
  call.destroy();
});
