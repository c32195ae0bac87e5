import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type UpsClient, upsClient } from "./ask-ups.ts";

let server: Server | undefined;
let client: UpsClient | undefined;
const sockets: Socket[] = [];
afterEach(() => {
  client?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

/** A client of a server that answers as it is told, and how many connections that took. */
async function against(answer: (socket: Socket, question: string, count: number) => void) {
  let connections = 0;
  let questions = 0;
  const listening = createServer((socket) => {
    connections += 1;
    sockets.push(socket);
    socket.on("error", () => {}).on("data", (piece: Buffer) => answer(socket, piece.toString(), ++questions));
  });
  server = listening;
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  const address = listening.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  client = upsClient({ ups: "apc", host: "127.0.0.1", port }, 2_000);
  return { client, connections: () => connections };
}

const list = (status: string) => `BEGIN LIST VAR apc\nVAR apc ups.status "${status}"\nEND LIST VAR apc\n`;

describe("asking upsd", () => {
  it("takes one connection for many questions, and an answer in any pieces", async () => {
    const { client, connections } = await against((socket, question) => {
      expect(question).toBe("LIST VAR apc\n");
      const text = list("OB LB");
      socket.write(text.slice(0, 25));
      setImmediate(() => socket.write(text.slice(25)));
    });
    for (let count = 0; count < 5; count++) {
      expect(await client.ask()).toMatchObject({ ok: true, value: { source: "battery", isLow: true } });
    }
    expect(connections()).toBe(1);
  });

  it("answers who asks meanwhile with the same", async () => {
    let asked = 0;
    const { client } = await against((socket) => {
      asked += 1;
      socket.write(list("OL"));
    });
    const answers = await Promise.all([client.ask(), client.ask(), client.ask()]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(asked).toBe(1);
  });

  it("begins anew after a server that hung up, was silent, said too much, or had a word for what is wrong", async () => {
    const { client, connections } = await against((socket, _question, count) => {
      if (count === 1) socket.destroy();
      if (count === 2) socket.write("x".repeat(70_000));
      if (count === 3) socket.write('VAR apc a "b"\n'.repeat(6_000));
      if (count === 4) socket.write("ERR DATA-STALE\n");
      if (count > 5) socket.write(list("OL"));
    });
    for (const error of ["ECONNRESET", "EPROTO", "EPROTO", "DATA-STALE", "ETIMEDOUT"]) {
      expect(await client.ask()).toEqual({ ok: false, error });
    }
    expect(await client.ask()).toMatchObject({ ok: true, value: { source: "mains" } });
    expect(connections()).toBe(6);
  });

  it("says that nobody is there", async () => {
    const { client } = await against(() => {});
    server?.close();
    await new Promise((done) => server?.once("close", done));
    expect(await client.ask()).toEqual({ ok: false, error: "ECONNREFUSED" });
  });
});
