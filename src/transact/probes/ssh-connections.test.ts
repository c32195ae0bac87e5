import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { connectionsCut, counterIn, isGreeted, judgePeer, parseTcpTable } from "./ssh-connections.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 6901A8C0:0016 323371CB:9C9E 01 00000024:00000000 01:00000015 00000003     0        0 4712 4 0 20 4 30 10 -1
   2: 0000000000000000FFFF00006901A8C0:0016 0000000000000000FFFF0000323371CB:9C9F 01 00000000:00000000 00:00000000 00000000 0 0 4713 1
   3: nonsense
`;

test("the kernel's table of TCP sockets is read, with IPv4 in IPv6's clothes as IPv4", () => {
  const [listening, first, second, ...more] = parseTcpTable(table);
  expect(listening).toMatchObject({ state: "listening", localPort: 22, inode: "4711" });
  expect(first).toMatchObject({ local: "192.168.1.105", peer: "203.113.51.50", peerPort: 40094, state: "established" });
  expect(first?.retransmissions).toBe(3);
  expect(second).toMatchObject({ local: "192.168.1.105", peer: "203.113.51.50", peerPort: 40095, retransmissions: 0 });
  expect(more).toEqual([]);
});

test("whoever logs out while a change is made isn't lost, and whoever isn't heard any more is, sshd's giving up notwithstanding", () => {
  const peer = { localPort: 22, peer: "203.113.51.50", peerPort: 40_094 };
  const row = (state: string, retransmissions: string) =>
    `head\n 1: 6901A8C0:0016 323371CB:9C9E ${state} 00000024:00000000 01:00000015 ${retransmissions} 0 0 4712\n`;
  const judged = (state: string, retransmissions = "00000000") =>
    judgePeer(peer, parseTcpTable(row(state, retransmissions)));
  expect(judged("01")).toMatchObject({ is: "connected" });
  expect(judged("01", "00000003")).toMatchObject({ is: "lost", detail: expect.stringContaining("3 times") });
  // FIN_WAIT1 and LAST_ACK: closed on this side, or on both, and the other end doesn't acknowledge it.
  expect(judged("04", "00000005")).toMatchObject({ is: "lost" });
  expect(judged("09", "00000002")).toMatchObject({ is: "lost" });
  // TIME_WAIT, and no trace of it: a farewell went to and fro, or its other end's last word arrived.
  expect(judged("06")).toMatchObject({ is: "ended" });
  expect(judgePeer(peer, [])).toMatchObject({ is: "ended" });
});

test("whoever's connection is gone after some were cut off may have been cut off, too, unless he is back already", () => {
  const peer = { localPort: 22, peer: "203.113.51.50", peerPort: 40_094 };
  const other = (retransmissions: string) =>
    parseTcpTable(
      `head\n 1: 6901A8C0:0016 323371CB:9C9F 01 00000000:00000000 00:00000000 ${retransmissions} 0 0 4713\n`,
    );
  expect(judgePeer(peer, [], true)).toMatchObject({ is: "cut", detail: expect.stringContaining("cut off") });
  expect(judgePeer(peer, other("00000001"), true)).toMatchObject({ is: "cut" });
  expect(judgePeer(peer, other("00000000"), true)).toMatchObject({ is: "ended" });
  expect(judgePeer(peer, [], false)).toMatchObject({ is: "ended" });
});

test("a connection that its other end resets counts as cut off", async () => {
  const server = createServer((socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const before = connectionsCut();
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  socket.on("error", () => {}).resume();
  socket.write("hello");
  await new Promise((resolve) => socket.once("close", resolve));
  server.close();
  expect(connectionsCut() - before).toBeGreaterThan(0);
});

test("the kernel's counters are read by their names, and one that it doesn't have is 0", () => {
  const text = "Ip: A B\nIp: 7 8\nTcp: ActiveOpens EstabResets MaxConn\nTcp: 5 3 -1\n";
  expect(counterIn(text, "Tcp", "EstabResets")).toBe(3);
  expect(counterIn(text, "Tcp", "Other")).toBe(0);
  expect(counterIn("", "Tcp", "EstabResets")).toBe(0);
});

test("only what greets as sshd does counts as one", async () => {
  const greets = async (words: string): Promise<boolean> => {
    const server = createServer((socket) => socket.end(words));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const greeted = await isGreeted("127.0.0.1", port);
    server.close();
    return greeted;
  };
  expect(await greets("SSH-2.0-OpenSSH_9.2p1\r\n")).toBe(true);
  expect(await greets("HTTP/1.1 400 Bad Request\r\n")).toBe(false);
  expect(await greets("")).toBe(false);
  expect(await isGreeted("127.0.0.1", 1)).toBe(false);
});
