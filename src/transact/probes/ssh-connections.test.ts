import { createServer } from "node:net";
import { expect, test } from "vitest";
import { isGreeted, parseTcpTable } from "./ssh-connections.ts";

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
