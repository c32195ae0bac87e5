import { connect, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type Carrier, carrierOn } from "./line.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  return typeof at === "object" && at !== null ? at.port : 0;
}

test("several connections at once come through whole, both ways, in pieces of any size", async () => {
  const port = await portOf(createServer((socket) => socket.pipe(socket)));
  const ends: { near?: Carrier; far?: Carrier } = {};
  const inPieces = (take: (bytes: Buffer) => void) => (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += 999) take(Buffer.from(bytes.subarray(at, at + 999)));
  };
  ends.near = carrierOn({ write: inPieces((bytes) => ends.far?.take(bytes)) }, () => connect(port));
  ends.far = carrierOn({ write: inPieces((bytes) => ends.near?.take(bytes)) }, (wanted) => connect(wanted));
  const entrance = await portOf(createServer((socket) => ends.near?.carry(socket, port)));
  const said = [1, 2, 3].map((letter) => Buffer.alloc(100_000, letter));
  const heard = await Promise.all(
    said.map(
      (bytes) =>
        new Promise<Buffer>((resolve) => {
          const pieces: Buffer[] = [];
          const socket = connect(entrance).on("data", (piece: Buffer) => {
            pieces.push(piece);
            if (pieces.reduce((sum, one) => sum + one.length, 0) === bytes.length) socket.end();
          });
          socket.on("close", () => resolve(Buffer.concat(pieces))).write(bytes);
        }),
    ),
  );
  expect(heard.map((bytes, index) => bytes.equals(said[index] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
});

test("no more is under way than the other end has room for", async () => {
  let sent = 0;
  const count = (bytes: Uint8Array): void => {
    sent += bytes.length;
  };
  const near = carrierOn({ write: count }, () => connect(1));
  const entrance = await portOf(createServer((socket) => near.carry(socket, 80)));
  await new Promise<void>((resolve) => {
    const socket = connect(entrance).on("connect", () => socket.end(Buffer.alloc(100_000), resolve));
  });
  await expect.poll(() => sent).toBeGreaterThan(1_500);
  expect(sent).toBeLessThanOrEqual(3_000);
});
