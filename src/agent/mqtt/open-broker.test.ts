import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { opener } from "./open-broker.ts";
import { topicsOf } from "./topics.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** A broker that answers the first packet of every connection so; what it was asked for, by version. */
async function answering(answer: (version: number) => string) {
  const versions: number[] = [];
  const listening = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (piece: Buffer) => {
      const version = piece[8] ?? 0;
      versions.push(version);
      socket.write(Buffer.from(answer(version), "hex"));
    });
  });
  server = listening;
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  const address = listening.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const settings = { url: `mqtt://127.0.0.1:${port}` };
  const open = opener({
    settings,
    topics: topicsOf(settings, "nas"),
    configDirectory: "/nowhere",
    onMessage: () => {},
  });
  return { open, versions, port };
}

const never = new AbortController().signal;

describe("a broker that doesn't behave", () => {
  const opened = async (answer: string) => {
    const { open } = await answering(() => answer);
    const done = await open(never);
    if (!done.ok) throw new Error(done.error.reason);
    return done.value;
  };

  it("and takes nothing at a time holds nobody up for ever", async () => {
    const connection = await opened("2006000003210000");
    const told = connection.publish("a", "b", "passing");
    await connection.end();
    expect(await told).toMatchObject({ ok: false });
  });

  it("and lets one in again and again is left", async () => {
    expect(await (await opened("2003000000".repeat(2))).ended).toBe("the broker says what no client asked for");
  });

  it("and falls silent is left as soon as any question of life has waited its time", async () => {
    const connection = await opened("2003000000");
    connection.check(10_000);
    connection.check(50);
    const asked = performance.now();
    expect(await connection.ended).toBe("no sign of life from the broker");
    expect(performance.now() - asked).toBeLessThan(9_000);
  });
});

describe("a broker that isn't the newest", () => {
  it("is spoken to as it can, from the first connection on", async () => {
    const { open, versions } = await answering((version) => (version === 5 ? "20020001" : "20020000"));
    for (const expected of [
      [5, 4],
      [5, 4, 4],
    ]) {
      const opened = await open(never);
      expect(opened.ok).toBe(true);
      expect(versions).toEqual(expected);
      if (opened.ok) await opened.value.end();
    }
  });

  it("is told apart from what is no broker", async () => {
    const { open, port } = await answering(() => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n").toString("hex"));
    const opened = await open(never);
    expect(opened).toMatchObject({
      ok: false,
      error: { reason: `127.0.0.1:${port}: the other end doesn't speak MQTT` },
    });
  });

  it("that isn't there is a reason, and waiting for it can be given up", async () => {
    const { open } = await answering(() => "");
    const patience = new AbortController();
    const opening = open(patience.signal);
    patience.abort();
    expect(await opening).toMatchObject({ ok: false, error: { reason: expect.stringContaining("given up") } });
    server?.close();
    const settings = { url: "mqtt://127.0.0.1:1" };
    const nowhere = opener({ settings, topics: topicsOf(settings, "nas"), configDirectory: "/", onMessage: () => {} });
    expect(await nowhere(never)).toMatchObject({ ok: false, error: { reason: "127.0.0.1:1: ECONNREFUSED" } });
  });
});
